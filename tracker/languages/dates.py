"""Days and times as the language that is spoken now writes them: by CLDR, in its own calendar and digits."""

from datetime import date, datetime

from babel.dates import format_date, format_skeleton

from tracker.languages.lists import listed
from tracker.languages.numbers import digits
from tracker.languages.persian import persian_day
from tracker.languages.spoken import spoken_language


def day(time: date) -> str:
    """Write a day of this year or so: 3 Nov."""
    return _in_calendar(time, with_year=False)


def full_day(time: date) -> str:
    """Write a day with its year: 3 Nov 2026."""
    return _in_calendar(time, with_year=True)


def weekday(time: date) -> str:
    """Write a day's name in short: Tue."""
    return format_date(time, "ccc", spoken_language().locale)


def weekday_name(number: int) -> str:
    """Write the name of a day of the week, 0 for Monday: Monday."""
    return str(spoken_language().locale.days["stand-alone"]["wide"][number])


def clock(time: datetime) -> str:
    """Write a time of day: 09:05."""
    return digits(f"{time:%H:%M}")


def moment(time: datetime) -> str:
    """Write a day with its year, and the time of day: 3 Nov 2026, 09:05."""
    return listed([full_day(time), clock(time)])


def second(time: datetime) -> str:
    """Write a day with its year, and the time to the second: 3 Nov 2026, 09:05:07."""
    return listed([full_day(time), digits(f"{time:%H:%M:%S}")])


def _in_calendar(time: date, *, with_year: bool) -> str:
    language = spoken_language()
    if language.calendar == "persian":
        return digits(persian_day(time, with_year=with_year))
    return digits(format_skeleton("yMMMd" if with_year else "MMMd", time, locale=language.locale))
