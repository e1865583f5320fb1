"""Which days the rollups say all of, keeping them so, and the numbers of any range from them and from events."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, Subquery, or_, select, union_all

from tracker.daily import Rollup, within
from tracker.sites import SiteInfo
from tracker.store.base import EventStore, Span
from tracker.store.local import day_span, day_start, site_day
from tracker.store.schema import dirty, path_day, visit_day


def refresh(store: EventStore, sites: Sequence[SiteInfo], now: datetime, stop: threading.Event | None = None) -> int:
    """Roll up every finished day with events that are not yet counted; returns how many. Stops early when told.

    Of a site whose days begin at another hour than they did, all are counted again.
    """
    days = 0
    for site in sites:
        if _has_other_days(store, site):
            store.forget_rollups(site.id)
        for span in dirty_days(store, site, end=_last_midnight(site, now)):
            if stop is not None and stop.is_set():
                return days
            store.roll_up(site.id, [span])
            days += 1
    return days


def dirty_days(
    store: EventStore, site: SiteInfo, start: datetime | None = None, end: datetime | None = None
) -> list[Span]:
    """Return the site's days with events that are not rolled up, oldest first; bounds in UTC without a zone."""
    wanted = [dirty.c.site_id == site.id]
    if start is not None:
        wanted.append(dirty.c.quarter >= start)
    if end is not None:
        wanted.append(dirty.c.quarter < end)
    quarters = store.query(select(dirty.c.quarter).where(*wanted)).rows
    return sorted({day_span(quarter, site.tzinfo) for (quarter,) in quarters})


def _has_other_days(store: EventStore, site: SiteInfo) -> bool:
    """Tell whether days of another zone than the site's lie in the rollups: it was changed since."""
    of_paths = select(path_day.c.day).where(path_day.c.site_id == site.id)
    of_visits = select(visit_day.c.day).where(visit_day.c.site_id == site.id, visit_day.c.dimension == "")
    return any(
        day_start(day, site.tzinfo) != day
        for days in (of_paths, of_visits)
        for (day,) in store.query(days.distinct()).rows
    )


def clean_spans(store: EventStore, site: SiteInfo, start: datetime, end: datetime, now: datetime) -> list[Span]:
    """Return the parts of a range for which rollups say all: the site's full days that are over and clean."""
    first = day_span(start, site.tzinfo)
    begin = first[0] if first[0] == start else first[1]
    last = min(day_span(end, site.tzinfo)[0], _last_midnight(site, now))
    return between((begin, last), dirty_days(store, site, begin, last)) if begin < last else []


def by_day(rollup: Rollup, store: EventStore, site: SiteInfo, span: Span, now: datetime) -> Subquery:
    """Return the columns of a rollup for a span, from its table where that is clean and from events elsewhere.

    `now` is aware. There may be several rows to a day and key where a span cuts a day: sum over them.
    """
    start, end = span
    clean = clean_spans(store, site, start, end, now)
    days = rollup.table.c
    parts: list[Select[Any]] = []
    if clean:
        of_days = or_(*(within(days.day, one) for one in clean))
        parts.append(select(*days).where(days.site_id == site.id, rollup.own, of_days))
    if raw := between(span, clean):
        parts.append(rollup.counted(site.id, raw, site_day(rollup.time, site.tzinfo, start, end)))
    return union_all(*parts).subquery(f"{rollup.table.name}s")


def between(whole: Span, taken: Sequence[Span]) -> list[Span]:
    """Return what is left of a span without some others, which are in order and do not overlap."""
    left = []
    begin, end = whole
    for first, last in taken:
        if begin < min(first, end):
            left.append((begin, min(first, end)))
        begin = max(begin, last)
    return [*left, (begin, end)] if begin < end else left


def _last_midnight(site: SiteInfo, now: datetime) -> datetime:
    return day_span(now.astimezone(UTC).replace(tzinfo=None), site.tzinfo)[0]
