"""Ranges: whole days of a site's own calendar, and those they are compared with."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.languages.lists import listed

NAMES = ("today", "yesterday", "7d", "28d", "30d", "91d", "month", "last_month", "year", "all")
COMPARISONS = ("none", "previous", "year", "weekday")
EARLIEST = date(1995, 1, 1)
LATEST = date(2100, 1, 1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Range:
    """The days from `first` up to, and without, `end_day`, in `zone`.

    `until` cuts it short inside its last day, where it is compared with a range that is not over;
    `since` lets it begin inside its first, as at a release.
    """

    name: str
    first: date
    end_day: date
    zone: ZoneInfo
    until: datetime | None = None
    since: datetime | None = None

    @cached_property
    def start(self) -> datetime:
        """Its first moment, in the site's zone."""
        return self.since or midnight(self.first, self.zone)

    @cached_property
    def end(self) -> datetime:
        """The moment after its last, in the site's zone."""
        return self.until or midnight(self.end_day, self.zone)

    @property
    def days(self) -> int:
        """How many days it has, the last one perhaps in part."""
        return (self.end_day - self.first).days


def parse_range(text: str, zone: ZoneInfo, now: datetime) -> Range:
    """Read a range's name or `2026-01-01..2026-01-31` (both days in it); InvalidInputError otherwise."""
    today = now.astimezone(zone).date()
    tomorrow = today + _DAY
    if match := re.fullmatch(r"(7|28|30|91)d", text):
        return Range(text, tomorrow - timedelta(days=int(match[1])), tomorrow, zone)
    named = {
        "today": (today, tomorrow),
        "yesterday": (today - _DAY, today),
        "month": (today.replace(day=1), tomorrow),
        "last_month": ((today.replace(day=1) - _DAY).replace(day=1), today.replace(day=1)),
        "year": (today.replace(month=1, day=1), tomorrow),
        "all": (EARLIEST, tomorrow),
    }
    if text in named:
        return Range(text, *named[text], zone)
    if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", text, re.ASCII):
        first, last = _day(match[1]), _day(match[2])
        if first > last:
            raise InvalidInputError("range", gettext("%(first)s comes after %(last)s", first=match[1], last=match[2]))
        return Range(text, first, last + _DAY, zone)
    raise InvalidInputError(
        "range", gettext("use one of %(words)s or two days such as 2026-01-01..2026-01-31", words=listed(NAMES))
    )


def compared(to: str, with_: Range, now: datetime) -> Range | None:
    """Return the range that `with_` is compared to; None when to nothing.

    One that is still running is compared with as much of the other as has passed of it.
    """
    if to == "none":
        return None
    if with_.name == "all":
        raise InvalidInputError("compare", gettext("nothing comes before a range of all days"))
    first, end_day = _shifted(to, with_)
    if first < EARLIEST:
        raise InvalidInputError("compare", gettext("nothing is kept from before %(day)s", day=EARLIEST))
    other = Range(to, first, end_day, with_.zone)
    if not with_.start <= now < with_.end:
        return other
    local_now = now.astimezone(with_.zone).replace(microsecond=0)
    last_day = min(first + (local_now.date() - with_.first), end_day - _DAY)
    until = datetime.combine(last_day, local_now.time(), with_.zone)
    return Range(to, first, last_day + _DAY, with_.zone, until=min(until, other.end))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the day's first moment, also where clocks skip midnight."""
    # Going through UTC turns a midnight that the clocks skip into the moment they skip to.
    return datetime.combine(day, time(), zone).astimezone(UTC).astimezone(zone)


def _shifted(to: str, span: Range) -> tuple[date, date]:
    if to == "year":
        return _year_before(span.first), _year_before(span.end_day)
    if to == "previous" and span.name in ("month", "last_month"):
        return (span.first - _DAY).replace(day=1), span.first
    if to == "previous" and span.name == "year":
        return _year_before(span.first), span.first
    back = timedelta(days=span.days if to == "previous" else -(-span.days // 7) * 7)
    return span.first - back, span.end_day - back


def _year_before(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("range", gettext("%(day)s is no day of the calendar", day=text)) from error
    if not EARLIEST <= day < LATEST:
        raise InvalidInputError(
            "range", gettext("%(day)s is not between %(first)s and %(last)s", day=text, first=EARLIEST, last=LATEST)
        )
    return day
