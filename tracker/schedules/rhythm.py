"""When a schedule is due, and which days its report is about: pure reckoning with a zone's calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Every = Literal["day", "week", "month", "quarter"]
EVERY: tuple[Every, ...] = ("day", "week", "month", "quarter")

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MONTHS = {"month": 1, "quarter": 3}


@dataclass(frozen=True)
class Rhythm:
    """Every day, week (on `weekday`, 0 is Monday), month or quarter (on its first day), at the full `hour` in `zone`.

    09:00 stays 09:00 when the clocks change. An hour that a day leaves out comes when the clock has
    passed it; of one that a day has twice, the first is meant. `days_in` is the zone whose days are reported.
    """

    every: Every
    weekday: int | None
    hour: int
    zone: ZoneInfo
    days_in: ZoneInfo

    @property
    def lag(self) -> timedelta:
        """How long a day before a due one may still go on where days are reported: no time, or a day.

        The same all year, so that reports follow each other: it is that of whichever season is later.
        """
        for month in (1, 7):
            due = datetime(2026, month, 15, self.hour, tzinfo=self.zone).astimezone(self.days_in)
            if due.replace(tzinfo=None) < datetime(2026, month, 15, 1):  # noqa: DTZ001 - the clock's face alone
                return _DAY
        return timedelta()


@dataclass(frozen=True)
class Due:
    """A moment at which a report is due (`at`, UTC), and the days that it is about, both ends in them."""

    at: datetime
    first_day: date
    last_day: date

    @property
    def range(self) -> str:
        """The days as a scope's word."""
        return f"{self.first_day}..{self.last_day}"


def last_due(rhythm: Rhythm, now: datetime) -> Due:
    """Return the last due moment that is not after `now`."""
    day = _day_of(rhythm, now.astimezone(rhythm.zone).date())
    due = _due(rhythm, day)
    return due if due.at <= now else _due(rhythm, _day_of(rhythm, day - _DAY))


def next_due(rhythm: Rhythm, now: datetime) -> Due:
    """Return the first due moment after `now`."""
    day = _day_of(rhythm, now.astimezone(rhythm.zone).date())
    while (due := _due(rhythm, day)).at <= now:
        day = _next_day(rhythm, day)
    return due


def _day_of(rhythm: Rhythm, day: date) -> date:
    """Return the last of the rhythm's days that is not after a day."""
    if rhythm.every == "day":
        return day
    if rhythm.every == "week":
        return day - timedelta(days=(day.weekday() - (rhythm.weekday or 0)) % 7)
    months = _MONTHS[rhythm.every]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def _next_day(rhythm: Rhythm, day: date) -> date:
    if rhythm.every == "day":
        return day + _DAY
    if rhythm.every == "week":
        return day + _WEEK
    return _day_of(rhythm, day + timedelta(days=31 * _MONTHS[rhythm.every]))


def _due(rhythm: Rhythm, day: date) -> Due:
    at = datetime.combine(day, time(rhythm.hour), rhythm.zone).astimezone(UTC)
    today = day - rhythm.lag
    if rhythm.every == "week":
        return Due(at, today - _WEEK, today - _DAY)
    last = _day_of(rhythm, today) - _DAY  # of the last day, month or quarter that is over
    return Due(at, last if rhythm.every == "day" else _day_of(rhythm, last), last)
