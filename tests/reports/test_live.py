"""The live view: who is there now and what happened last, by hand, on both engines."""

import time
from dataclasses import replace
from datetime import datetime

from reports.live import MINUTES, read_live, visitors_now
from reports.report import Ask
from tests.kit.ground import at
from tests.kit.store import PHONE, Visiting, dead
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

NOW = at("2026-03-10 12:00:30")


def asking(store: EventStore) -> Ask:
    return Ask(store, time.monotonic() + 20)


def test_nobody_is_there(store: EventStore, site: SiteInfo) -> None:
    found = read_live(site, asking(store), NOW)
    assert (found.visitors, found.views, found.views_by_minute) == (0, 0, [0] * MINUTES)
    assert (found.pages, found.sources, found.happened) == ([], [], [])


def test_by_hand(store: EventStore, site: SiteInfo, visit: Visiting) -> None:
    with visit.at_once():
        visit("2026-03-10 11:20", ["/old"])  # more than half an hour ago
        visit("2026-03-10 11:40", ["/gone"], country="PL")
        visit("2026-03-10 11:58", ["/", "/a"], [dead("#x", 1, element_text="Buy")], referrer="www.google.com/")
        visit("2026-03-10 11:59", ["/a"], user_agent=PHONE, country="FR")
        visit("2026-03-10 11:59", ["/a"], automated=True)
        visit("2026-03-10 12:03", ["/later"])  # by a clock that goes before ours
    found = read_live(site, asking(store), NOW)
    assert (found.visitors, found.views) == (2, 3)
    assert visitors_now(site, asking(store), NOW) == 2
    assert [(one.name, one.visitors) for one in found.pages] == [("/a", 2), ("/", 1)]
    assert [(one.name, one.visitors) for one in found.countries] == [(None, 1), ("FR", 1)]
    assert ("Google", 1) in [(one.name, one.visitors) for one in found.sources]
    minutes = {number: views for number, views in enumerate(found.views_by_minute) if views}
    assert minutes == {MINUTES - 1 - 20: 1, MINUTES - 1 - 2: 1, MINUTES - 1 - 1: 2}
    newest = found.happened[0]
    assert (newest.kind, newest.path, newest.element_text, newest.signal) == ("click", "/a", "Buy", "dead")
    assert datetime.fromisoformat(newest.at) == at("2026-03-10 11:59:05")
    assert [one.path for one in found.happened] == ["/a", "/a", "/a", "/", "/gone"]


def test_a_site_that_tells_nobody_apart_has_views(store: EventStore, site: SiteInfo, visit: Visiting) -> None:
    counting = replace(site, privacy_mode="count")
    with visit.at_once():
        visit("2026-03-10 11:58", ["/", "/a"], visitor=None)
        visit("2026-03-10 11:59", ["/a"], visitor=None)
    found = read_live(counting, asking(store), NOW)
    assert (found.visitors, found.views, visitors_now(counting, asking(store), NOW)) == (0, 3, 3)
    assert [(one.name, one.views) for one in found.pages] == [("/a", 2), ("/", 1)]
    assert found.sources == []
