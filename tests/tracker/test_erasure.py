import pytest
from sqlalchemy import select

from tests.kit.pages import load, visit_of
from tracker.erasure import erase_site, finish_sites
from tracker.house import House
from tracker.models import Site
from tracker.sites import SiteInfo, create_site, describe
from tracker.store.base import StoreDownError
from tracker.store.schema import event, visit


def test_an_erased_site_is_gone_everywhere_and_its_number_is_never_given_again(house: House, shop: SiteInfo) -> None:
    with house.database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
    load(house, visit_of(shop, {}), visit_of(other, {}, {}))
    for site in (shop, other):
        part = house.settings.archive_folder / str(site.id) / "2026-01-01" / "part.parquet"
        part.parent.mkdir(parents=True)
        part.touch()
    house.spool.submit(b'{"site_id": %d, "received_at": 0}' % other.id, 1).result(10)
    erase_site(house, other.id)
    assert {site_id for site_id, _, _ in house.store.tallies()} == {shop.id}
    for table in (event, visit):
        assert {site_id for (site_id,) in house.store.query(select(table.c.site_id)).rows} == {shop.id}
    assert house.sites.by_id(other.id) is None
    house.spool.close()  # what was loaded before goes to the archive only now
    assert house.loader.drain(60)
    assert [folder.name for folder in house.settings.archive_folder.iterdir() if folder.is_dir()] == [str(shop.id)]
    with house.database.session() as session:
        assert create_site(session, "New", ["new.example"]).id > other.id


def test_a_deletion_that_was_broken_off_is_ended(house: House, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    with house.database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
    load(house, visit_of(shop, {}), visit_of(other, {}))

    def down(_site_id: int) -> None:
        raise StoreDownError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(house.store, "erase_site", down)
        with pytest.raises(StoreDownError):
            erase_site(house, other.id)
    assert stored(house) == {shop.id, other.id}
    finish_sites(house)
    assert stored(house) == {shop.id}
    assert {site_id for site_id, _, _ in house.store.tallies()} == {shop.id}


def test_a_site_that_nobody_deleted_stays_stored_whatever_the_database_knows(house: House, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {}))
    with house.database.session() as session:
        session.delete(session.get_one(Site, shop.id))
    finish_sites(house)
    assert stored(house) == {shop.id}


def stored(house: House) -> set[int]:
    return {site_id for (site_id,) in house.store.query(select(event.c.site_id)).rows}
