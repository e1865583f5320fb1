"""The rollups by day say what counting the events says, always."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.kit.ground import at
from tests.kit.store import Visiting, click, dead, stored, worked
from tracker.daily import ROLLUPS, Rollup
from tracker.rollups import by_day, clean_spans, dirty_days, refresh
from tracker.sites import SiteInfo
from tracker.store.base import EventStore, Trace
from tracker.store.local import site_day
from tracker.store.schema import metadata

NOW = at("2026-04-03 12:00")
VISITOR, EVER = 77, datetime(1970, 1, 1)  # noqa: DTZ001 - as the store has times
START, END = stored("2026-03-26 23:00"), stored("2026-04-03 22:00")  # days in Warsaw, over its change to summer time


def rows(store: EventStore, rollup: Rollup, table: Any) -> list[Any]:
    """Return rows of a rollup's columns, one a day and key."""
    keys = [table.c.day, *(table.c[key.name] for key in rollup.keys)]
    numbers = [_together(table.c[number.name]) for number in rollup.numbers]
    return sorted(tuple(map(str, row)) for row in store.query(select(*keys, *numbers).group_by(*keys)).rows)


def _together(number: Any) -> Any:
    if number.name == "first_seen":
        return func.min(number)
    return (func.max if number.name in ("last_seen", "element_text") else func.sum)(number)


def name_of(rollup: Rollup) -> str:
    return f"{rollup.table.name} {rollup.dimension}" if rollup.dimension is not None else rollup.table.name


def said(store: EventStore, site: SiteInfo, start: datetime = START, end: datetime = END) -> dict[str, list[Any]]:
    """Return what each rollup says of a span."""
    return {name_of(one): rows(store, one, by_day(one, store, site, (start, end), NOW)) for one in ROLLUPS}


def raw(store: EventStore, site: SiteInfo, start: datetime = START, end: datetime = END) -> dict[str, list[Any]]:
    """Return what counting gives, rolled up or not."""
    return {
        name_of(one): rows(
            store,
            one,
            one.counted(site.id, [(start, end)], site_day(one.time, site.tzinfo, start, end)).subquery("raw"),
        )
        for one in ROLLUPS
    }


def kept(store: EventStore) -> dict[str, list[Any]]:
    """Return what lies in each rollup's table."""
    return {name_of(one): rows(store, one, select(one.table).where(one.own).subquery("kept")) for one in ROLLUPS}


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


def test_a_day_that_is_over_comes_from_the_rollup_and_says_the_same(busy: EventStore, site: SiteInfo):
    before = raw(busy, site)
    assert said(busy, site) == before
    assert refresh(busy, [site], NOW) == 7
    assert clean_spans(busy, site, START, END, NOW) == [(START, stored("2026-04-02 22:00"))]
    assert said(busy, site) == before
    over = {name: [row for row in found if row[0] < "2026-04-02 22:00"] for name, found in before.items()}
    assert kept(busy) == over
    for rollup in ROLLUPS:
        found = before[name_of(rollup)]
        told = [place for place, key in enumerate(rollup.keys, start=1) if key.name in ("path", "element")]
        assert all(any(row[place] != found[0][place] for row in found) for place in told)
    assert {row[2] for row in before["visit_day entry"]} == {"/", "/a"}
    assert {row[2] for row in before["visit_day "]} == {"None"}


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
    visit("2026-03-30 09:00", ["/late"], [dead("#late")])
    day = (stored("2026-03-29 22:00"), stored("2026-03-30 22:00"))
    assert dirty_days(busy, site)[0] == day
    assert day[0] not in {begin for begin, _ in clean_spans(busy, site, *day, NOW)}
    assert said(busy, site) == raw(busy, site)
    assert refresh(busy, [site], NOW) == 1
    assert said(busy, site) == raw(busy, site)


def test_a_visit_that_goes_on_after_midnight_takes_the_day_of_its_beginning_along(
    store: EventStore, visit: Visiting, site: SiteInfo
):
    visitor = visit("2026-03-30 21:50", ["/", "/a"])
    visit("2026-03-30 10:00", ["/b"])
    refresh(store, [site], NOW)
    assert dirty_days(store, site) == []
    visit("2026-03-30 22:10", ["/c"], visitor=visitor)
    assert dirty_days(store, site) == [
        (stored("2026-03-29 22:00"), stored("2026-03-30 22:00")),
        (stored("2026-03-30 22:00"), stored("2026-03-31 22:00")),
    ]
    assert said(store, site) == raw(store, site)
    refresh(store, [site], NOW)
    assert said(store, site) == raw(store, site)
    assert [row[2] for row in said(store, site)["visit_day exit"]] == ["/b", "/c"]


def test_a_visit_that_an_earlier_one_takes_up_is_gone_from_its_own_day(
    store: EventStore, visit: Visiting, site: SiteInfo
):
    visitor = visit("2026-03-30 22:05", ["/after"])
    refresh(store, [site], NOW)
    visit("2026-03-30 21:55", ["/before"], visitor=visitor)
    assert said(store, site) == raw(store, site)
    refresh(store, [site], NOW)
    assert [row[:3] for row in said(store, site)["visit_day entry"]] == [("2026-03-29 22:00:00", "entry", "/before")]


def test_a_visit_that_a_login_cuts_in_two_is_two_on_their_days(store: EventStore, visit: Visiting, site: SiteInfo):
    def came(at: str, path: str, login: int | None = None) -> None:
        visit(at, [path], visitor=VISITOR, login_id=login, consent="stitched")

    came("2026-03-30 21:50", "/one")
    came("2026-03-30 22:10", "/two", login=2)
    refresh(store, [site], NOW)
    came("2026-03-30 21:55", "/late", login=1)
    assert said(store, site) == raw(store, site)
    assert [row[2] for row in said(store, site)["visit_day entry"]] == ["/one", "/two"]


def test_what_an_erased_person_leaves_of_a_visit_is_counted_on_its_days(
    store: EventStore, visit: Visiting, site: SiteInfo
):
    visit("2026-03-30 21:50", ["/hers"], visitor=VISITOR)
    visit("2026-03-30 22:05", ["/his"], visitor=VISITOR, login_id=2, consent="stitched")
    visit("2026-03-28 10:00", ["/elsewhere"], visitor=VISITOR, login_id=3, consent="stitched")
    refresh(store, [site], NOW)
    assert store.erase_traces(site.id, site.tzinfo, [Trace(2, EVER, NOW.replace(tzinfo=None))]) == 1
    assert said(store, site) == raw(store, site)
    assert clean_spans(store, site, *(stored(f"2026-03-{day} 23:00") for day in (27, 28)), NOW) != []
    assert [row[2] for row in said(store, site)["visit_day exit"]] == ["/elsewhere", "/hers"]


def test_what_is_left_of_a_visit_whose_beginning_is_too_old_is_counted_on_its_day(
    store: EventStore, visit: Visiting, site: SiteInfo
):
    visit("2026-03-29 21:59", ["/old", "/old", "/young"])
    visit("2026-03-30 10:00", ["/other"])
    refresh(store, [site], NOW)
    store.expire(site.id, stored("2026-03-29 22:00"))
    assert said(store, site) == raw(store, site)
    assert [row[2] for row in said(store, site)["visit_day entry"]] == ["/old", "/other"]


def test_a_range_that_cuts_days_counts_only_what_is_in_it(busy: EventStore, site: SiteInfo):
    refresh(busy, [site], NOW)
    start, end = stored("2026-03-28 09:30"), stored("2026-03-31 21:59:20")
    assert said(busy, site, start, end) == raw(busy, site, start, end)


def test_deriving_forgets_rollups_and_the_job_makes_them_again(busy: EventStore, site: SiteInfo):
    refresh(busy, [site], NOW)
    before = kept(busy)
    busy.derive()
    assert not any(kept(busy).values())
    refresh(busy, [site], NOW)
    assert kept(busy) == before


def test_an_erased_site_leaves_no_rollup(busy: EventStore, site: SiteInfo):
    refresh(busy, [site], NOW)
    busy.erase_site(site.id)
    for table in metadata.sorted_tables:
        assert busy.query(select(func.count()).select_from(table)).rows == [(0,)]
    assert busy.tallies() == {}


def test_days_of_another_zone_are_counted_again(busy: EventStore, site: SiteInfo) -> None:
    refresh(busy, [site], NOW)
    moved = replace(site, zone="Asia/Tokyo")
    refresh(busy, [moved], NOW)
    start, end = stored("2026-03-26 15:00"), stored("2026-04-02 15:00")  # days in Tokyo
    assert clean_spans(busy, moved, start, end, NOW) == [(start, end)]
    assert said(busy, moved, start, end) == raw(busy, moved, start, end)
    busy.forget_rollups(site.id)
    assert not any(kept(busy).values())
    assert said(busy, site) == raw(busy, site)
    assert refresh(busy, [site], NOW) > 0 and refresh(busy, [site], NOW) == 0
