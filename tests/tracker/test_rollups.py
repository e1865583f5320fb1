"""The rollup by day and path says what counting the events says, always."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Subquery, func, select

from tests.kit.ground import at
from tests.kit.store import Visiting, stored
from tracker.rollups import clean_spans, dirty_days, path_days, refresh, views_by_path
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.local import site_day
from tracker.store.schema import event, metadata, path_day

NOW = at("2026-04-03 12:00")
START, END = stored("2026-03-26 23:00"), stored("2026-04-03 22:00")  # days in Warsaw, over its change to summer time


def rows(store: EventStore, table: Any) -> list[Any]:
    c = table.c
    answer = store.query(
        select(
            c.day, c.path, c.bot, *(func.sum(c[name]) for name in ("views", "visitors", "unknown_views", "engaged_ms"))
        ).group_by(c.day, c.path, c.bot)
    )
    return sorted((day, path or "", bool(bot), *map(int, numbers)) for day, path, bot, *numbers in answer.rows)


def raw(site: SiteInfo, start: datetime = START, end: datetime = END) -> Subquery:
    return path_days(site.id, [(start, end)], site_day(event.c.occurred_at, site.tzinfo, start, end)).subquery("raw")


@pytest.fixture
def busy(store: EventStore, visit: Visiting, site: SiteInfo) -> EventStore:
    """Eight days, with visits over midnight, bots, and views of nobody."""
    with visit.at_once():
        _make_busy(visit)
    return store


def _make_busy(visit: Visiting) -> None:
    for day in range(27, 35):
        date = f"2026-03-{day:02}" if day < 32 else f"2026-04-{day - 31:02}"
        same = visit(f"{date} 08:00", ["/", "/a", "/"], engaged_s=7)
        visit(f"{date} 12:00", ["/a", "/b"], visitor=same)
        visit(f"{date} 21:59", ["/", "/a", "/b"], step_s=45, engaged_s=3)
        visit(f"{date} 22:59:30", ["/", "/b"])
        visit(f"{date} 10:00", ["/a"], visitor=None)
        visit(f"{date} 11:00", ["/a", "/a"], user_agent="Googlebot/2.1 (+http://www.google.com/bot.html)")


def test_a_day_that_is_over_comes_from_the_rollup_and_says_the_same(busy: EventStore, site: SiteInfo):
    before = rows(busy, raw(site))
    assert rows(busy, views_by_path(busy, site, START, END, NOW)) == before
    assert refresh(busy, [site], NOW) == 7
    assert clean_spans(busy, site, START, END, NOW) == [(START, stored("2026-04-02 22:00"))]
    assert rows(busy, views_by_path(busy, site, START, END, NOW)) == before
    assert rows(busy, path_day) == [row for row in before if row[0] < stored("2026-04-02 22:00")]
    assert any(row[2] for row in before)
    assert any(row[5] for row in before)


def test_today_is_never_rolled_up(busy: EventStore, site: SiteInfo):
    refresh(busy, [site], NOW)
    assert refresh(busy, [site], NOW) == 0
    assert dirty_days(busy, site) == [
        (stored("2026-04-02 22:00"), stored("2026-04-03 22:00")),
        (stored("2026-04-03 22:00"), stored("2026-04-04 22:00")),
    ]
    assert refresh(busy, [site], NOW + timedelta(hours=10)) == 1


def test_a_late_event_makes_its_day_dirty_until_the_next_refresh(busy: EventStore, visit: Visiting, site: SiteInfo):
    refresh(busy, [site], NOW)
    visit("2026-03-30 09:00", ["/late"])
    day = (stored("2026-03-29 22:00"), stored("2026-03-30 22:00"))
    assert dirty_days(busy, site)[0] == day
    assert day[0] not in {begin for begin, _ in clean_spans(busy, site, *day, NOW)}
    assert rows(busy, views_by_path(busy, site, START, END, NOW)) == rows(busy, raw(site))
    assert refresh(busy, [site], NOW) == 1
    assert rows(busy, views_by_path(busy, site, START, END, NOW)) == rows(busy, raw(site))


def test_a_range_that_cuts_days_counts_only_what_is_in_it(busy: EventStore, site: SiteInfo):
    refresh(busy, [site], NOW)
    start, end = stored("2026-03-28 09:30"), stored("2026-03-31 21:59:20")
    assert rows(busy, views_by_path(busy, site, start, end, NOW)) == rows(busy, raw(site, start, end))


def test_deriving_forgets_rollups_and_the_job_makes_them_again(busy: EventStore, site: SiteInfo):
    refresh(busy, [site], NOW)
    before = rows(busy, path_day)
    busy.derive()
    assert busy.query(select(func.count()).select_from(path_day)).rows[0][0] == 0
    refresh(busy, [site], NOW)
    assert rows(busy, path_day) == before


def test_an_erased_site_leaves_no_rollup(busy: EventStore, site: SiteInfo):
    refresh(busy, [site], NOW)
    busy.erase_site(site.id)
    for table in metadata.sorted_tables:
        assert busy.query(select(func.count()).select_from(table)).rows == [(0,)]
    assert busy.tallies() == {}
