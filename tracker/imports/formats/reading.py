"""What formats share: days, numbers and names as they stand in exports."""

from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from math import isfinite

from babel import Locale

from tracker.clock import utc_now
from tracker.imports.counts import LARGEST_SUM, LONGEST_NAME
from tracker.ingest.secrets import clean_path
from tracker.ingest.url import tidy

MS_A_SECOND = 1000
_FIRST_YEAR = 1990
_DAYS_REMEMBERED, _NAMES_REMEMBERED = 4096, 8192  # exports tell of the same days and things row by row
_LARGEST = 10**9  # of one thing on one day
_DEVICES = {"laptop": "desktop", "phone": "mobile", "smartphone": "mobile", "phablet": "mobile"}
_PAGES = ("pages", "entry-pages", "exit-pages")
_DIRECT = ("(direct)", "direct", "direct / none", "(not set)")


class BadValueError(Exception):
    """A value that cannot be what it should; its text is the reason, one of few."""


@lru_cache(_DAYS_REMEMBERED)
def day_of(text: str) -> date:
    """Read `2026-03-01` or `20260301`; BadValueError for what is no day, or yet to come."""
    try:
        found = date.fromisoformat(text) if "-" in text else datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        raise BadValueError("day") from None
    return checked_day(found)


def checked_day(day: date) -> date:
    """Return a day; BadValueError for one before there were such counts, or yet to come."""
    if day.year < _FIRST_YEAR or day > utc_now().date() + timedelta(days=1):
        raise BadValueError("day")
    return day


def number_of(text: str | None) -> float | None:
    """Read a number that is not negative; None for an empty text, BadValueError for what is none or far too large."""
    if text is None or not text.strip():
        return None
    try:
        found = float(text)
    except ValueError:
        raise BadValueError("number") from None
    if not isfinite(found) or not 0 <= found <= _LARGEST:
        raise BadValueError("number")
    return found


def whole_of(text: str | None, times: int = 1) -> int | None:
    """Read a number as a whole one, so many times as much."""
    found = number_of(text)
    return None if found is None else whole(found * times)


def whole(number: float) -> int:
    """Return what was reckoned as a whole number; BadValueError for what is too large to be added up."""
    if number > LARGEST_SUM:
        raise BadValueError("number")
    return round(number)


def name_of(kind: str, text: str) -> str:
    """Return what a thing is called here: cleaned as what is collected, and spelt as in our own reports."""
    return _name_of(kind, text.strip()[: 4 * LONGEST_NAME])


@lru_cache(_NAMES_REMEMBERED)
def _name_of(kind: str, text: str) -> str:
    if kind in _PAGES:
        text = clean_path(text.partition("?")[0]) or "/"
    elif kind == "countries":
        text = _codes().get(text.lower(), text.upper() if len(text) == 2 else text)
    elif kind == "devices":
        text = _DEVICES.get(text.lower(), text.lower())
    elif kind == "sources" and text.lower() in _DIRECT:
        text = ""
    return tidy(text)[:LONGEST_NAME]


@cache
def _codes() -> dict[str, str]:
    """Return the ISO 3166 alpha-2 codes of countries by their English names."""
    return {name.lower(): code for code, name in Locale("en").territories.items() if len(code) == 2}
