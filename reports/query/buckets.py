"""Buckets: the days and hours of a site's own clock, for series without holes.

Python knows the zones and both engines only get numbers, so that they cut days at the same
moments and no zone's name ever reaches SQL.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from reports.query.moments import stored
from reports.query.ranges import Range, midnight
from tracker.clock import MS_A_DAY
from tracker.store.functions import epoch_ms, whole_div
from tracker.store.local import local_time

_HOUR = timedelta(hours=1)
_HOUR_MS = 3_600_000
_EPOCH = date(1970, 1, 1)
_MOST_DAYS_IN_HOURS = 2
_MONDAY = 3  # 1970-01-01 was a Thursday
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Bucket:
    """A stretch of a range: `number` is what the statement groups by, `start` in the site's zone."""

    number: int
    start: datetime


def is_hourly(span: Range) -> bool:
    """Tell whether a range is short enough for a series by hour."""
    return span.days <= _MOST_DAYS_IN_HOURS


def day_number(column: ColumnElement[Any], span: Range) -> ColumnElement[int]:
    """Count the site's days from 1970-01-01 to a time of the store that lies in the range."""
    return whole_div(epoch_ms(local_time(column, span.zone, stored(span.start), stored(span.end))), MS_A_DAY)


def hour_number(column: ColumnElement[Any], span: Range) -> ColumnElement[int]:
    """Count the hours from the range's start, so that an hour that clocks repeat is two."""
    return whole_div(epoch_ms(column) - _ms(span.start), _HOUR_MS)


def week_number(column: ColumnElement[Any], span: Range) -> ColumnElement[int]:
    """Count the site's weeks, from Monday to Sunday, to a time of the store that lies in the range."""
    return whole_div(day_number(column, span) + _MONDAY, DAYS_A_WEEK)


def day_of(bucket: Bucket) -> int:
    """Return the number of the day with which a bucket begins."""
    return (bucket.start.date() - _EPOCH).days


def days(span: Range, now: datetime) -> list[Bucket]:
    """Return the days of a range that have begun."""
    all_days = (span.first + timedelta(days=n) for n in range(span.days))
    found = (Bucket((day - _EPOCH).days, midnight(day, span.zone)) for day in all_days)
    return [bucket for bucket in found if bucket.start < min(now, span.end)]


def weeks(span: Range, now: datetime) -> list[Bucket]:
    """Return the weeks of a range that have begun; the first begins with the range."""
    found: dict[int, Bucket] = {}
    for day in days(span, now):
        number = (day.number + _MONDAY) // DAYS_A_WEEK
        found.setdefault(number, Bucket(number, day.start))
    return list(found.values())


def hours(span: Range, now: datetime) -> list[Bucket]:
    """Return the hours of a range that have begun."""
    start, end = span.start.astimezone(UTC), min(now, span.end).astimezone(UTC)
    count = max(0, -(-(end - start) // _HOUR))
    return [Bucket(n, (start + n * _HOUR).astimezone(span.zone)) for n in range(count)]


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
