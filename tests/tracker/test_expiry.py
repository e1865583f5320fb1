"""What is older than its site keeps it goes from everywhere, and a clock that jumps deletes nothing."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from tests.kit.ground import SQLITE, at
from tests.kit.house import furnish
from tests.kit.store import Loading, Visiting, stored
from tracker import archive, expiry
from tracker.audit import entries
from tracker.dead_letters import DeadLetter, DeadLetters
from tracker.doctor import examine
from tracker.house import House, open_house
from tracker.models import AuditEntry, Identifier, Site
from tracker.retention import kept_from
from tracker.settings import Settings
from tracker.sites import SiteInfo, create_site, describe
from tracker.store.schema import event

NOW = at("2026-03-31 12:00")
ACTIONS = (expiry.DONE, expiry.HELD_BACK, expiry.ALLOWED, expiry.CHANGED)


@pytest.fixture(params=["duckdb", pytest.param("clickhouse", marks=pytest.mark.clickhouse)])
def house(request: pytest.FixtureRequest, settings: Settings, bare_house: list[Path]) -> Iterator[House]:
    """A house on each engine in turn."""
    if request.param == "clickhouse":
        settings.events_url = request.getfixturevalue("clickhouse_url")
    furnish(settings.data, bare_house)
    opened = open_house(settings)
    yield opened
    opened.close()


def add_site(house: House, days: int | None) -> SiteInfo:
    with house.database.session() as session:
        made = create_site(session, "Shop", ["shop.example"])
        made.retention_days = days
        house.sites.forget()
        return describe(made)


Visits = Callable[[SiteInfo], Visiting]


@pytest.fixture
def visits_of(house: House) -> Visits:
    house.settings.batch_folder.mkdir(exist_ok=True)
    load = Loading(house.store, house.settings.batch_folder)
    made: dict[int, Visiting] = {}  # one a site, for each numbers its views from 1
    return lambda site: made.setdefault(site.id, Visiting(load, site))


@pytest.fixture
def shop(house: House, visits_of: Visits) -> SiteInfo:
    """A site that keeps its last ten days, with two views on each of 30 days before NOW."""
    site = add_site(house, 10)
    fill(visits_of(site), 30)
    return site


def fill(visit: Visiting, days: int) -> None:
    with visit.at_once():
        for day in range(days):
            visit(f"{NOW - timedelta(days=day):%Y-%m-%d} 10:00", ["/", "/a"])


def stored_events(house: House, site: SiteInfo) -> int:
    return int(house.store.query(select(func.count()).where(event.c.site_id == site.id)).rows[0][0])


def done(house: House, site: SiteInfo) -> list[str]:
    """Return what the audit says, the oldest first."""
    with house.database.session() as session:
        return [entry.action for entry in reversed(entries(session, site.id, ACTIONS))]


def doctor_says(house: House) -> str:
    return next(one.text for one in examine(house) if one.about == "retention")


def run(house: House, later: timedelta = timedelta(0)) -> None:
    expiry.expire(house, NOW + later)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def test_what_is_too_old_goes_and_the_audit_says_so(house: House, shop: SiteInfo, visits_of: Visits) -> None:
    other = add_site(house, None)
    fill(visits_of(other), 30)
    run(house)
    assert stored_events(house, shop) == 20
    assert stored_events(house, other) == 60
    with house.database.session() as session:
        (entry,) = session.scalars(select(AuditEntry))
    assert (entry.site_id, entry.who, entry.action) == (shop.id, "footfall", "expire")
    assert entry.detail["events"] == 40
    assert entry.detail["before"] == "2026-03-22"


def test_a_turn_that_deletes_nothing_leaves_no_entry_but_the_first(house: House, shop: SiteInfo) -> None:
    for hour in range(4):
        run(house, timedelta(hours=hour))
    assert done(house, shop) == ["expire"]


def test_days_that_pass_leave_one_after_the_other(house: House, shop: SiteInfo) -> None:
    run(house)
    for day in (1, 2, 4):
        run(house, days(day))
        assert stored_events(house, shop) == 20 - 2 * day
    assert done(house, shop) == ["expire"] * 4


def test_a_clock_that_jumps_deletes_nothing_and_is_told_of(house: House, shop: SiteInfo) -> None:
    run(house)
    for hours in range(3):
        run(house, days(365) + timedelta(hours=hours))
    assert stored_events(house, shop) == 20
    assert done(house, shop) == ["expire", "hold-expiry"]
    assert "Shop: 20 events of" in doctor_says(house)
    run(house, days(1))  # the clock is set right
    assert stored_events(house, shop) == 18
    assert doctor_says(house) == "nothing that is too old waits"


def test_a_jump_is_held_back_too_where_nothing_was_old_before(house: House, visits_of: Visits) -> None:
    young = add_site(house, 393)
    fill(visits_of(young), 2)
    run(house)
    run(house, days(3650))
    assert stored_events(house, young) == 4
    assert done(house, young) == ["expire", "hold-expiry"]


def test_a_busy_day_is_no_jump(house: House, shop: SiteInfo, visits_of: Visits) -> None:
    run(house)
    visiting = visits_of(shop)
    with visiting.at_once():
        for minute in range(50):
            visiting(f"2026-03-22 11:{minute:02}", ["/", "/a"])
    assert stored_events(house, shop) == 120
    run(house, days(1))
    assert stored_events(house, shop) == 18


def test_a_late_straggler_is_no_jump(house: House, shop: SiteInfo, visits_of: Visits) -> None:
    run(house)
    visits_of(shop)("2026-01-01 10:00")
    assert stored_events(house, shop) == 21
    run(house)
    assert stored_events(house, shop) == 20


def test_a_person_lets_it_go_ahead(house: House, shop: SiteInfo) -> None:
    run(house)
    run(house, days(9))
    with house.database.session() as session:
        assert expiry.allow(session, shop.id, "ann@example.org")
        assert not expiry.allow(session, shop.id, "ann@example.org")
    run(house, days(9))
    assert stored_events(house, shop) == 2
    assert done(house, shop) == ["expire", "hold-expiry", "allow-expiry", "expire"]
    run(house, days(200))
    assert stored_events(house, shop) == 2, "it was allowed once"


def test_on_the_third_day_of_a_steady_clock_it_goes_ahead(house: House, shop: SiteInfo) -> None:
    run(house)
    for day, left in ((6, 20), (7, 20), (8, 4)):
        run(house, days(day))
        assert stored_events(house, shop) == left


def test_a_clock_that_jumps_on_and_on_is_not_steady(house: House, shop: SiteInfo) -> None:
    run(house)
    for day in (6, 36, 66, 96):
        run(house, days(day))
    assert stored_events(house, shop) == 20


def test_the_first_turn_after_a_change_may_delete_much(house: House, shop: SiteInfo) -> None:
    run(house)
    with house.database.session() as session:
        session.get_one(Site, shop.id).retention_days = 2
        session.add(
            AuditEntry(site_id=shop.id, at=NOW, who="ann", action=expiry.CHANGED, subject="retention", detail={"to": 2})
        )
    house.sites.forget()
    run(house)
    assert stored_events(house, shop) == 4
    run(house, days(30))
    assert stored_events(house, shop) == 4


def test_archive_and_dead_letters_lose_whole_days(house: House, shop: SiteInfo) -> None:
    folder = house.settings.archive_folder
    archive.add(folder, "part", sorted(house.settings.batch_folder.glob("*.ndjson")))
    kept, alien = folder / str(shop.id), folder / "99" / "2026-03-01"
    alien.mkdir(parents=True)
    letters = house.settings.dead_folder
    for day in ("2026-03-21", "2026-03-22"):
        write_letters(letters, day, shop.id)
    run(house)
    assert min(path.name for path in kept.iterdir()) == "2026-03-22"
    assert len(list(kept.iterdir())) == 10
    assert alien.exists()
    left = [(letter.origin, letter.site_id) for letter in DeadLetters(letters)]
    assert left == [("2026-03-21-99", 99), (f"2026-03-22-{shop.id}", shop.id), ("2026-03-22-99", 99)]


def test_a_store_made_again_from_the_archive_has_nothing_old(house: House, shop: SiteInfo) -> None:
    archive.add(house.settings.archive_folder, "part", sorted(house.settings.batch_folder.glob("*.ndjson")))
    run(house)
    list(archive.replay(house.settings.archive_folder, house.store))
    oldest = house.store.query(select(func.min(event.c.occurred_at)).where(event.c.site_id == shop.id)).rows[0][0]
    first = kept_from(shop, NOW)
    assert first
    assert oldest == first + timedelta(hours=10) == stored("2026-03-22 10:00")


def test_identifiers_not_seen_since_go_too(house: House, shop: SiteInfo) -> None:
    with house.database.session() as session:
        for number, seen in ((1, "2026-03-21 12:00"), (2, "2026-03-22 00:00")):
            session.add(
                Identifier(site_id=shop.id, id=number, kind="login", first_seen_at=at(seen), last_seen_at=at(seen))
            )
    run(house)
    with house.database.session() as session:
        assert list(session.scalars(select(Identifier.id))) == [2]


def test_identifiers_that_went_are_in_no_byte_of_the_file(house: House, shop: SiteInfo) -> None:
    # in no order, so that rows move to other pages as they come, and leave copies where they were
    ids = random.Random(7).sample(range(1 << 56, 1 << 62), 4000)
    old, young = NOW - days(60), NOW - days(1)
    for some in range(0, len(ids), 50):
        with house.database.session() as session:
            for number, one in enumerate(ids[some : some + 50]):
                seen_at = old if number % 2 else young
                seen = {"first_seen_at": seen_at, "last_seen_at": seen_at}
                session.add(Identifier(site_id=shop.id, id=one, kind="daily_hash", **seen))
    run(house)
    with house.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Identifier)) == 2000
    files = b"".join(file.read_bytes() for file in house.settings.data.glob(f"{SQLITE}*"))
    assert [one for one in ids[1::2] if one.to_bytes(8, "big") in files] == []


def write_letters(folder: Path, day: str, site_id: int) -> None:
    folder.mkdir(exist_ok=True)
    made = [DeadLetter(f"{day}-{site}", site, "store", "", 1) for site in (site_id, 99)]
    (folder / f"{day}.ndjson").write_bytes(msgspec.json.Encoder().encode_lines(made))
