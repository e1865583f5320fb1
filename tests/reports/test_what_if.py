"""What other limits would have said, on each engine: counted, placed, and left out where it takes too long."""

from datetime import timedelta

import pytest

from reports.struggle.recount import PLAIN_VISITORS
from reports.struggle.what_if import Count, WhatIf, affected, what_if
from tests.kit.store import Visiting, click, dead, slow
from tracker.clock import utc_now
from tracker.signal_versions import changed
from tracker.signals import THRESHOLDS
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

Told = dict[str, tuple[int, int, int, int]]


@pytest.fixture
def yesterday() -> str:
    return f"{utc_now() - timedelta(days=1):%Y-%m-%d %H:%M}"


def told(found: WhatIf) -> Told:
    return {
        one.signal.name: (one.now.incidents, one.now.visitors, one.then.incidents, one.then.visitors)
        for one in found.changes
    }


def tried(site: SiteInfo, store: EventStore, **limits: int) -> WhatIf:
    return what_if(site, changed(site.limits, limits), store, patience_s=300)  # in a crowd, too


def test_less_silence_makes_more_dead_clicks(
    store: EventStore, visit: Visiting, site: SiteInfo, yesterday: str
) -> None:
    visit(yesterday, ["/cart"], [click("#buy", mutation_ms=800), click("#buy", after_s=30, mutation_ms=800)])
    visit(yesterday, ["/cart"], [click("#buy", mutation_ms=800), dead("#more", after_s=30)])
    found = tried(site, store, silence=500)
    assert told(found)["dead"] == (1, 1, 4, 2)
    assert found.differs
    [place] = found.more
    assert (place.signal.name, place.path, place.element, place.now, place.then) == ("dead", "/cart", "#buy", 0, 3)
    assert found.fewer == []


def test_what_no_longer_counts_is_told_with_its_place(
    store: EventStore, visit: Visiting, site: SiteInfo, yesterday: str
) -> None:
    visit(yesterday, ["/"], [slow("#a"), slow("#b", after_s=20), slow("#a", after_s=40)])
    found = tried(site, store, slow=3000)
    assert told(found)["slow"] == (3, 1, 0, 0)
    assert [(one.element, one.now, one.then) for one in found.fewer] == [("#a", 2, 0), ("#b", 1, 0)]


def test_a_failure_moves_from_error_to_dead(store: EventStore, visit: Visiting, site: SiteInfo, yesterday: str) -> None:
    visit(yesterday, ["/"], [click("#a", error_ms=900)])
    found = told(tried(site, store, error=500))
    assert (found["error_click"], found["dead"]) == ((1, 1, 0, 0), (0, 0, 1, 1))


def test_plain_content_counts_once_enough_visitors_clicked_it(
    store: EventStore, visit: Visiting, site: SiteInfo, yesterday: str
) -> None:
    for _ in range(PLAIN_VISITORS):
        visit(yesterday, ["/"], [click("p", affordance="none", mutation_ms=800)])
    visit(yesterday, ["/"], [click("em", affordance="none", mutation_ms=800)])
    assert told(tried(site, store, silence=500))["false_affordance"] == (0, 0, 3, 3)


def test_rage_is_counted_anew(store: EventStore, visit: Visiting, site: SiteInfo, yesterday: str) -> None:
    visit(yesterday, ["/"], [click("#a", after_s=5 + 0.2 * number, mutation_ms=20) for number in range(3)])
    found = tried(site, store, rage_clicks=3)
    assert told(found) == {"rage": (0, 0, 1, 1)}
    assert [one.days for one in found.changes] == [30]


def test_ways_back_are_counted_anew(store: EventStore, visit: Visiting, site: SiteInfo, yesterday: str) -> None:
    visit(yesterday, ["/a", "/b", "/a"], step_s=9)
    assert told(tried(site, store, quick_back=10_000))["quick_back"] == (0, 0, 1, 1)


def test_bots_and_older_days_are_left_out(store: EventStore, visit: Visiting, site: SiteInfo, yesterday: str) -> None:
    visit(yesterday, ["/"], [click("#buy", mutation_ms=800)], user_agent="Googlebot/2.1", automated=True)
    visit(f"{utc_now() - timedelta(days=31):%Y-%m-%d %H:%M}", ["/"], [click("#buy", mutation_ms=800)])
    found = tried(site, store, silence=500)
    assert not found.differs
    assert told(found)["dead"] == (0, 0, 0, 0)


def test_only_what_can_change_is_asked_about() -> None:
    assert [one.name for one in affected(THRESHOLDS, changed(THRESHOLDS, {"swipe": 60}))] == ["dead_swipe"]
    assert affected(THRESHOLDS, THRESHOLDS) == []


def test_a_store_without_time_says_what_it_left_out(duckdb_store: EventStore, site: SiteInfo) -> None:
    found = what_if(site, changed(site.limits, {"silence": 500}), duckdb_store, patience_s=0)
    assert found.changes == []
    assert "Not counted anew in time" in found.notes[0]
    assert "dead click" in found.notes[0]


def test_too_many_events_are_looked_at_in_fewer_days(
    duckdb_store: EventStore, site: SiteInfo, monkeypatch: pytest.MonkeyPatch, loading: object, yesterday: str
) -> None:
    visit = Visiting(loading(duckdb_store), site)  # type: ignore[operator]
    visit(yesterday, ["/"], [dead("#a"), dead("#b", after_s=20), dead("#c", after_s=40)])
    monkeypatch.setattr("reports.struggle.what_if.MOST_EVENTS", 1)
    [rage] = tried(site, duckdb_store, rage_clicks=3).changes
    assert (rage.days, rage.now) == (7, Count())
