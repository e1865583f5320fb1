"""Lets go of what is older than a site's retention, from everywhere, unless a clock that jumped may be behind it.

What was done and what was held back stands in the audit, which is also its memory.
"""

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tracker import archive, audit
from tracker.dead_letters import DeadLetters
from tracker.house import House
from tracker.identity import retention as identities
from tracker.models import AuditEntry
from tracker.retention import kept_from
from tracker.sites import SiteInfo
from tracker.sqlite import empty_log, write_anew
from tracker.store.base import EventStore
from tracker.store.local import site_day
from tracker.store.schema import event

DONE, HELD_BACK, ALLOWED, CHANGED = "expire", "hold-expiry", "allow-expiry", "change-retention"
USUAL_DAYS = 2
USUAL_AMOUNT = 2  # times what an average day has

_A_DAY = timedelta(days=1)
_log = structlog.get_logger("footfall.expiry")


@dataclass(frozen=True)
class Due:
    """What is too old: so many events of `total`, the first of them so many days old too much.

    `usual` is what an average of the site's days has.
    """

    events: int = 0
    days: int = 0
    total: int = 0
    usual: float = 0.0

    @property
    def is_much(self) -> bool:
        """Tell whether this is more than days that pass leave behind."""
        return self.days > USUAL_DAYS and (self.events > USUAL_AMOUNT * self.usual or self.events == self.total)


@dataclass(frozen=True)
class HeldBack:
    """An expiry that waits for a person: what it would delete, of before which of the site's days."""

    events: int
    days: int
    before: date


def expire(house: House, now: datetime, stop: threading.Event | None = None) -> None:
    """Let go of what is too old of every site that has a retention; `now` is aware. Stops early when told."""
    names_went = False
    for site in house.sites.all():
        if stop is not None and stop.is_set():
            break
        if before := kept_from(site, now):
            names_went |= expire_site(house, site, before)
    if names_went:
        _wipe(house.database.engine)


def expire_site(house: House, site: SiteInfo, before: datetime) -> bool:
    """Let go of what a site has of before one of its midnights, in UTC without a zone, or hold it back.

    The events go last: who was cut off before finds them, and begins again. Tells whether names of somebody went,
    of which copies may lie in the relational file until it is written anew.
    """
    due = _due(house.store, site, before)
    day = site.day_of(before.replace(tzinfo=UTC))
    with house.database.session() as session:
        known = _journal(session, site.id)
        if due.is_much and not _may_be_much(known, day):
            _hold_back(session, site, known, HeldBack(due.events, due.days, day))
            return False
        is_known = bool(known) and known[0].action == DONE
        names = identities.expire(session, site.id, before.replace(tzinfo=UTC))
    gone = {
        "identifiers": names.identifiers,
        "edges": names.edges,
        "archive_parts": archive.expire(house.settings.archive_folder, site.id, before),
        "dead_letters": DeadLetters(house.settings.dead_folder).expire(site.id, before),
        "events": house.store.expire(site.id, before) if due.events else 0,
    }
    if any(gone.values()) or not is_known:  # a first turn is noted though nothing was old
        with house.database.session() as session:
            audit.note(session, site.id, audit.BY_ITSELF, DONE, "events", {**gone, "before": day.isoformat()})
        _log.info("expired", site=site.id, before=day.isoformat(), **gone)
    return bool(names.identifiers or names.edges)


def _wipe(engine: Engine) -> None:
    """Let no copy of what went lie in the file or its log; where others write just then, with the next that goes."""
    try:
        write_anew(engine)
        empty_log(engine)
    except OperationalError as error:
        _log.warning("copies of expired identifiers stay for now", reason=str(error.orig))


def held_back(session: Session, site_id: int) -> HeldBack | None:
    """Return the expiry that waits for a person, None when none does."""
    newest = next(iter(_journal(session, site_id)), None)
    return _told(newest) if newest is not None and newest.action == HELD_BACK else None


def allow(session: Session, site_id: int, who: str) -> bool:
    """Let an expiry that was held back go ahead at its next turn; False when none is."""
    if held_back(session, site_id) is None:
        return False
    audit.note(session, site_id, who, ALLOWED, "events")
    return True


def _due(store: EventStore, site: SiteInfo, before: datetime) -> Due:
    here, old = event.c.site_id == site.id, event.c.occurred_at < before
    numbers: list[ColumnElement[Any]] = [func.count(), func.min(event.c.occurred_at), func.max(event.c.occurred_at)]
    counted = select(*numbers)
    ((due, oldest, _),) = store.query(counted.where(here, old)).rows
    if not due:
        return Due()
    ((total, first, last),) = store.query(counted.where(here)).rows
    day = site_day(event.c.occurred_at, site.tzinfo, first, last + _A_DAY)
    ((days,),) = store.query(select(func.count(day.distinct())).where(here)).rows
    return Due(due, (before - oldest) // _A_DAY + 1, total, total / days)


def _journal(session: Session, site_id: int) -> list[AuditEntry]:
    return audit.entries(session, site_id, (DONE, HELD_BACK, ALLOWED, CHANGED))


def _may_be_much(known: list[AuditEntry], day: date) -> bool:
    """Tell whether more than usual may go.

    It may at the first turn of all, and after a person allowed it or changed the retention. It may,
    too, when the answer was the same on the two days before: so moves a clock that is right.
    """
    held: set[date] = set()
    for entry in known:
        if entry.action != HELD_BACK:
            return entry.action != DONE or {day - _A_DAY, day - 2 * _A_DAY} <= held
        held.add(_told(entry).before)
    return True


def _hold_back(session: Session, site: SiteInfo, known: list[AuditEntry], found: HeldBack) -> None:
    if known[0].action == HELD_BACK and _told(known[0]).before == found.before:
        return
    detail: dict[str, object] = {"events": found.events, "days": found.days, "before": found.before.isoformat()}
    audit.note(session, site.id, audit.BY_ITSELF, HELD_BACK, "events", detail)
    _log.error("held back: more than usual would be deleted; is the clock right?", site=site.id, **detail)


def _told(entry: AuditEntry) -> HeldBack:
    events, days, before = (str(entry.detail[name]) for name in ("events", "days", "before"))
    return HeldBack(int(events), int(days), date.fromisoformat(before))
