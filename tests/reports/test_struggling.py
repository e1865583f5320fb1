"""The reports on single kinds of struggle: a row a place, its numbers worked out by hand."""

import pytest

from reports import (
    dead_swipes,
    disabled_clicks,
    error_clicks,
    false_affordances,
    quick_backs,
    rage_clicks,
    scroll_hunts,
    slow_clicks,
)
from reports.report import Report
from tests.kit.store import PHONE, Visiting, click, dead, failed, hunt, slow, swipe, worked
from tests.reports.conftest import Asking


def test_one_element_by_hand(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/shop"], [slow("#buy"), slow("#buy", after_s=15), worked("#buy", after_s=25)])
    visit("2026-03-09 10:00", ["/shop", "/shop"], [slow("#buy", 1, element_text="Buy"), worked("#other", after_s=9)])
    visit("2026-03-09 11:00", ["/shop"])
    answer = ask(slow_clicks.report)
    [row] = answer.rows
    low, high = row.pop("struck_view_rate_low"), row.pop("struck_view_rate_high")
    assert row == {
        "path": "/shop",
        "element": "#buy",
        "element_text": "Buy",
        "incidents": 3,
        "visitors": 2,
        "visits": 2,
        "views": 4,
        "struck_view_rate": 0.5,
        "first_seen": "2026-03-08T11:00:05.000+01:00",
        "last_seen": "2026-03-09T11:01:05.000+01:00",
    }
    assert (low, high) == (pytest.approx(0.15, abs=1e-3), pytest.approx(0.85, abs=1e-3))
    assert answer.totals == {"incidents": 3}


@pytest.mark.parametrize(
    ("report", "element"),
    [
        (slow_clicks.report, "#slow"),
        (disabled_clicks.report, "#disabled"),
        (false_affordances.report, "#false"),
        (error_clicks.report, "#failed"),
        (dead_swipes.report, "#swiped"),
    ],
)
def test_each_tells_its_own_signal_alone(report: Report, element: str, ask: Asking, visit: Visiting) -> None:
    clicks = [
        slow("#slow"),
        dead("#disabled", after_s=15, disabled=True),
        dead("#false", after_s=25, affordance="pointer"),
        failed("#failed", after_s=35),
        dead("#dead", after_s=45),
    ]
    visit("2026-03-09 10:00", ["/shop"], clicks, [swipe("#swiped", after_s=55)], user_agent=PHONE)
    assert [(row["element"], row["incidents"]) for row in ask(report).rows] == [(element, 1)]


def test_plain_content_is_a_false_affordance_from_three_visitors_on(ask: Asking, visit: Visiting) -> None:
    plain = click("#price", affordance="none")
    visit("2026-03-09 10:00", clicks=[plain, click("#price", after_s=15, affordance="none")])
    visit("2026-03-09 11:00", clicks=[plain])
    assert ask(false_affordances.report).rows == []
    visit("2026-03-09 12:00", clicks=[plain])
    [row] = ask(false_affordances.report).rows
    assert (row["element"], row["incidents"], row["visitors"]) == ("#price", 4, 3)


def test_a_burst_of_rage_counts_once(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/shop"], [worked("#buy", after_s=5 + n / 5) for n in range(5)])
    [row] = ask(rage_clicks.report).rows
    assert (row["incidents"], row["repetitions"], row["duration_ms"]) == (1, 5, 800)


def test_quick_backs_and_loops_tell_the_way(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/list", "/item", "/list", "/other"], step_s=[60, 3, 60, 60])
    visit("2026-03-09 12:00", ["/list", "/item", "/list", "/item"], step_s=[60, 60, 60, 60])
    rows = {(row["signal"], row["path"], row["back_to"]): row["incidents"] for row in ask(quick_backs.report).rows}
    assert rows[("quick_back", "/item", "/list")] == 1
    assert rows[("loop", "/item", "/list")] == 1


def test_hunts_are_of_the_page(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/long"], also=[hunt(reversals=6, span_ms=9000)])
    [row] = ask(scroll_hunts.report).rows
    assert (row["path"], row["incidents"], row["repetitions"], row["duration_ms"]) == ("/long", 1, 6, 9000)


def test_filters_choose_struggles_by_visit_by_event_and_by_view(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/a", "/b"], [slow("#x", 1)], referrer="www.google.com/", titles=["A", "B"])
    visit("2026-03-09 11:00", ["/b"], [slow("#y")], user_agent=PHONE, titles=["B again"])

    def elements(*filters: str) -> set[object]:
        return {row["element"] for row in ask(slow_clicks.report, filter=list(filters)).rows}

    expected = {
        (): {"#x", "#y"},
        ("source:is:Google",): {"#x"},
        ("entry:is:/b",): {"#y"},
        ("device:is:mobile",): {"#y"},
        ("path:is:/b",): {"#x", "#y"},
        ("element:is:#x",): {"#x"},
        ("title:is:B",): {"#x"},
        ("title:is:B", "element:is:#y"): set(),
    }
    assert {filters: elements(*filters) for filters in expected} == expected


def test_the_share_is_of_all_views_also_when_an_element_is_chosen(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/", "/"], [slow("#x")])
    [row] = ask(slow_clicks.report, filter=["element:is:#x"]).rows
    assert (row["views"], row["struck_view_rate"]) == (2, 0.5)


def test_those_of_nobody_told_apart_are_counted(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", clicks=[slow("#x")], visitor=None)
    [row] = ask(slow_clicks.report).rows
    assert (row["incidents"], row["visitors"], row["visits"]) == (1, 0, 0)
