"""Web vitals: the 75th percentile by page and device, rated by the published limits."""

from typing import Any

import pytest

from reports import vitals as report_on
from tests.kit.store import PHONE, Visiting, vitals
from tests.reports.conftest import Asking


def load(visit: Visiting, values: list[dict[str, Any]], path: str = "/", **shared: Any) -> None:
    with visit.at_once():
        for number, measured in enumerate(values):
            visit(f"2026-03-09 10:{number:02}", [path], also=[vitals(**measured)], **shared)


def test_the_75th_percentile_lies_between_two_views(ask: Asking, visit: Visiting) -> None:
    load(visit, [{"lcp_ms": 1000 * n, "cls_permille": 10 * n} for n in (1, 4, 2, 3)])
    [row] = ask(report_on.report).rows
    assert (row["lcp_ms"], row["cls"], row["lcp_views"]) == (3250, 0.0325, 4)  # three quarters of the way to the last


def test_one_page_by_hand(ask: Asking, visit: Visiting) -> None:
    fast, slow = {"lcp_ms": 2000, "inp_ms": None}, {"lcp_ms": 5000, "inp_ms": 600, "cls_permille": 240}
    load(visit, [fast] * 10 + [slow] * 10, user_agent=PHONE)
    answer = ask(report_on.report)
    expected = {
        "rating": "poor",
        "views": 20,
        "lcp_ms": 5000,
        "lcp_rating": "poor",
        "lcp_views": 20,
        "inp_ms": 600,
        "inp_rating": "few views",
        "inp_views": 10,
        "cls": 0.24,
        "cls_rating": "needs improvement",
        "cls_views": 20,
        "fcp_ms": 900,
        "fcp_rating": "good",
        "fcp_views": 20,
        "ttfb_ms": 300,
        "ttfb_rating": "good",
        "ttfb_views": 20,
    }
    assert answer.rows == [{"path": "/", "device": "mobile", **expected}]
    assert answer.totals == expected


@pytest.mark.parametrize(
    ("measured", "rating"),
    [
        ({"lcp_ms": 2500, "inp_ms": 200, "cls_permille": 100}, "good"),
        ({"lcp_ms": 2501}, "needs improvement"),
        ({"lcp_ms": 4000}, "needs improvement"),
        ({"lcp_ms": 4001}, "poor"),
        ({"inp_ms": 201}, "needs improvement"),
        ({"inp_ms": 501}, "poor"),
        ({"cls_permille": 101}, "needs improvement"),
        ({"cls_permille": 251}, "poor"),
        ({"fcp_ms": 9000, "ttfb_ms": 9000}, "good"),
    ],
)
def test_the_limits_belong_to_the_better_rating(
    ask: Asking, visit: Visiting, measured: dict[str, int], rating: str
) -> None:
    load(visit, [measured] * 20)
    assert ask(report_on.report).rows[0]["rating"] == rating


def test_the_worst_come_first_and_few_views_last(ask: Asking, visit: Visiting) -> None:
    load(visit, [{"lcp_ms": 9000}] * 19, "/few")
    load(visit, [{}] * 21, "/good")
    load(visit, [{"lcp_ms": 9000}] * 20, "/poor")
    load(visit, [{"lcp_ms": 9000}] * 21, "/poor-and-seen")
    rows = ask(report_on.report).rows
    assert [(row["path"], row["rating"]) for row in rows] == [
        ("/poor-and-seen", "poor"),
        ("/poor", "poor"),
        ("/good", "good"),
        ("/few", "few views"),
    ]


def test_what_is_told_of_as_the_visitor_leaves_belongs_to_the_visit(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", also=[vitals(after_s=50)], referrer="www.google.com/")
    [row] = ask(report_on.report, filter=["source:is:Google"]).rows
    assert row["views"] == 1
    assert ask(report_on.report, filter=["source:is:Bing"]).rows == []


def test_without_a_measurement_nothing_is_known(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", also=[vitals(lcp_ms=None, inp_ms=None, cls_permille=None, fcp_ms=None, ttfb_ms=None)])
    [row] = ask(report_on.report).rows
    assert (row["views"], row["lcp_ms"], row["cls"], row["rating"]) == (1, None, None, "few views")
    answer = ask(report_on.report, range="2026-03-01..2026-03-02")
    assert (answer.rows, answer.totals and answer.totals["lcp_ms"]) == ([], None)
