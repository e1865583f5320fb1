"""Examines an installation: each check says in one line what it found and, where that is bad, what to do."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

import maxminddb

from tracker.clock import utc_now
from tracker.expiry import held_back
from tracker.house import House
from tracker.pending import pending_events
from tracker.readiness import ingest_problem, reports_problem
from tracker.store.opening import damaged_stores

_OLD_GEOIP = timedelta(days=90)
_SOUND_SQLITE = (3, 51, 3)  # before it, two writers of one file could lose a reset of the write-ahead log
_LONG_QUEUE = 100_000


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's."""

    state: Literal["ok", "warning", "bad"]
    about: str
    text: str


def _stores(house: House) -> Finding:
    problem = reports_problem(house)
    if problem:
        return Finding("bad", "stores", f"{problem}; see the server's log")
    return Finding("ok", "stores", f"{house.database.engine.dialect.name} and {house.store.name} answer")


def _damage(house: House) -> Finding:
    aside = damaged_stores(house.settings)
    if aside:
        names = ", ".join(path.name for path in aside)
        return Finding("warning", "damage", f"made again from the archive; look at the disk, then delete {names}")
    return Finding("ok", "damage", "no event store was ever set aside")


def _collector(house: House) -> Finding:
    problem = ingest_problem(house)
    advice = {
        "no_space": "free some disk, or lower FOOTFALL_FREE_SPACE_FLOOR_MB",
        "spool_full": "see why the loader is behind, or raise FOOTFALL_SPOOL_CAP_MB",
    }
    if problem:
        return Finding("bad", "collector", f"refuses events ({problem}); {advice.get(problem, 'see the log')}")
    return Finding("ok", "collector", "takes events")


def _waiting(house: House) -> Finding:
    pending = pending_events(house.settings.spool_folder, house.store.marks())
    if pending > _LONG_QUEUE:
        return Finding("warning", "loader", f"{pending:,} events wait; if this grows, the machine is too small")
    return Finding("ok", "loader", f"{pending:,} events wait")


def _disk(house: House) -> Finding:
    free_mb = shutil.disk_usage(house.settings.data).free >> 20
    floor_mb = house.settings.free_space_floor_mb
    if free_mb < 4 * floor_mb:
        return Finding("warning", "disk", f"{free_mb:,} MB free; below {floor_mb:,} MB events are refused")
    return Finding("ok", "disk", f"{free_mb:,} MB free")


def _sqlite(_house: House) -> Finding:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < _SOUND_SQLITE:
        return Finding("ok", "sqlite", f"{version}; its log's known fault needs two writers of a file, ours has one")
    return Finding("ok", "sqlite", version)


def _clock(house: House) -> Finding:
    newest = max((path.stat().st_mtime for path in house.settings.data.iterdir()), default=0.0)
    ahead = datetime.fromtimestamp(newest, UTC) - utc_now()
    if ahead > timedelta(minutes=1):
        return Finding("bad", "clock", f"files are {ahead} younger than the clock; set the clock right (NTP)")
    return Finding("ok", "clock", utc_now().isoformat(timespec="seconds"))


def _retention(house: House) -> Finding:
    with house.database.session() as session:
        waiting = [(site, held) for site in house.sites.all() if (held := held_back(session, site.id))]
    if waiting:
        told = "; ".join(f"{site.name}: {held.events:,} events of {held.days:,} days" for site, held in waiting)
        return Finding(
            "warning",
            "retention",
            f"more than usual is too old and waits ({told}); see whether the clock is right, then allow it in the "
            "site's settings",
        )
    return Finding("ok", "retention", "nothing that is too old waits")


def _geoip(house: House) -> Finding:
    path = house.settings.geoip
    if not path:
        return Finding("ok", "geoip", "none given: countries are guessed from time zones and marked approximate")
    with maxminddb.open_database(path) as database:
        made = datetime.fromtimestamp(database.metadata().build_epoch, UTC)
    if utc_now() - made > _OLD_GEOIP:
        return Finding("warning", "geoip", f"{path} is of {made:%Y-%m-%d}; replace it by a newer one and restart")
    return Finding("ok", "geoip", f"{path} of {made:%Y-%m-%d}")


def _address(house: House) -> Finding:
    address = urlsplit(house.settings.address)
    private = address.hostname in {"localhost", "127.0.0.1", "::1"}
    if address.scheme == "https":
        return Finding("ok", "address", house.settings.address)
    if private:
        return Finding("warning", "address", "reached from this machine only; set FOOTFALL_PUBLIC_URL for others")
    return Finding("bad", "address", f"{house.settings.address} is not encrypted; put a proxy with TLS before it")


def _proxies(house: House) -> Finding:
    count = house.settings.trusted_proxies
    behind = bool(house.settings.public_url) and house.settings.host in {"127.0.0.1", "::1", "localhost"}
    if behind and not count:
        return Finding(
            "warning", "proxies", "behind a proxy all visitors seem to have one address; set FOOTFALL_TRUSTED_PROXIES=1"
        )
    return Finding("ok", "proxies", f"{count} trusted")


CHECKS: tuple[Callable[[House], Finding], ...] = (
    _stores,
    _damage,
    _collector,
    _waiting,
    _disk,
    _sqlite,
    _clock,
    _retention,
    _geoip,
    _address,
    _proxies,
)


def examine(house: House) -> Iterator[Finding]:
    """Yield the finding of every check; one that fails itself is a bad finding."""
    for check in CHECKS:
        try:
            yield check(house)
        except Exception as error:
            yield Finding("bad", check.__name__.strip("_"), f"could not be checked: {error}")
