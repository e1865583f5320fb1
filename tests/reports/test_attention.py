"""Attention: time and views a twentieth of a page's height."""

import pytest

from reports import attention
from tests.kit.store import Visiting, stay
from tests.reports.conftest import Asking


def test_bands_by_hand(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", also=[stay(5, [5000, 1000, 0]), stay(9, [1000])])
    visit("2026-03-08 11:00", also=[stay(5, [3000] + [0] * 18 + [500])])
    visit("2026-03-08 12:00", also=[stay(5, [])])
    rows = ask(attention.report).rows
    assert [(row["from_depth"], row["to_depth"]) for row in rows[:2]] == [(0, 0.05), (0.05, 0.1)]
    assert [row["attention_ms"] for row in rows] == [4500, 500] + [0] * 17 + [250]
    assert [row["share_seen"] for row in rows] == [1, 0.5] + [0] * 17 + [0.5]
    assert (rows[1]["share_seen_low"], rows[1]["share_seen_high"]) == (
        pytest.approx(0.0945, abs=1e-4),
        pytest.approx(0.9055, abs=1e-4),
    )
    assert {row["views"] for row in rows} == {2}


def test_the_most_seen_pages_come_first_as_far_as_there_is_room(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/a", "/b", "/b"], also=[stay(5, [10], view=view) for view in range(3)])
    assert [row["path"] for row in ask(attention.report).rows] == ["/b"] * 20 + ["/a"] * 20
    cut = ask(attention.report, limit="25")
    assert [row["path"] for row in cut.rows] == ["/b"] * 20 + ["/a"] * 5
    assert cut.notes == ["There are more than these 25 rows."]
    [*rows] = ask(attention.report, filter=["path:is:/a"]).rows
    assert len(rows) == 20
