"""The rollups by day say what counting the events says, always."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Subquery, func, select

from tests.kit.ground import at
from tests.kit.store import Visiting, click, dead, stored, worked
from tracker.daily import ROLLUPS, Rollup
from tracker.rollups import by_day, clean_spans, dirty_days, refresh
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.local import site_day
from tracker.store.schema import event, metadata

NOW = at("2026-04-03 12:00")
START, END = stored("2026-03-26 23:00"), stored("2026-04-03 22:00")  # days in Warsaw, over its change to summer time


@pytest.fixture(params=ROLLUPS, ids=lambda rollup: rollup.table.name)
def rollup(request: pytest.FixtureRequest) -> Rollup:
    return request.param


def rows(store: EventStore, rollup: Rollup, table: Any) -> list[Any]:
    """Return rows of a rollup's columns, one a day and key."""
    keys = [table.c.day, *(table.c[key.name] for key in rollup.keys)]
    numbers = [_together(table.c[number.name]) for number in rollup.numbers]
    return sorted(tuple(map(str, row)) for row in store.query(select(*keys, *numbers).group_by(*keys)).rows)


def _together(number: Any) -> Any:
    if number.name == "first_seen":
        return func.min(number)
    return (func.max if number.name in ("last_seen", "element_text") else func.sum)(number)


def raw(rollup: Rollup, site: SiteInfo, start: datetime = START, end: datetime = END) -> Subquery:
    day = site_day(event.c.occurred_at, site.tzinfo, start, end)
    return rollup.counted(site.id, [(start, end)], day).subquery("raw")


@pytest.fixture
def busy(store: EventStore, visit: Visiting, site: SiteInfo) -> EventStore:
    """Eight days, with visits over midnight, bots, views of nobody, and clicks."""
    with visit.at_once():
        _make_busy(visit)
    return store


def _make_busy(visit: Visiting) -> None:
    for day in range(27, 35):
        date = f"2026-03-{day:02}" if day < 32 else f"2026-04-{day - 31:02}"
        plain = click("#plain", after_s=25, affordance=None)
        clicks = [dead("#buy", element_text="Buy"), worked("#buy", after_s=15), plain, dead("#pay", 1, disabled=True)]
        same = visit(f"{date} 08:00", ["/", "/a", "/"], clicks, engaged_s=7)
        visit(f"{date} 12:00", ["/a", "/b"], visitor=same)
        visit(f"{date} 21:59", ["/", "/a", "/b"], step_s=45, engaged_s=3)
        visit(f"{date} 22:59:30", ["/", "/b"], [dead("#buy", after_s=29), dead("#buy", after_s=31)])
        visit(f"{date} 10:00", ["/a"], visitor=None)
        visit(f"{date} 11:00", ["/a", "/a"], user_agent="Googlebot/2.1 (+http://www.google.com/bot.html)")


def test_a_day_that_is_over_comes_from_the_rollup_and_says_the_same(busy: EventStore, site: SiteInfo, rollup: Rollup):
    before = rows(busy, rollup, raw(rollup, site))
    assert rows(busy, rollup, by_day(rollup, busy, site, (START, END), NOW)) == before
    assert refresh(busy, [site], NOW) == 7
    assert clean_spans(busy, site, START, END, NOW) == [(START, stored("2026-04-02 22:00"))]
    assert rows(busy, rollup, by_day(rollup, busy, site, (START, END), NOW)) == before
    assert rows(busy, rollup, rollup.table) == [row for row in before if row[0] < "2026-04-02 22:00"]
    assert all(any(row[column] != before[0][column] for row in before) for column in range(1, len(rollup.keys)))


def test_today_is_never_rolled_up(busy: EventStore, site: SiteInfo):
    refresh(busy, [site], NOW)
    assert refresh(busy, [site], NOW) == 0
    assert dirty_days(busy, site) == [
        (stored("2026-04-02 22:00"), stored("2026-04-03 22:00")),
        (stored("2026-04-03 22:00"), stored("2026-04-04 22:00")),
    ]
    assert refresh(busy, [site], NOW + timedelta(hours=10)) == 1


def test_a_late_event_makes_its_day_dirty_until_the_next_refresh(
    busy: EventStore, visit: Visiting, site: SiteInfo, rollup: Rollup
):
    refresh(busy, [site], NOW)
    visit("2026-03-30 09:00", ["/late"], [dead("#late")])
    day = (stored("2026-03-29 22:00"), stored("2026-03-30 22:00"))
    assert dirty_days(busy, site)[0] == day
    assert day[0] not in {begin for begin, _ in clean_spans(busy, site, *day, NOW)}
    assert rows(busy, rollup, by_day(rollup, busy, site, (START, END), NOW)) == rows(busy, rollup, raw(rollup, site))
    assert refresh(busy, [site], NOW) == 1
    assert rows(busy, rollup, by_day(rollup, busy, site, (START, END), NOW)) == rows(busy, rollup, raw(rollup, site))


def test_a_range_that_cuts_days_counts_only_what_is_in_it(busy: EventStore, site: SiteInfo, rollup: Rollup):
    refresh(busy, [site], NOW)
    start, end = stored("2026-03-28 09:30"), stored("2026-03-31 21:59:20")
    assert rows(busy, rollup, by_day(rollup, busy, site, (start, end), NOW)) == rows(
        busy, rollup, raw(rollup, site, start, end)
    )


def test_deriving_forgets_rollups_and_the_job_makes_them_again(busy: EventStore, site: SiteInfo, rollup: Rollup):
    refresh(busy, [site], NOW)
    before = rows(busy, rollup, rollup.table)
    busy.derive()
    assert busy.query(select(func.count()).select_from(rollup.table)).rows[0][0] == 0
    refresh(busy, [site], NOW)
    assert rows(busy, rollup, rollup.table) == before


def test_an_erased_site_leaves_no_rollup(busy: EventStore, site: SiteInfo):
    refresh(busy, [site], NOW)
    busy.erase_site(site.id)
    for table in metadata.sorted_tables:
        assert busy.query(select(func.count()).select_from(table)).rows == [(0,)]
    assert busy.tallies() == {}
