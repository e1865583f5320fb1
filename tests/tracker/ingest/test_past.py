"""Salts of other days: one a day while today lasts, and none that outlives today's."""

from datetime import date, datetime, timedelta

import pytest

from tests.kit.ground import at
from tracker.database import Database
from tracker.ingest.past import PastSalts
from tracker.ingest.salts import SaltBook, SharedSalts, destroy_old_salts
from tracker.sites import SiteInfo

TODAY = date(2026, 3, 10)
NOON = at("2026-03-10 12:00")


@pytest.fixture
def book(database: Database) -> SaltBook:
    return SaltBook(SharedSalts(database))


def salts_at(book: SaltBook, site: SiteInfo, now: datetime) -> PastSalts:
    return PastSalts(book, site, lambda: now)


def test_each_day_has_a_salt_of_its_own_and_today_the_sites(book: SaltBook, site: SiteInfo) -> None:
    salts = salts_at(book, site, NOON)
    days = [TODAY - timedelta(days=back) for back in range(30)]
    found = [salts.find_or_make(site.id, day) for day in days]
    assert found[0] == book.at(site, NOON).today
    assert len(set(found)) == 30
    assert found == [salts_at(book, site, NOON).find(site.id, day) for day in days]


def test_yesterdays_own_salt_is_used_as_long_as_it_lives(book: SaltBook, site: SiteInfo, database: Database) -> None:
    yesterday = TODAY - timedelta(days=1)
    own = book.at(site, at("2026-03-09 12:00")).today
    assert salts_at(book, site, at("2026-03-09 23:30")).find(site.id, yesterday) == own  # Warsaw is an hour ahead
    later = at("2026-03-10 00:30")
    destroy_old_salts(database, book, [site], later)
    assert salts_at(book, site, later).find(site.id, yesterday) != own


def test_tomorrow_nobody_makes_todays_salts_again(book: SaltBook, site: SiteInfo, database: Database) -> None:
    day = date(2026, 1, 1)
    today, tomorrow = (salts_at(book, site, moment).find(site.id, day) for moment in (NOON, NOON + timedelta(days=1)))
    assert today != tomorrow


def test_a_day_is_the_sites_own(site: SiteInfo) -> None:
    assert site.day_of(at("2026-03-10 23:30")) == date(2026, 3, 11)
