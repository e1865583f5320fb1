"""A backup of a house at work, and what comes back from it."""

import errno
import io
import shutil
import sqlite3
import tarfile
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from tests.kit.store import FIREFOX
from tracker import backup
from tracker.backup import back_up, restore, verify
from tracker.clock import now_ms
from tracker.errors import FootfallError
from tracker.event import Event, Footprint
from tracker.house import House, open_house
from tracker.models import Salt
from tracker.settings import Settings, load_settings
from tracker.sites import create_site
from tracker.store.schema import event

SECRET_SALT = b"salt that no copy may keep 12345"


@pytest.fixture
def site_id(house: House) -> int:
    with house.database.session() as session:
        site = create_site(session, "Shop", ["shop.example"])
        session.add(Salt(site_id=site.id, day=date(2026, 3, 1), value=SECRET_SALT))
        return site.id


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    return load_settings({"FOOTFALL_DATA": str(tmp_path / "elsewhere")})


def send(house: House, site_id: int, number: int) -> None:
    """Have one event acknowledged."""
    view = Event(id=f"{number:016x}-0", kind="view", at=now_ms(), url="https://shop.example/")
    footprint = Footprint(site_id=site_id, received_at=now_ms(), visitor_id=number, user_agent=FIREFOX, events=[view])
    house.spool.submit(msgspec.json.encode(footprint), 1).result(10)


def write(house: House, target: Path) -> Path:
    for _ in back_up(house, target):
        pass
    return target


def stored(house: House) -> tuple[int, int]:
    """Return how many events are stored, and how many different ones."""
    [(events, views)] = house.store.query(select(func.count(), func.count(event.c.view_id.distinct()))).rows
    return events, views


def test_all_comes_back_whether_loaded_or_waiting(
    house: House, site_id: int, tmp_path: Path, elsewhere: Settings
) -> None:
    for number in range(5):
        send(house, site_id, number)
    assert house.loader.drain(60)
    for number in range(5, 8):
        send(house, site_id, number)
    restore(elsewhere, write(house, tmp_path / "backup.tar"))
    again = open_house(elsewhere)
    assert again.loader.drain(60)
    assert [site.name for site in again.sites.all()] == ["Shop"]
    assert stored(again) == (8, 8)
    assert again.accepted_before == 8
    again.close()


def test_a_backup_under_load_is_whole(house: House, site_id: int, tmp_path: Path, elsewhere: Settings) -> None:
    house.loader.start()
    done, before = threading.Event(), threading.Event()
    sent = []

    def load() -> None:
        while not done.is_set():
            send(house, site_id, len(sent))
            sent.append(True)
            if len(sent) == 50:
                before.set()

    sender = threading.Thread(target=load)
    sender.start()
    assert before.wait(30)
    acknowledged = len(sent)
    write(house, tmp_path / "backup.tar")
    done.set()
    sender.join()
    restore(elsewhere, tmp_path / "backup.tar")
    again = open_house(elsewhere)
    assert again.loader.drain(60)
    events, views = stored(again)
    again.close()
    assert events == views
    assert acknowledged <= events <= len(sent)


def test_no_salt_is_in_a_backup(house: House, site_id: int, tmp_path: Path) -> None:
    target = write(house, tmp_path / "backup.tar")
    assert SECRET_SALT not in target.read_bytes()
    with closing(sqlite3.connect(house.settings.data / "footfall.sqlite")) as live:
        assert live.execute("SELECT value FROM salt").fetchone() == (SECRET_SALT,)


def test_a_backup_is_for_its_owner_only(house: House, tmp_path: Path) -> None:
    assert write(house, tmp_path / "backup.tar").stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_in_the_data_folder(house: House, tmp_path: Path) -> None:
    before = set(house.settings.data.iterdir())
    write(house, tmp_path / "backup.tar")
    assert set(house.settings.data.iterdir()) - before <= {house.settings.data / "secret"}
    assert not list(house.settings.export_folder.iterdir())


def test_what_a_kill_left_of_a_backup_goes_with_the_next_start(
    house: House, tmp_path: Path, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        shutil.copytree(house.settings.export_folder, elsewhere.export_folder)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup, "_copy_events", killed)
    with pytest.raises(FootfallError, match="No space left"):
        write(house, tmp_path / "backup.tar")
    assert [one.name for one in elsewhere.export_folder.glob("*/*")]
    open_house(elsewhere).close()
    assert not list(elsewhere.export_folder.iterdir())


def test_a_backup_that_finds_no_room_is_not_called_damaged(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target = write(house, tmp_path / "backup.tar")
    monkeypatch.setattr(tarfile.TarFile, "extractall", full)
    with pytest.raises(FootfallError, match="there is no room to unpack"):
        verify(target)


def test_verify_tells_what_a_backup_holds(house: House, site_id: int, tmp_path: Path) -> None:
    send(house, site_id, 1)
    assert house.loader.drain(60)
    found = verify(write(house, tmp_path / "backup.tar"))
    assert (found["sites"], found["stored"], found["events"]) == (1, 1, "duckdb")


def test_a_cut_or_changed_backup_is_found_out(house: House, site_id: int, tmp_path: Path) -> None:
    whole = write(house, tmp_path / "backup.tar").read_bytes()
    damaged = tmp_path / "damaged.tar"
    middle = whole.index(b"SQLite format 3") + 5000
    changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    for data in (b"", b"x" * 1000, whole[: len(whole) // 2], whole[: whole.rindex(b"sha256")], changed):
        damaged.write_bytes(data)
        with pytest.raises(FootfallError, match="use another") as caught:
            verify(damaged)
        assert "\n" not in str(caught.value)


def test_a_backup_that_reaches_out_of_its_folder_is_refused(tmp_path: Path, elsewhere: Settings) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        member = tarfile.TarInfo("../escaped")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    with pytest.raises(FootfallError, match="no whole backup"):
        restore(elsewhere, tmp_path / "evil.tar")
    assert not list(tmp_path.rglob("escaped"))


def test_no_file_is_overwritten(house: House, tmp_path: Path) -> None:
    target = write(house, tmp_path / "backup.tar")
    with pytest.raises(FootfallError, match="exists; name a new file"):
        write(house, target)
    with pytest.raises(FootfallError, match="there is no folder"):
        write(house, tmp_path / "nowhere" / "backup.tar")


def test_restore_wants_an_empty_folder_that_nobody_uses(
    house: House, site_id: int, tmp_path: Path, elsewhere: Settings
) -> None:
    target = write(house, tmp_path / "backup.tar")
    with pytest.raises(FootfallError, match="in use by process"):
        restore(house.settings, target)
    restore(elsewhere, target)
    with pytest.raises(FootfallError, match=r"not empty; .*--force"):
        restore(elsewhere, target)


def test_force_sets_aside_what_was_there(house: House, site_id: int, tmp_path: Path, elsewhere: Settings) -> None:
    target = write(house, tmp_path / "backup.tar")
    elsewhere.data.mkdir()
    (elsewhere.data / "footfall.sqlite").write_bytes(b"the old one")
    restore(elsewhere, target, force=True)
    [aside] = (elsewhere.data / "backups").glob("replaced-*")
    assert (aside / "footfall.sqlite").read_bytes() == b"the old one"
    again = open_house(elsewhere)
    assert len(again.sites.all()) == 1
    again.close()


def test_a_damaged_backup_leaves_the_folder_as_it_was(tmp_path: Path, elsewhere: Settings) -> None:
    elsewhere.data.mkdir()
    (elsewhere.data / "footfall.sqlite").write_bytes(b"the old one")
    (tmp_path / "bad.tar").write_bytes(b"bad")
    with pytest.raises(FootfallError):
        restore(elsewhere, tmp_path / "bad.tar", force=True)
    assert (elsewhere.data / "footfall.sqlite").read_bytes() == b"the old one"
