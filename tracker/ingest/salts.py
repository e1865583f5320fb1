"""Keeps each site's random salt of the day, and makes sure that yesterday's is gone."""

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tracker.database import Database
from tracker.models import Salt
from tracker.sites import SiteInfo
from tracker.sqlite import empty_log, write_table_anew

GRACE = timedelta(minutes=60)  # how long after midnight a visit of yesterday may still be going


@dataclass(frozen=True)
class DaySalts:
    """A site's salts between two moments (UTC, the end exclusive); `earlier` only in the hour after midnight."""

    starts: datetime
    ends: datetime
    today: bytes
    earlier: bytes | None


class SaltStore(Protocol):
    """Where salts are kept while their day lasts."""

    def find(self, site_id: int, day: date) -> bytes | None:
        """Return a day's salt, None when it has none."""

    def find_or_make(self, site_id: int, day: date) -> bytes:
        """Return a day's salt, made now when it has none."""


class SharedSalts:
    """Salts in the relational store: who comes first on a new day makes one, other hosts find it there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, site_id: int, day: date) -> bytes | None:
        """See SaltStore."""
        with self._database.session() as session:
            salt = session.get(Salt, (site_id, day))
            return salt.value if salt else None

    def find_or_make(self, site_id: int, day: date) -> bytes:
        """See SaltStore."""
        found = self.find(site_id, day)
        if found:
            return found
        made = secrets.token_bytes(32)
        try:
            with self._database.session() as session:
                session.add(Salt(site_id=site_id, day=day, value=made))
        except IntegrityError:
            return self.find(site_id, day) or made
        return made


class PassingSalts:
    """Salts that live as long as this object: an import's, whose days are long over."""

    def __init__(self) -> None:
        self._salts: dict[tuple[int, date], bytes] = {}

    def find(self, site_id: int, day: date) -> bytes | None:
        """See SaltStore."""
        return self._salts.get((site_id, day))

    def find_or_make(self, site_id: int, day: date) -> bytes:
        """See SaltStore."""
        return self._salts.setdefault((site_id, day), secrets.token_bytes(32))


class SaltBook:
    """The salts in use, held in memory, so that a request costs no query.

    `wipe_pending` says that a destroyed salt may still stand in the free space of the database's file or in its log.
    """

    def __init__(self, store: SaltStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._in_use: dict[int, DaySalts] = {}
        self.wipe_pending = True  # as far as is known: the process before may have ended in the middle

    def at(self, site: SiteInfo, moment: datetime) -> DaySalts:
        """Return the site's salts at an aware moment."""
        salts = self._in_use.get(site.id)
        if salts is None or not salts.starts <= moment < salts.ends:
            with self._lock:
                salts = self._read(site, moment)
                self._in_use[site.id] = salts
        return salts

    def forget(self, before: datetime | None = None) -> None:
        """Drop from memory the salts that were over `before` then; all of them when None."""
        with self._lock:
            self._in_use = {
                number: salts for number, salts in self._in_use.items() if before is not None and salts.ends > before
            }

    def _read(self, site: SiteInfo, moment: datetime) -> DaySalts:
        today = site.day_of(moment)
        midnight = day_start(site, today)
        today_salt = self._store.find_or_make(site.id, today)
        if moment < midnight + GRACE:
            return DaySalts(midnight, midnight + GRACE, today_salt, self._store.find(site.id, _day_before(site, today)))
        return DaySalts(midnight + GRACE, day_start(site, today + timedelta(days=1)), today_salt, None)


def day_start(site: SiteInfo, day: date) -> datetime:
    """Return the moment (UTC) at which `day` begins in the site's zone.

    Where the clock skips midnight, the day begins as it skips; where midnight comes
    twice, at the first.
    """
    return datetime.combine(day, time(), site.tzinfo).astimezone(UTC)


def destroy_old_salts(database: Database, book: SaltBook, sites: Iterable[SiteInfo], now: datetime) -> int:
    """Destroy every salt of a day that is over since an hour, here and in the store; return how many rows went."""
    book.forget(before=now)
    gone = 0
    with database.session() as session:
        for site in sites:
            oldest = site.day_of(now - GRACE)
            old = session.scalars(select(Salt).where(Salt.site_id == site.id, Salt.day < oldest)).all()
            for salt in old:
                session.delete(salt)
            gone += len(old)
    if gone or book.wipe_pending:
        book.wipe_pending = True
        write_table_anew(database.engine, Salt.metadata.tables[Salt.__tablename__])
        book.wipe_pending = not empty_log(database.engine, patience_s=0)
    return gone


def _day_before(site: SiteInfo, day: date) -> date:
    """The local date just before `day`; not always one less: islands have skipped a day."""
    return site.day_of(day_start(site, day) - timedelta(milliseconds=1))
