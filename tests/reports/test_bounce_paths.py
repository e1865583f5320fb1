"""Bounce paths: ways in and out again, what happened last, and short visits marked apart."""

from reports import bounce_paths
from tests.kit.store import Visiting, dead, worked
from tests.reports.conftest import Asking

GOOGLE = "www.google.com/"  # as the steps at the request leave it


def test_ways_are_counted_and_shared_by_entry(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/"], referrer=GOOGLE, engaged_s=2)
    visit("2026-03-08 12:00", ["/"], referrer=GOOGLE, engaged_s=5)
    visit("2026-03-08 14:00", ["/"], [dead("#buy")], engaged_s=30)
    visit("2026-03-08 16:00", ["/", "/a", "/b", "/c"])
    visit("2026-03-08 18:00", ["/other"])
    answer = ask(bounce_paths.report, filter=["entry:is:/"])
    assert answer.rows == [
        {
            "entry": "/",
            "source": "Google",
            "trail": ["/"],
            "ending": "bounce",
            "last_signal": None,
            "last_signal_element": None,
            "visits": 2,
            "share": 0.5,
            "engaged_ms": 3500,
        },
        {
            "entry": "/",
            "source": None,
            "trail": ["/"],
            "ending": "bounce",
            "last_signal": "dead",
            "last_signal_element": "#buy",
            "visits": 1,
            "share": 0.25,
            "engaged_ms": 30_000,
        },
    ]
    assert answer.totals == {"visits": 3, "share": 0.75}


def test_short_visits_are_marked_apart(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/", "/a", "/b"])
    visit("2026-03-08 12:00", ["/"], [worked("#menu")])
    rows = ask(bounce_paths.report).rows
    assert {(tuple(row["trail"] or ()), row["ending"]) for row in rows} == {
        (("/", "/a", "/b"), "short visit"),
        (("/",), "short visit"),
    }


def test_a_custom_event_or_a_fourth_page_is_no_short_visit(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/", "/a"], custom=["order"])
    visit("2026-03-08 12:00", ["/", "/a", "/b", "/c"])
    assert ask(bounce_paths.report).rows == []
