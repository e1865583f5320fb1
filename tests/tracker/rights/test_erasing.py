"""Who is erased leaves no trace, and nobody else loses anything."""

import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.tracker.rights.people import Someone, found_in, put_away, send, someone, stitched_site, visit
from tracker import archive
from tracker.backup import back_up
from tracker.house import House
from tracker.identity.hand import profile_of
from tracker.sites import SiteInfo
from tracker.store.schema import event, struggle
from tracker.store.schema import visit as visit_table


@pytest.fixture
def shop(house: House) -> SiteInfo:
    return stitched_site(house)


def profile(house: House, site: SiteInfo, who: Someone) -> int:
    with house.database.session() as session:
        return profile_of(session, site.id, who.login)


def erase(house: House, site: SiteInfo, who: Someone) -> str:
    begun = house.erasing.begin(site, profile(house, site, who), "anna@example.org")
    house.erasing.finish()
    return begun.reference


def events_of(house: House, who: Someone) -> int:
    return house.store.query(select(func.count()).select_from(event).where(event.c.visitor_id.in_(who.ids))).rows[0][0]


def counts(house: House) -> dict[str, int]:
    tables = (event, visit_table, struggle)
    return {table.name: house.store.query(select(func.count()).select_from(table)).rows[0][0] for table in tables}


def rows_of(house: House, *models: type[Any]) -> dict[str, int]:
    with house.database.session() as session:
        return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in models}


def test_forty_people_of_whom_fifteen_leave_no_trace(house: House, shop: SiteInfo, tmp_path: Path) -> None:
    dice = random.Random(7)
    people = [someone(shop, devices=dice.randint(1, 3)) for _ in range(40)]
    for some in (people[:20], people[20:]):  # two parts of the archive
        send(house, [visit(shop, who, number) for who in some for number in range(len(who.devices))])
        put_away(house)
    send(house, [visit(shop, who, ago_s=600) for who in people[::3]])  # what waits
    data = house.settings.data
    gone = dice.sample(people, 15)
    stay = [who for who in people if who not in gone]
    assert all(found_in(data, [who.marker.encode()]) for who in gone)
    for who in gone:
        house.erasing.begin(shop, profile(house, shop, who), "anna@example.org")
    house.erasing.finish()
    traces = [trace for who in gone for trace in who.traces]
    assert found_in(data, traces) == {}
    for _ in back_up(house, tmp_path / "after.tar"):
        pass
    assert found_in(tmp_path, [who.marker.encode() for who in gone]) == {}
    assert [events_of(house, who) for who in stay] == [who.events for who in stay]
    assert counts(house)["event"] == sum(who.events for who in stay)
    assert {profile(house, shop, who) for who in stay} & {one for who in gone for one in who.ids} == set()
    house.store.derive(shop.id)
    assert counts(house)["event"] == sum(who.events for who in stay)
    kept = list(archive.parts(house.settings.archive_folder))
    assert kept
