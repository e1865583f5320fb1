"""Copies a whole installation into one file while it runs, and puts it back.

In it: sites, users and keys; the event store; the archive; acknowledged events that are not
loaded yet; the secret that signs forms. Not in it: salts, which no copy may keep, and what
PostgreSQL and ClickHouse hold, which have backups of their own.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

import tracker
from tracker.claim import LOCK_FILE, Claim
from tracker.clock import utc_now
from tracker.errors import FootfallError
from tracker.house import House
from tracker.rights.restoring import FILE, FORMAT, Tombstones, rescue, write_file
from tracker.secret import load_secret
from tracker.settings import Settings
from tracker.spool import files, is_closed
from tracker.sqlite import copy_sqlite
from tracker.store.duckdb import DuckStore
from tracker.store.opening import COPY
from tracker.store.schema import event
from tracker.tarball import read_tarball, write_tarball

_RELATIONAL = "footfall.sqlite"
_OWN = {LOCK_FILE, "backups"}  # what an otherwise empty data folder may hold


def back_up(house: House, target: Path) -> Iterator[int]:
    """Write a backup to `target`, yielding the bytes done; FootfallError when it cannot be written."""
    if target.exists():
        raise FootfallError(f"{target} exists; name a new file, no backup is overwritten")
    if not target.parent.is_dir():
        raise FootfallError(f"there is no folder {target.parent}; make it or choose another")
    settings = house.settings
    # there the next start removes what a kill leaves of it, which no erasure would find
    with tempfile.TemporaryDirectory(prefix=COPY, dir=settings.export_folder) as name:
        folder = Path(name)
        try:
            _copy_relational(settings, folder)
            _copy_events(house, folder)
        except (OSError, sqlite3.OperationalError) as error:
            raise FootfallError(f"cannot copy the stores within {settings.data} ({error}); is there room?") from error
        about = {
            "made_at": utc_now().isoformat(timespec="seconds"),
            "footfall": tracker.__version__,
            "relational": house.database.engine.dialect.name,
            "events": house.store.name,
        }
        yield from write_tarball(target, folder, about)


def _copy_relational(settings: Settings, folder: Path) -> None:
    if not settings.database_url:
        copy_sqlite(settings.data / "footfall.sqlite", folder / "footfall.sqlite")
    (folder / "secret").write_bytes(load_secret(settings.data))


def _copy_events(house: House, folder: Path) -> None:
    """Copy store, spool and archive so that each event is in at least one of them.

    No batch commits meanwhile, so the spool holds all beyond the store's marks. A file that
    the loader finishes on the way is in the archive before it leaves the spool, and its
    batches stay until the store has forgotten its mark, which it cannot meanwhile.
    """
    settings = house.settings
    store = house.store
    with store.standing_still() if isinstance(store, DuckStore) else nullcontext():
        if isinstance(store, DuckStore):
            shutil.copyfile(store.file, folder / settings.store_file.name)
        (folder / "spool").mkdir()
        for segment in files(settings.spool_folder):
            with suppress(FileNotFoundError):
                _copy_segment(segment, folder / "spool" / segment.name)
        for kept in (settings.batch_folder, settings.dead_folder, settings.archive_folder):
            _link_all(kept, folder / kept.name)


def _copy_segment(segment: Path, target: Path) -> None:
    if is_closed(segment):
        _link(segment, target)
        return
    source = f"{segment.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(source, uri=True)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _link_all(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                _link(path, copy)


def _link(path: Path, copy: Path) -> None:
    """Link a file that never changes; copy it where the file system knows no links."""
    try:
        os.link(path, copy)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(path, copy)


def verify(source: Path) -> dict[str, Any]:
    """Return what a backup holds, after reading every byte of it; FootfallError when it is not whole."""
    with tempfile.TemporaryDirectory(prefix="footfall-verify-") as name:
        folder = Path(name)
        manifest = read_tarball(source, folder)
        found: dict[str, Any] = {key: manifest[key] for key in ("made_at", "footfall", "relational", "events")}
        found["bytes"] = sum(fact["bytes"] for fact in manifest["files"].values())
        if (folder / "footfall.sqlite").exists():
            found["sites"] = _count_sites(source, folder / "footfall.sqlite")
        if (folder / "events.duckdb").exists():
            found["stored"] = _count_events(source, folder / "events.duckdb")
    return found


def _count_sites(source: Path, file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise FootfallError(f"{source}: the relational store in it is damaged; use another backup")
        return int(connection.execute("SELECT count(*) FROM site").fetchone()[0])


def _count_events(source: Path, file: Path) -> int:
    try:
        store = DuckStore(file)
        store.migrate()
        return int(store.query(select(func.count()).select_from(event)).rows[0][0])
    except Exception as error:
        raise FootfallError(f"{source}: the event store in it does not open ({error}); use another backup") from error


def restore(settings: Settings, source: Path, *, force: bool = False) -> dict[str, Any]:
    """Put a backup into the data folder and return what it held.

    FootfallError when a server runs there, or when the folder holds something and `force`
    is not given; with it, what is there moves into a subfolder of `backups`. Whoever was erased
    there stays erased: the tombstones are carried over, and obeyed when the house is opened.
    """
    with Claim(settings.data):
        present = [path for path in settings.data.iterdir() if path.name not in _OWN]
        if present and not force:
            raise FootfallError(
                f"data folder {settings.data} is not empty; set FOOTFALL_DATA to a new one, "
                "or give --force to set aside what it holds"
            )
        with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.data) as name:
            manifest = read_tarball(source, Path(name))
            manifest["tombstones"] = _carry_tombstones(settings, Path(name))
            if present:
                aside = settings.data / "backups" / f"replaced-{utc_now():%Y%m%dT%H%M%SZ}"
                aside.mkdir(parents=True, mode=0o700)
                for path in present:
                    path.rename(aside / path.name)
            for path in Path(name).iterdir():
                path.rename(settings.data / path.name)
    return manifest


def _carry_tombstones(settings: Settings, folder: Path) -> bool:
    """Lay the present tombstones beside what comes back; False when they are there and cannot be read.

    PostgreSQL keeps its own: there an empty file says that they are to be obeyed once more.
    """
    if settings.database_url:
        write_file(folder / FILE, Tombstones(FORMAT, utc_now(), {}))
        return True
    if not (settings.data / _RELATIONAL).exists():
        return True
    told = rescue(settings.data / _RELATIONAL)
    if told is not None and told.sites:
        write_file(folder / FILE, told)
    return told is not None
