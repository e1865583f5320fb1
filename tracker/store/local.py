"""A site's days and wall clock, for times in UTC: Python knows the zones, the engines only add seconds."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, literal

from tracker.store.base import Span
from tracker.store.functions import day, later

_STEP = timedelta(days=7)  # no zone changes its clock back and forth within this


def day_start(when: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight, in UTC, of the zone's day that holds a UTC time; both without a zone."""
    return _midnight(when.replace(tzinfo=UTC).astimezone(zone), zone)


def day_span(when: datetime, zone: ZoneInfo) -> Span:
    """Return begin and end, in UTC, of the zone's day that holds a UTC time; all without a zone."""
    local = when.replace(tzinfo=UTC).astimezone(zone)
    return _midnight(local, zone), _midnight(local + timedelta(days=1), zone)


def local_time(
    column: ColumnElement[datetime], zone: ZoneInfo, start: datetime, end: datetime
) -> ColumnElement[datetime]:
    """Return a UTC column as the zone's wall clock shows it; right from `start` to `end`."""
    (_, offset), *changes = _offsets(zone, start, end)
    shift: ColumnElement[int] = literal(offset)
    for moment, offset in changes:
        shift = case((column >= moment, offset), else_=shift)
    return later(column, shift)


def site_day(
    column: ColumnElement[datetime], zone: ZoneInfo, start: datetime, end: datetime
) -> ColumnElement[datetime]:
    """Return the midnight, in UTC, of the zone's day that holds a UTC column; right from `start` to `end`."""
    midnight = day(local_time(column, zone, start, end))
    (_, offset), *changes = _offsets(zone, start, end)
    shift: ColumnElement[int] = literal(-offset)
    for moment, later_offset in changes:
        # the wall clock's last reading before the new offset holds alone
        settled = moment + timedelta(seconds=max(offset, later_offset))
        shift = case((midnight >= settled, -later_offset), else_=shift)
        offset = later_offset
    return later(midnight, shift)


def _midnight(local: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(local.date(), time(), zone).astimezone(UTC).replace(tzinfo=None)


def _offsets(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
    """Return the zone's offsets in seconds, each with the UTC time from which it holds."""
    found = [(start, _offset(start, zone))]
    low = start
    while low < end:
        high = min(low + _STEP, end)
        if _offset(high, zone) != found[-1][1]:
            found.append((_change(low, high, zone), _offset(high, zone)))
        low = high
    return found


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    before = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle <= low:
            break
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


def _offset(when: datetime, zone: ZoneInfo) -> int:
    shift = when.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    return int(shift.total_seconds()) if shift else 0
