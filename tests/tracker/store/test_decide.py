"""Limits that moved: deciding what is stored again gives what loading it by them, and deriving all, would give."""

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.kit.ground import at
from tests.kit.store import Visiting, click, dead, failed, hunt, slow, worked
from tracker.daily import ROLLUPS
from tracker.rollups import by_day, refresh
from tracker.signals import THRESHOLDS, Thresholds
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.schema import event, struggle, visit

START, END = at("2026-02-28 23:00").replace(tzinfo=None), at("2026-03-02 23:00").replace(tzinfo=None)
NOW = at("2026-03-05 12:00")
STRICT = Thresholds(version=2, silence=500, slow=300, rage_clicks=3, quick_back=20_000, hunt_reversals=6, redirect=0)
LAX = Thresholds(version=2, silence=6000, slow=6500, rage=3000, quick_back=2000, hunt_leg=200)


@pytest.fixture
def told(store: EventStore, visit: Visiting) -> EventStore:
    quick = [click("#r", after_s=20 + n / 4, mutation_ms=5) for n in range(3)]
    with visit.at_once():
        visit("2026-03-01 10:00", ["/", "/a", "/"], [worked(), dead("#d", 1), slow("#s", 2)], step_s=[30, 10, 30])
        visit("2026-03-01 11:00", ["/"], [click("#m", mutation_ms=900), *quick], engaged_s=7)
        visit("2026-03-01 12:00", ["/"], [click("#n", mutation_ms=900, affordance="link"), failed("#f")])
        visit(
            "2026-03-02 12:00", ["/"], [click("#o", mutation_ms=5000)], also=[hunt(leg_px=250, leg_permille=0), hunt()]
        )
        visit("2026-03-02 13:00", ["/"], [click("#p", mutation_ms=2600)], visitor=None)
    return store


def contents(store: EventStore, site: SiteInfo) -> list[Any]:
    """Return all that follows from the events, with what the rollups say of all days."""
    tables = [struggle, visit, select(event.c.ingest_id, event.c.signals).subquery()]
    days = [by_day(rollup, store, site, (START, END), NOW) for rollup in ROLLUPS]
    return [sorted(map(repr, store.query(select(table)).rows)) for table in (*tables, *days)]


@pytest.mark.parametrize("limits", [STRICT, LAX], ids=["strict", "lax"])
def test_deciding_gives_what_deriving_all_gives(told: EventStore, site: SiteInfo, limits: Thresholds):
    refresh(told, [site], NOW)
    before = contents(told, site)
    told.limits = lambda: {site.id: limits}
    told.decide(site.id)
    decided = contents(told, site)
    told.derive()
    assert contents(told, site) == decided
    assert all(new != old for new, old in zip(decided[:3], before[:3], strict=True))
    told.limits = lambda: {site.id: THRESHOLDS}
    told.decide()
    assert contents(told, site) == before


def test_what_is_loaded_afterwards_is_decided_by_the_sites_limits(store: EventStore, visit: Visiting, site: SiteInfo):
    store.limits = lambda: {site.id: STRICT, 999: LAX}
    visit("2026-03-01 10:00", ["/"], [click("#m", mutation_ms=900)])
    assert store.query(select(struggle.c.signal)).rows == [("slow",)]


def test_another_site_keeps_its_own(told: EventStore, site: SiteInfo):
    before = contents(told, site)
    told.limits = lambda: {site.id + 1: STRICT}
    told.decide()
    assert contents(told, site) == before
    told.limits = lambda: {site.id: STRICT}
    told.decide(site.id + 1)
    assert contents(told, site) == before


def test_days_on_which_nothing_changed_stay_rolled_up(told: EventStore, site: SiteInfo):
    refresh(told, [site], NOW)
    table = ROLLUPS[0].table
    rolled = told.query(select(func.count()).select_from(table)).rows
    told.decide()
    assert told.query(select(func.count()).select_from(table)).rows == rolled
    assert refresh(told, [site], NOW) == 0
