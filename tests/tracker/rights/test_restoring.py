"""No restore brings anybody back who was erased."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.tracker.rights.people import Someone, found_in, put_away, send, someone, stitched_site, visit
from tracker.backup import back_up, restore
from tracker.errors import FootfallError
from tracker.house import House, open_house
from tracker.identity.hand import profile_of
from tracker.rights.restoring import FILE, collect, read_file, write_file
from tracker.settings import load_settings
from tracker.sites import SiteInfo
from tracker.store.schema import event


@pytest.fixture
def shop(house: House) -> SiteInfo:
    return stitched_site(house)


def backup(house: House, target: Path) -> Path:
    for _ in back_up(house, target):
        pass
    return target


def erase(house: House, site: SiteInfo, who: Someone) -> None:
    with house.database.session() as session:
        number = profile_of(session, site.id, who.login)
    house.erasing.begin(site, number, "anna@example.org")
    house.erasing.finish()


def events(house: House) -> int:
    return int(house.store.query(select(func.count()).select_from(event)).rows[0][0])


def test_an_older_backup_brings_nobody_back(house: House, shop: SiteInfo, tmp_path: Path) -> None:
    ann, bob = someone(shop), someone(shop)
    send(house, [visit(shop, ann), visit(shop, bob)])
    put_away(house)
    send(house, [visit(shop, ann, 1), visit(shop, bob, 1)])  # in the backup these wait in the spool
    older = backup(house, tmp_path / "older.tar")
    erase(house, shop, ann)
    house.close()
    restore(house.settings, older, force=True)
    data = house.settings.data
    assert any(not path.startswith("backups") for path in found_in(data, [ann.marker.encode()]))
    again = open_house(house.settings)
    assert again.loader.drain(60)
    assert again.store.tallies()[shop.id, "dropped", "erased"] > 0
    [done] = again.erasing.finish()
    assert done.counts["events"] > 0
    assert found_in(data, ann.traces) == {}
    assert events(again) == bob.events
    assert not (data / FILE).exists()
    again.close()


def test_tombstones_go_to_a_new_machine_in_a_file(house: House, shop: SiteInfo, tmp_path: Path) -> None:
    ann, bob = someone(shop, 1), someone(shop, 1)
    bob.devices = ann.devices  # one device: its time that was hers goes along
    send(house, [visit(shop, ann, looks=False), visit(shop, bob, ago_s=600, looks=False)])
    put_away(house)
    older = backup(house, tmp_path / "older.tar")
    erase(house, shop, ann)
    with house.database.session() as session:
        assert write_file(tmp_path / "stones.json", collect(session)) == 2  # her login, and her time on the device
    fresh = load_settings({"FOOTFALL_DATA": str(tmp_path / "new")})
    restore(fresh, older)
    new = open_house(fresh)
    assert events(new) == ann.events + bob.events
    applied = new.erasing.put_up(read_file(tmp_path / "stones.json"), "anna@example.org")
    assert applied.unknown == ()
    new.erasing.finish()
    assert events(new) == bob.events
    assert found_in(fresh.data, [ann.marker.encode()]) == {}
    new.close()


def test_a_site_that_is_not_there_is_told_and_the_others_are_obeyed(
    house: House, shop: SiteInfo, tmp_path: Path
) -> None:
    ann = someone(shop, 1)
    send(house, [visit(shop, ann)])
    put_away(house)
    erase(house, shop, ann)
    with house.database.session() as session:
        told = collect(session)
    told.sites["nosuchsite22"] = told.sites[shop.key]
    assert house.erasing.put_up(told, "anna@example.org").unknown == ("nosuchsite22",)


@pytest.mark.parametrize("text", ["", "{}", "[1", '{"format": 1, "made_at": "x", "sites": {}}'])
def test_a_file_that_is_no_tombstones_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(FootfallError, match="holds no tombstones"):
        read_file(tmp_path / "x.json")


def test_a_store_that_cannot_be_read_does_not_keep_one_from_restoring(
    house: House, shop: SiteInfo, tmp_path: Path
) -> None:
    older = backup(house, tmp_path / "older.tar")
    other = load_settings({"FOOTFALL_DATA": str(tmp_path / "other")})
    other.data.mkdir()
    (other.data / "footfall.sqlite").write_bytes(b"damaged" * 1000)
    assert restore(other, older, force=True)["tombstones"] is False
    open_house(other).close()


def test_a_restore_before_any_erasure_leaves_nothing_to_do(house: House, shop: SiteInfo, tmp_path: Path) -> None:
    older = backup(house, tmp_path / "older.tar")
    house.close()
    restore(house.settings, older, force=True)
    assert not (house.settings.data / FILE).exists()
    again = open_house(house.settings)
    assert again.erasing.finish() == []
    again.close()
