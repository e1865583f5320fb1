"""Opens the event store that the settings name."""

import shutil
from contextlib import suppress
from pathlib import Path

import duckdb
import structlog

from tracker import archive
from tracker.clock import utc_now
from tracker.settings import Settings
from tracker.store.base import EventStore, SiteLimits
from tracker.store.clickhouse import ClickHouseStore
from tracker.store.duckdb import DuckStore

_log = structlog.get_logger("footfall.store")
_DAMAGED = "damaged"
_EXPORT_LASTS_S = 3600
COPY = "backup-"
"""How the folders begin in which stores are copied for a backup, beside exports."""


def open_store(settings: Settings, limits: SiteLimits = dict) -> EventStore:
    """Open ClickHouse when its URL is set, else the DuckDB file, rebuilt from the archive when it is damaged.

    `limits` tells by which limits each site's signals are decided; those not in it have the usual ones.
    Raises FootfallError when the store is in use, out of reach or of a newer version.
    """
    _clear(settings.export_folder, older_than_s=_EXPORT_LASTS_S if settings.events_url else 0)
    if settings.events_url:
        return ClickHouseStore(settings.events_url, limits)
    settings.batch_folder.mkdir(parents=True, exist_ok=True)
    settings.archive_folder.mkdir(parents=True, exist_ok=True)
    try:
        return _duckdb(settings, limits)
    except duckdb.Error as error:
        problem = str(error).splitlines()[0]
    aside = set_aside(settings.store_file)
    _log.error("the event store is damaged: it is set aside and rebuilt from the archive", kept=str(aside), why=problem)
    store = _duckdb(settings, limits)
    rows = 0
    for rows in archive.replay(settings.archive_folder, store):
        _log.info("rebuilding the event store", events=rows)
    _log.warning("the event store is rebuilt; what is still in the spool follows", events=rows)
    return store


def _clear(folder: Path, older_than_s: int) -> None:
    """Remove what a stop may have left of exports and backups; what another process is writing now is younger."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in (*folder.glob("*.parquet"), *folder.glob(f"{COPY}*")):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < utc_now().timestamp() - older_than_s:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def set_aside(file: Path) -> Path:
    """Move a DuckDB file and its log out of the way, and return where the file is now."""
    aside = file.with_name(f"{file.name}.{_DAMAGED}-{utc_now():%Y%m%dT%H%M%S%f}")
    for end in (".wal", ""):
        part = file.with_name(file.name + end)
        if part.exists():
            part.rename(aside.with_name(aside.name + end))
    shutil.rmtree(file.with_name(file.name + ".tmp"), ignore_errors=True)
    return aside


def damaged_stores(settings: Settings) -> list[Path]:
    """Return the event stores that were set aside, oldest first; the owner may delete them."""
    found = settings.store_file.parent.glob(f"{settings.store_file.name}.{_DAMAGED}-*")
    return sorted(path for path in found if path.suffix != ".wal")


def _duckdb(settings: Settings, limits: SiteLimits) -> DuckStore:
    folders = [settings.archive_folder, settings.batch_folder, settings.export_folder]
    store = DuckStore(settings.store_file, folders, settings.store_memory_mb, limits)
    try:
        store.migrate()
    except BaseException:
        store.close()
        raise
    return store
