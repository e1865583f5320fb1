"""Pages: by hand, and the same from the rollup as from the events."""

from reports import pages
from reports.report import Row
from tests.kit.ground import at
from tests.kit.store import Visiting, dead
from tests.reports.conftest import Asking
from tracker.rollups import refresh
from tracker.sites import SiteInfo
from tracker.store.base import EventStore


def test_two_pages_by_hand(ask: Asking, visit: Visiting) -> None:
    one = visit("2026-03-08 10:00", ["/", "/a", "/"], [dead("#x", 1)], engaged_s=[10, 20, 30])
    visit("2026-03-08 15:00", ["/"], engaged_s=5, visitor=one)
    visit("2026-03-09 10:00", ["/a"], visitor=one)
    assert ask(pages.report).rows == [
        {
            "path": "/",
            "views": 3,
            "visitors": 1,
            "entries": 2,
            "exits": 2,
            "bounce_rate": 0.5,
            "engaged_ms_per_view": 15_000,
            "dead_clicks": 0,
        },
        {
            "path": "/a",
            "views": 2,
            "visitors": 2,
            "entries": 1,
            "exits": 1,
            "bounce_rate": 1.0,
            "engaged_ms_per_view": 10_000,
            "dead_clicks": 1,
        },
    ]


def test_the_first_rows_are_those_of_the_whole_report(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        visit("2026-03-08 10:00", ["/", "/a", "/"], [dead("#x", 1)])
        visit("2026-03-08 11:00", ["/a"])
    for filters in ([], ["element:is:#x"], ["path:is:/a"]):
        whole = [{name: row[name] for name in ("path", "views")} for row in ask(pages.report, filter=filters).rows]
        assert ask(pages.first, filter=filters).rows == whole


def test_the_rollup_says_what_the_events_say(ask: Asking, visit: Visiting, store: EventStore, site: SiteInfo) -> None:
    visitor = visit("2026-03-07 22:50", ["/", "/a", "/b"], step_s=480, engaged_s=40)
    visit("2026-03-08 12:00", ["/"], visitor=visitor, automated=True)
    visit("2026-03-08 15:00", ["/", "/a"], engaged_s=7, visitor=visitor)
    visit("2026-03-08 16:00", ["/a"], visitor=None)
    visit("2026-03-10 10:00", ["/a"])

    def answers(*filters: str) -> list[list[Row]]:
        asked = [(bots, span) for bots in ("out", "in", "only") for span in ("7d", "28d")]
        return [list(ask(pages.report, bots=bots, range=span, filter=list(filters)).rows) for bots, span in asked]

    raw = answers()
    assert _of_views(answers("path:matches:.")) == _of_views(raw)
    assert refresh(store, [site], at("2026-03-10 12:00")) == 2
    assert answers() == raw
    visit("2026-03-08 17:00", ["/a"], engaged_s=3)
    late = ask(pages.report, range="7d").rows
    assert {row["path"]: row["views"] for row in late} == {"/": 2, "/a": 5, "/b": 1}


def _of_views(answers: list[list[Row]]) -> list[list[Row]]:
    names = ("path", "views", "visitors", "engaged_ms_per_view")
    return [[{name: row[name] for name in names} for row in rows] for rows in answers]
