"""Script errors: one row an error, with those whom it met, and whether it is new."""

import pytest

from reports import script_errors
from tests.kit.store import PHONE, Visiting, failure, worked
from tests.reports.conftest import Asking


def test_one_error_by_hand(ask: Asking, visit: Visiting) -> None:
    told = failure("x is null")
    visit("2026-03-08 10:00", ["/", "/a"], also=[told, failure("x is null", after_s=7), failure("x is null", view=1)])
    visit("2026-03-09 10:00", ["/a"], also=[told], user_agent=PHONE)
    visit("2026-03-09 11:00", ["/", "/"])
    answer = ask(script_errors.report)
    [row] = answer.rows
    low, high = row.pop("share_views_low"), row.pop("share_views_high")
    assert row == {
        "message": "x is null",
        "script": "shop.example/app.js:10",
        "age": "new",
        "incidents": 4,
        "views": 3,
        "visitors": 2,
        "pages": 2,
        "share_views": 0.6,
        "path": "/",
        "browser": "Firefox",
        "first_seen": "2026-03-08T11:00:05.000+01:00",
        "last_seen": "2026-03-09T11:00:05.000+01:00",
    }
    assert (low, high) == (pytest.approx(0.2307, abs=1e-4), pytest.approx(0.8824, abs=1e-4))
    assert answer.totals is not None
    assert [answer.totals[name] for name in ("incidents", "views", "visitors", "pages", "share_views")] == [
        4,
        3,
        2,
        2,
        0.6,
    ]


def test_message_script_and_line_make_an_error(ask: Asking, visit: Visiting) -> None:
    errors = [
        failure("a"),
        failure("a", line=11),
        failure("a", "shop.example/b.js"),
        failure("a", None),  # type: ignore[arg-type]
        failure("b"),
    ]
    visit("2026-03-09 10:00", also=errors)
    assert {(row["message"], row["script"]) for row in ask(script_errors.report).rows} == {
        ("a", "shop.example/app.js:10"),
        ("a", "shop.example/app.js:11"),
        ("a", "shop.example/b.js:10"),
        ("a", None),
        ("b", "shop.example/app.js:10"),
    }


def test_an_error_is_new_until_the_site_had_it_before_the_range(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-01 10:00", also=[failure("old")], automated=True)
    visit("2026-03-09 10:00", also=[failure("old"), failure("young"), failure("old", line=99)])
    rows = ask(script_errors.report, range="7d").rows
    assert [(row["script"], row["message"], row["age"]) for row in rows] == [
        ("shop.example/app.js:10", "old", "known"),
        ("shop.example/app.js:99", "old", "new"),
        ("shop.example/app.js:10", "young", "new"),
    ]


def test_those_that_most_visitors_met_come_first(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", also=[failure("often", after_s=second) for second in range(5)])
    for hour in (11, 12):
        visit(f"2026-03-09 {hour}:00", also=[failure("widely")])
    assert [row["message"] for row in ask(script_errors.report).rows] == ["widely", "often"]


def test_the_share_is_of_all_views_also_when_an_element_is_chosen(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/", "/"], [worked("#x")], also=[failure(), failure(view=1)])
    [row] = ask(script_errors.report, filter=["element:is:#x"]).rows
    assert (row["incidents"], row["share_views"]) == (1, 0.5)


def test_errors_without_a_view_in_the_range_are_still_told(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-02 22:59", also=[failure(after_s=120)])
    [row] = ask(script_errors.report, range="2026-03-03..2026-03-04").rows
    assert (row["views"], row["share_views"]) == (1, None)
