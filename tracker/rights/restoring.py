"""Carries tombstones over a restore, and from one machine to another: a JSON file by the keys of sites."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.errors import FootfallError
from tracker.models import ErasedIdentifier, ErasedStretch, Site
from tracker.rights import tombstones
from tracker.rights.person import Part

FILE = "tombstones.json"  # in the data folder, from a restore until the next start
FORMAT = 1


class Stone(msgspec.Struct, omit_defaults=True):
    """An erased identifier; with `since` and `until` it is a shared one's time."""

    id: str
    erased_at: datetime
    since: datetime | None = None
    until: datetime | None = None


class Tombstones(msgspec.Struct):
    """All tombstones of an installation, by its sites' keys."""

    format: int
    made_at: datetime
    sites: dict[str, list[Stone]]


@dataclass(frozen=True)
class Applied:
    """How many tombstones stand now, and the keys of sites that are not here."""

    stones: int
    unknown: tuple[str, ...]


def collect(session: Session) -> Tombstones:
    """Return every tombstone of this installation."""
    keys = {site.id: site.key for site in session.scalars(select(Site))}
    found: defaultdict[str, list[Stone]] = defaultdict(list)
    for row in session.scalars(select(ErasedIdentifier).order_by(ErasedIdentifier.id)):
        found[keys[row.site_id]].append(Stone(str(row.id), row.erased_at))
    for span in session.scalars(select(ErasedStretch).order_by(ErasedStretch.id, ErasedStretch.since_at)):
        found[keys[span.site_id]].append(Stone(str(span.id), span.erased_at, span.since_at, span.until_at))
    return Tombstones(FORMAT, utc_now(), dict(found))


def put_up(session: Session, told: Tombstones) -> Applied:
    """Put tombstones up here as well; what they name is to be erased then."""
    ids = {site.key: site.id for site in session.scalars(select(Site))}
    stones = 0
    for key in sorted(told.sites.keys() & ids.keys()):
        by_time: defaultdict[datetime, list[Stone]] = defaultdict(list)
        for stone in told.sites[key]:
            by_time[stone.erased_at].append(stone)
        for at, some in by_time.items():
            whole = {int(one.id) for one in some if one.since is None}
            parts = [Part(int(one.id), one.since, one.until) for one in some if one.since is not None]
            tombstones.record(session, ids[key], whole, parts, at)
            stones += len(some)
    return Applied(stones, tuple(sorted(told.sites.keys() - ids.keys())))


def read_file(path: Path) -> Tombstones:
    """Read tombstones from a file; FootfallError when it is none of ours."""
    try:
        told = msgspec.json.decode(path.read_bytes(), type=Tombstones)
        if told.format != FORMAT or not all(_is_id(one.id) for some in told.sites.values() for one in some):
            raise FootfallError(f"{path} is of a newer Footfall; apply it with that version")
    except (OSError, msgspec.DecodeError) as error:
        raise FootfallError(
            f"{path} holds no tombstones ({error}); `footfall identity tombstones export FILE` writes them"
        ) from error
    return told


def write_file(path: Path, told: Tombstones) -> int:
    """Write tombstones into a new file and return how many they are; FootfallError when there is one."""
    try:
        with path.open("xb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(told), indent=1))
    except FileExistsError as error:
        raise FootfallError(f"{path} exists; name a new file") from error
    except OSError as error:
        raise FootfallError(f"cannot write {path} ({error.strerror}); choose another place") from error
    return sum(len(some) for some in told.sites.values())


def rescue(store: Path) -> Tombstones | None:
    """Read the tombstones of a SQLite store that nobody has open, of whatever version; None when it cannot be read."""
    sites: defaultdict[str, list[Stone]] = defaultdict(list)
    try:
        with closing(sqlite3.connect(store)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "erased_identifier" in tables:
                for key, one, at in connection.execute(_WHOLE):
                    sites[key].append(Stone(str(one), _time(at)))
            if "erased_stretch" in tables:
                for key, one, at, since, until in connection.execute(_PARTS):
                    sites[key].append(Stone(str(one), _time(at), _time(since), _time(until)))
    except sqlite3.Error:
        return None
    return Tombstones(FORMAT, utc_now(), dict(sites))


_WHOLE = "SELECT site.key, e.id, e.erased_at FROM erased_identifier e JOIN site ON site.id = e.site_id"
_PARTS = """
SELECT site.key, e.id, e.erased_at, e.since_at, e.until_at FROM erased_stretch e JOIN site ON site.id = e.site_id
"""


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _is_id(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii() and -(2**63) <= int(text[:21]) < 2**63
