"""Scroll depth: quartiles and shares by page, of each view its deepest; and where attention ends."""

import pytest

from reports import scroll_depth
from reports.scroll_depth import attention_end
from tests.kit.store import Visiting, stay
from tests.reports.conftest import Asking


def test_one_page_by_hand(ask: Asking, visit: Visiting) -> None:
    spent = [4000, 4000, 2000, 1000, 500]  # of a page whose lower three quarters nobody looks at
    visit("2026-03-08 10:00", also=[stay(5, spent, scroll_permille=300), stay(9, spent, scroll_permille=200)])
    visit("2026-03-08 11:00", also=[stay(5, spent, scroll_permille=500)])
    visit("2026-03-08 12:00", also=[stay(5, [], scroll_permille=999)])
    visit("2026-03-08 13:00", ["/", "/b"])
    answer = ask(scroll_depth.report)
    expected = {
        "views": 3,
        "depth_first_quartile": 0.4,
        "depth_median": 0.5,
        "depth_third_quartile": 0.7495,
        "reached_25": 1.0,
        "reached_50": pytest.approx(2 / 3),
        "reached_75": pytest.approx(1 / 3),
        "reached_100": pytest.approx(1 / 3),
    }
    assert answer.rows == [{"path": "/", **expected, "attention_end": 0.15}]
    assert answer.totals == expected


def test_the_most_seen_page_comes_first(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/a", "/b"], also=[stay(5, []), stay(5, [], view=1)])
    visit("2026-03-08 11:00", ["/b"], also=[stay(5, [])])
    rows = ask(scroll_depth.report).rows
    assert [(row["path"], row["views"], row["attention_end"]) for row in rows] == [("/b", 2, None), ("/a", 1, None)]


@pytest.mark.parametrize(
    ("spent", "end"),
    [
        ([0] * 20, None),
        ([100] * 20, 1.0),
        ([100] + [0] * 19, 0.05),
        ([100, 49, 50, 10] + [0] * 16, 0.15),
        ([10, 10, 100, 30] + [0] * 16, 0.15),
    ],
)
def test_attention_ends_below_the_last_band_with_half_the_longest_time(spent: list[int], end: float | None) -> None:
    assert attention_end(spent) == end
