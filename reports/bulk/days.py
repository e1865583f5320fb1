"""A site's events by its own days, each as one file of Parquet that settles once the day is closed."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, cast, func, select

from reports.bulk.exports import EVENTS
from reports.bulk.taking import parquet, taking
from reports.query.buckets import day_number
from reports.query.chosen import in_range
from reports.query.moments import local
from reports.query.ranges import EARLIEST, LATEST, Range, midnight
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.schema import event

LATE_FOR = timedelta(hours=25)
"""A beacon's events are a day old at most; an hour is left to load them."""
_FORMAT = 2
_EPOCH = date(1970, 1, 1)
_DAY = timedelta(days=1)


class Day(msgspec.Struct, frozen=True):
    """A day with events. `closed` tells that no beacon can add to it any more; imports and erasures still can."""

    day: date
    events: int
    closed: bool


def find_days(store: EventStore, site: SiteInfo, now: datetime) -> list[Day]:
    """Return the days on which a site has events, the oldest first."""
    tomorrow = site.day_of(now) + _DAY
    bounds: tuple[Any, ...] = func.min(event.c.occurred_at), func.count()
    [(first, count)] = store.query(select(*bounds).where(event.c.site_id == site.id)).rows
    if not count:
        return []
    begun = local(first, site.tzinfo).date()
    ever = Range("all", begun, tomorrow, site.tzinfo)
    number = day_number(event.c.occurred_at, ever).label("day")
    columns: tuple[Any, ...] = number, func.count().label("events")
    by_day = select(*columns).where(event.c.site_id == site.id, in_range(event.c.occurred_at, ever))
    rows = store.query(by_day.group_by("day").order_by("day")).rows
    days = [(_EPOCH + timedelta(days=int(number)), int(events)) for number, events in rows]
    return [Day(day, events, is_closed(site, day, now)) for day, events in days]


def read_day(text: str) -> date | None:
    """Read a day of the calendar; None when it is none."""
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None
    return day if day and EARLIEST <= day < LATEST else None


def is_closed(site: SiteInfo, day: date, now: datetime) -> bool:
    """Tell whether no beacon can add to a day any more."""
    return midnight(day + _DAY, site.tzinfo) + LATE_FOR < now


def state_of(store: EventStore, site: SiteInfo, day: date) -> str:
    """Name the state of a day's file: it is another when an event comes, goes, or is decided otherwise."""
    numbers: tuple[ColumnElement[Any], ...] = (
        func.count(),
        func.max(event.c.ingest_id),
        cast(func.sum(event.c.ingest_id), BigInteger),
        cast(func.sum(event.c.signals), BigInteger),
    )
    chosen = event.c.site_id == site.id, in_range(event.c.occurred_at, _span(site, day))
    [row] = store.query(select(*numbers).where(*chosen)).rows
    state = _FORMAT, site.key, site.zone, site.privacy_mode, day, [column.name for column in EVENTS.columns], list(row)
    return hashlib.sha256(repr(state).encode()).hexdigest()[:32]


def day_file(store: EventStore, site: SiteInfo, day: date, folder: Path) -> Iterator[bytes]:
    """Yield a day's events as chunks of a Parquet file, in the order of loading, so that it is the same each time."""
    return parquet(store, taking(store, site, EVENTS.name, span=_span(site, day)), folder, in_order=True)


def _span(site: SiteInfo, day: date) -> Range:
    return Range(f"{day}..{day}", day, day + _DAY, site.tzinfo)
