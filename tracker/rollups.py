"""Views and visitors by day and path, counted once for days that are over.

A page's visitors are counted by day: who comes back on another day counts again, here and
in the raw counting alike, because a daily hash cannot tell.
"""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, and_, case, cast, func, null, or_, select, union_all

from tracker.sites import SiteInfo
from tracker.store.base import EventStore, Span
from tracker.store.functions import count_distinct
from tracker.store.local import day_span, site_day
from tracker.store.schema import dirty, event, path_day


def refresh(store: EventStore, sites: Sequence[SiteInfo], now: datetime, stop: threading.Event | None = None) -> int:
    """Roll up every finished day with events that are not yet counted; returns how many. Stops early when told."""
    days = 0
    for site in sites:
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


def clean_spans(store: EventStore, site: SiteInfo, start: datetime, end: datetime, now: datetime) -> list[Span]:
    """Return the parts of a range for which `path_day` says all: the site's full days that are over and clean."""
    first = day_span(start, site.tzinfo)
    begin = first[0] if first[0] == start else first[1]
    last = min(day_span(end, site.tzinfo)[0], _last_midnight(site, now))
    return between((begin, last), dirty_days(store, site, begin, last)) if begin < last else []


def views_by_path(store: EventStore, site: SiteInfo, start: datetime, end: datetime, now: datetime) -> Subquery:
    """Return the columns of `path_day` for a range, from that table where it is clean and from events elsewhere.

    `start` and a later `end` are UTC without a zone, `now` is aware. There may be several rows to a
    day and path where a range cuts a day: sum over them.
    """
    clean = clean_spans(store, site, start, end, now)
    parts: list[Select[Any]] = []
    if clean:
        rolled = or_(*(_within(path_day.c.day, span) for span in clean))
        parts.append(select(*path_day.c).where(path_day.c.site_id == site.id, rolled))
    if raw := between((start, end), clean):
        parts.append(path_days(site.id, raw, site_day(event.c.occurred_at, site.tzinfo, start, end)))
    return union_all(*parts).subquery("views_by_path")


def path_days(site_id: int, spans: Sequence[Span], day: ColumnElement[datetime]) -> Select[Any]:
    """Count a site's events in these spans, which do not overlap, into the columns of `path_day`.

    `day` tells to which day an event belongs.
    """
    is_view = event.c.kind == "view"
    visitor = case((is_view, event.c.visitor_id), else_=null())
    unknown = and_(is_view, event.c.visitor_id.is_(None))
    bot = event.c.label.is_not(None)
    engaged = case((event.c.kind == "engagement", event.c.engaged_ms), else_=0)
    return (
        select(
            event.c.site_id,
            day.label("day"),
            event.c.path,
            bot.label("bot"),
            _count(is_view).label("views"),
            count_distinct(visitor).label("visitors"),
            _count(unknown).label("unknown_views"),
            cast(func.coalesce(func.sum(engaged), 0), BigInteger).label("engaged_ms"),
        )
        .where(
            event.c.site_id == site_id,
            event.c.kind.in_(("view", "engagement")),
            or_(*(_within(event.c.occurred_at, span) for span in spans)),
        )
        .group_by(event.c.site_id, "day", event.c.path, bot)
    )


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


def _within(time: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    return and_(time >= span[0], time < span[1])


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(case((condition, 1), else_=0)), 0), BigInteger)
