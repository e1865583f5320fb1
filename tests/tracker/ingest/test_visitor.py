import random
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.kit.ground import at
from tests.kit.ingest import arrival_of, at_request, footprint_of
from tracker.database import Database
from tracker.event import Footprint
from tracker.ingest.context import IngestContext
from tracker.ingest.salts import GRACE, SaltBook, SharedSalts, day_start, destroy_old_salts
from tracker.ingest.visitor import daily_hash, name_visitor, truncate
from tracker.models import Salt
from tracker.sites import SiteInfo
from tracker.sqlite import empty_log

# Sites' zones that made trouble for somebody: midnights skipped and doubled, half hours, skipped days.
ZONES = [
    "Europe/Warsaw",
    "America/New_York",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Havana",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "UTC",
]
moments = st.datetimes(datetime(2005, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(ZONES) | st.sampled_from(sorted(available_timezones() - {"localtime"}))


def in_zone(site: SiteInfo, zone: str, **other) -> SiteInfo:
    return SiteInfo(**{**site.__dict__, "zone": zone, **other})


def named(site: SiteInfo, ingest: IngestContext, **arrival) -> Footprint:
    footprint = footprint_of(site)
    name_visitor(footprint, arrival_of(**arrival), site, ingest)
    return footprint


def days_kept(database: Database) -> list[date]:
    with database.session() as session:
        return sorted(session.scalars(select(Salt.day)))


def test_a_visitor_has_one_name_all_day(site, ingest):
    morning = named(site, ingest, received_at=at("2026-03-01 02:00"))
    evening = named(site, ingest, received_at=at("2026-03-01 22:59:59"))
    assert morning.visitor_id == evening.visitor_id
    assert -(2**63) <= morning.visitor_id < 2**63


def test_at_the_sites_own_midnight_the_name_changes(site, ingest):
    before = named(site, ingest, received_at=at("2026-03-01 22:59:59"))  # Warsaw is an hour ahead
    after = named(site, ingest, received_at=at("2026-03-01 23:00"))
    assert before.visitor_id != after.visitor_id
    assert after.earlier_visitor_id == before.visitor_id


def test_an_hour_after_midnight_nothing_ties_a_visitor_to_yesterday(site, ingest, database):
    named(site, ingest, received_at=at("2026-03-01 12:00"))
    in_grace = named(site, ingest, received_at=at("2026-03-01 23:59:59.999"))
    later = named(site, ingest, received_at=at("2026-03-02 00:00"))
    assert in_grace.earlier_visitor_id is not None
    assert later.earlier_visitor_id is None
    assert later.visitor_id == in_grace.visitor_id
    destroy_old_salts(database, ingest.salts, [site], at("2026-03-02 00:00"))
    assert days_kept(database) == [date(2026, 3, 2)]


def test_yesterdays_salt_is_kept_while_it_is_needed(site, ingest, database):
    named(site, ingest, received_at=at("2026-03-01 12:00"))
    named(site, ingest, received_at=at("2026-03-01 23:30"))
    assert destroy_old_salts(database, ingest.salts, [site], at("2026-03-01 23:59")) == 0
    assert days_kept(database) == [date(2026, 3, 1), date(2026, 3, 2)]


def test_a_destroyed_salt_is_in_no_byte_on_disk(site, ingest, database, settings):
    salt = ingest.salts.at(site, at("2026-03-01 12:00")).today

    def on_disk() -> bool:
        return any(salt in file.read_bytes() for file in settings.data.glob("footfall.sqlite*"))

    assert on_disk()
    with database.engine.connect() as reader:
        reader.exec_driver_sql("PRAGMA busy_timeout=1")
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT count(*) FROM salt").scalar_one()
        destroy_old_salts(database, ingest.salts, [site], at("2026-03-03 12:00"))
        assert ingest.salts.wipe_pending
    destroy_old_salts(database, ingest.salts, [site], at("2026-03-03 12:01"))
    assert not on_disk()


def test_a_salt_that_moved_before_it_was_destroyed_is_in_no_byte_on_disk(ingest, database, settings):
    """Where salts of many sites and zones come and go, rows move between pages, and leave copies behind."""
    dice = random.Random(4)
    zones = [dice.choice([0, 1, 1, 1, 2, 5, 8, 9, 16, 18, 19]) for _ in range(1000)]
    kept: dict[tuple[int, str], bytes] = {}
    gone: set[bytes] = set()

    def on_disk() -> int:
        assert empty_log(database.engine)
        held = (settings.data / "footfall.sqlite").read_bytes()
        return sum(salt in held for salt in gone)

    def day_of(site: int, hour: int) -> str:
        return f"2026-03-{1 + (hour + zones[site]) // 24:02}"

    with closing(sqlite3.connect(settings.data / "footfall.sqlite", isolation_level=None)) as raw:
        raw.execute("PRAGMA secure_delete=ON")
        for hour in range(24 * 20):
            seen = [(site, day_of(site, hour)) for site in dice.sample(range(len(zones)), 600)]
            fresh = {key: dice.randbytes(32) for key in seen if key not in kept}
            raw.execute("BEGIN")
            raw.executemany(
                "INSERT INTO salt (site_id, day, value) VALUES (?, ?, ?)", [(*key, salt) for key, salt in fresh.items()]
            )
            kept |= fresh
            over = [(site, day) for site, day in kept if day < day_of(site, hour - 1)]
            raw.executemany("DELETE FROM salt WHERE site_id = ? AND day = ?", over)
            raw.execute("COMMIT")
            gone |= {kept.pop(key) for key in over}
            if over and on_disk():
                break
    assert on_disk() > 0  # else there is nothing to see here
    destroy_old_salts(database, ingest.salts, [], at("2026-03-20 12:00"))
    assert on_disk() == 0
    with database.engine.connect() as connection:
        assert set(connection.exec_driver_sql("SELECT value FROM salt").scalars()) == set(kept.values())


def test_no_earlier_name_for_a_site_that_had_no_yesterday(site, ingest):
    assert named(site, ingest, received_at=at("2026-03-01 23:10")).earlier_visitor_id is None


def test_global_privacy_control_and_count_mode_give_no_name(site, ingest):
    assert named(site, ingest, global_privacy_control=True).visitor_id is None
    counting = in_zone(site, site.zone, privacy_mode="count")
    assert named(counting, ingest).visitor_id is None


def test_sites_cannot_be_compared(site, ingest, database):
    other = SiteInfo(**{**site.__dict__, "id": site.id + 1})
    with database.session() as session:
        session.add(Salt(site_id=site.id, day=date(2026, 3, 1), value=b"a" * 32))
    book = SaltBook(SharedSalts(database))
    assert daily_hash(book.at(site, at("2026-03-01 12:00")).today, "n", "a") != daily_hash(b"b" * 32, "n", "a")
    assert other.id != site.id


def test_a_network_is_one_visitor_and_another_agent_is_another(site, ingest):
    one = named(site, ingest, address="203.0.113.1")
    same_network = named(site, ingest, address="203.0.113.200")
    other_network = named(site, ingest, address="203.0.114.1")
    other_agent = named(site, ingest, address="203.0.113.1", user_agent="another")
    assert one.visitor_id == same_network.visitor_id
    assert len({one.visitor_id, other_network.visitor_id, other_agent.visitor_id}) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.1", "192.0.2.254"),
        ("::ffff:192.0.2.1", "192.0.2.9"),
        ("2001:db8:1:2::1", "2001:db8:1:ffff::9"),
        ("", "unix:/run/socket"),
    ],
)
def test_addresses_of_one_network_are_truncated_to_the_same(one, other):
    assert truncate(one) == truncate(other)


def test_networks_are_told_apart():
    assert truncate("192.0.2.1") != truncate("192.0.3.1")
    assert truncate("2001:db8:1::1") != truncate("2001:db8:2::1")


def test_hosts_that_start_a_day_together_share_its_salt(site, database):
    found: list[bytes] = []

    def ask() -> None:
        found.append(SaltBook(SharedSalts(database)).at(site, at("2026-03-01 12:00")).today)

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_address_is_written_nowhere(site, ingest):
    footprint = footprint_of(site)
    at_request(footprint, site, ingest, address="198.51.100.234")
    assert "198.51.100" not in repr(footprint)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=moments, zone=zones)
def test_salts_follow_the_sites_days_in_every_zone_and_season(moment, zone, site, database):
    local = in_zone(site, zone)
    book = SaltBook(SharedSalts(database))
    salts = book.at(local, moment)
    assert salts.starts <= moment < salts.ends
    day = moment.astimezone(ZoneInfo(zone)).date()
    midnight = day_start(local, day)
    assert midnight.astimezone(ZoneInfo(zone)).date() == day
    assert (midnight - timedelta(milliseconds=1)).astimezone(ZoneInfo(zone)).date() < day

    assert book.at(local, midnight).today == salts.today
    before = book.at(local, midnight - timedelta(milliseconds=1)).today
    assert before != salts.today
    assert book.at(local, midnight).earlier == before
    assert book.at(local, midnight + GRACE - timedelta(milliseconds=1)).earlier == before
    assert book.at(local, midnight + GRACE).earlier is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=moments, zone=zones)
def test_nothing_of_a_day_is_left_an_hour_after_it(moment, zone, site, database):
    local = in_zone(site, zone)
    book = SaltBook(SharedSalts(database))
    book.at(local, moment)
    midnight = day_start(local, moment.astimezone(ZoneInfo(zone)).date() + timedelta(days=1))
    destroy_old_salts(database, book, [local], midnight + GRACE)
    day = moment.astimezone(ZoneInfo(zone)).date()
    assert day not in days_kept(database)
