"""Ranges as questions give them: a name such as 7d or 6mo, two days, or two times of ISO 8601."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from reports.query.ranges import EARLIEST, LATEST, NAMES, Range, parse_range
from reports.query.words import nearest
from tracker.errors import InvalidInputError

FIELD = "date_range"
RANGES = (*NAMES, "day", "6mo", "12mo")
TIMES = "times"
"""The name of a range from a time to a time."""
MOST_DAYS = 3660
_DAY = timedelta(days=1)


def read_dates(given: str | Sequence[str], zone: ZoneInfo, now: datetime) -> Range:
    """Read a range; InvalidInputError says what may stand there, or that it is too long."""
    try:
        found = _named(given, zone, now) if isinstance(given, str) else _pair(given, zone)
    except InvalidInputError as error:
        raise InvalidInputError(FIELD, error.problem) from error
    if found.name != "all" and found.days > MOST_DAYS:
        raise InvalidInputError(FIELD, f"at most {MOST_DAYS:,} days, not {found.days:,}")
    return found


def _named(text: str, zone: ZoneInfo, now: datetime) -> Range:
    today = now.astimezone(zone).date()
    if text == "day":
        return parse_range("today", zone, now)
    if match := re.fullmatch(r"(6|12)mo", text):
        months = today.year * 12 + today.month - int(match[1])
        return Range(text, date(months // 12, months % 12 + 1, 1), today + _DAY, zone)
    if match := re.fullmatch(r"([1-9]\d{0,3})d", text, re.ASCII):
        return Range(text, today + _DAY - timedelta(days=int(match[1])), today + _DAY, zone)
    if text in NAMES or ".." in text:
        return parse_range(text, zone, now)
    raise InvalidInputError(FIELD, f"{text[:64]!r} is no range; {nearest(text, RANGES)}, or give two days or times")


def _pair(given: Sequence[str], zone: ZoneInfo) -> Range:
    if len(given) != 2:
        raise InvalidInputError(FIELD, f"must be a name or two days or times, not {len(given)}")
    first, last = (_moment(text, zone) for text in given)
    if isinstance(first, datetime) and isinstance(last, datetime):
        # of one zone they would be compared by the wall clock, which shows the hour that it repeats twice
        if first.astimezone(UTC) >= last.astimezone(UTC):
            raise InvalidInputError(FIELD, f"{given[0]} does not come before {given[1]}")
        end_day = last.date() if last.time() == datetime.min.time() else last.date() + _DAY
        return Range(TIMES, first.date(), end_day, zone, until=last, since=first)
    if isinstance(first, datetime) or isinstance(last, datetime):
        raise InvalidInputError(FIELD, "must be two days or two times, not one of each")
    if first > last:
        raise InvalidInputError(FIELD, f"{given[0]} comes after {given[1]}")
    return Range(f"{first}..{last}", first, last + _DAY, zone)


def _moment(text: str, zone: ZoneInfo) -> date | datetime:
    """Read a day, or a time; one without an offset is of the site's zone."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            found: date | datetime = date.fromisoformat(text)
        else:
            moment = datetime.fromisoformat(text)
            found = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(FIELD, f"{text[:64]!r} is neither a day nor a time of ISO 8601") from error
    day = found.date() if isinstance(found, datetime) else found
    if not EARLIEST <= day < LATEST:
        raise InvalidInputError(FIELD, f"{text[:64]} is not between {EARLIEST} and {LATEST}")
    return found
