"""Numbers, times and names in a person's words."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache

from babel import Locale
from markupsafe import Markup

from reports.query.ranges import Range
from reports.render.words import BETWEEN
from reports.report import Cell
from tracker.clock import utc_now

NONE = "–"
_SECOND, _MINUTE, _HOUR = 1000, 60_000, 3_600_000

RANGES = {
    "today": "Today",
    "yesterday": "Yesterday",
    "7d": "Last 7 days",
    "28d": "Last 28 days",
    "91d": "Last 91 days",
    "month": "This month",
    "last_month": "Last month",
    "year": "This year",
    "all": "All days",
}
COMPARISONS = {
    "none": "Nothing",
    "previous": "The days before",
    "weekday": "The same weekdays before",
    "year": "The year before",
}
BOTS = {"out": "People only", "in": "People and bots", "only": "Bots only"}
OPERATIONS = {"is": "is", "is_not": "is not", "contains": "contains", "matches": "matches"}

# What stands for the lack of a value; it can be filtered by, as an empty value.
LACKING = {"source": "Direct or unknown", "medium": "Direct or unknown", "country": "Unknown", "campaign": "None"}


def count(value: float) -> str:
    """Write a whole number: 12,345."""
    return f"{round(value):,}"


def signed(value: float) -> str:
    """Write a difference: +12, −3, 0."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{count(abs(value))}"


def points(difference: float) -> str:
    """Write a difference of two shares in percentage points: +26.8, −3.1."""
    return f"{100 * difference:+.1f}".replace("-", "−")


def short_count(value: float) -> str:
    """Write a number for a headline or an axis: 12.3k."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            scaled = value / (1e3 if letter == "k" else size)
            return f"{scaled:.1f}".removesuffix(".0") + letter
    return count(value)


def share(value: float) -> str:
    """Write a share of 0 to 1: 36.9%, with a decimal only where it tells something."""
    percent = 100 * value
    return f"{percent:.0f}%" if percent >= 99.95 or percent == 0 else f"{percent:.1f}%".replace(".0%", "%")


def duration(ms: float) -> str:
    """Write a length of time: 820 ms, 12 s, 3 min 20 s, 1 h 5 min."""
    ms = round(ms)
    if 0 < ms < _SECOND:
        return f"{ms} ms"
    if ms < _MINUTE:
        return f"{ms / _SECOND:.1f}".removesuffix(".0") + " s" if ms < 10 * _SECOND else f"{ms // _SECOND} s"
    big, small, units = (ms // _MINUTE, ms % _MINUTE // _SECOND, ("min", "s"))
    if ms >= _HOUR:
        big, small, units = (ms // _HOUR, ms % _HOUR // _MINUTE, ("h", "min"))
    return f"{big} {units[0]} {small} {units[1]}" if small else f"{big} {units[0]}"


def number(value: float) -> str:
    """Write any number: two decimals below ten, one from there on."""
    return f"{value:,.{2 if abs(value) < 10 else 1}f}".rstrip("0").rstrip(".")


WRITERS: dict[str, Callable[[float], str]] = {"count": count, "share": share, "ms": duration, "number": number}


def cell(kind: str, value: Cell) -> str:
    """Write a report's value by the kind of its column."""
    if value is None or value == "":
        return NONE
    if kind in WRITERS and isinstance(value, int | float):
        return WRITERS[kind](value)
    if kind == "time":
        return moment(datetime.fromisoformat(str(value)))
    if isinstance(value, list):
        return BETWEEN.get(kind, " ").join(map(str, value))
    return str(value)


def in_line(kind: str, values: Sequence[Cell]) -> Callable[[Cell], str]:
    """Return how to write the values of a table's column: figures with as many decimals, 26.7 above 7.8."""
    figures = [value for value in values if isinstance(value, int | float)]
    if kind not in ("share", "number") or not figures:
        return lambda value: cell(kind, value)
    decimals = max(len(cell(kind, one).rstrip("%").partition(".")[2]) for one in figures)
    if kind == "number" and any(abs(one) >= 10 for one in figures):
        decimals = min(decimals, 1)
    factor, unit = (100, "%") if kind == "share" else (1, "")
    return lambda value: f"{factor * value:,.{decimals}f}{unit}" if isinstance(value, int | float) else NONE


def breakable(text: str) -> Markup:
    """Let the path of a page or of an element break before or after its steps, not within a word."""
    return Markup("<wbr>").join(re.split(r"(?<=.[>/])(?=[^>/])|(?<=\w)(?=[.\[])", text))


def moment(time: datetime) -> str:
    """Write a day, or a time of day where it is not midnight."""
    if (time.hour, time.minute) == (0, 0):
        return f"{time:%a} {day(time)}"
    return f"{day(time)}, {time:%H:%M}"


def day(time: datetime) -> str:
    """Write a day for an axis: 3 Nov."""
    return f"{time.day} {time:%b}"


def range_name(span: Range) -> str:
    """Name a range: by its word, or by its days."""
    if span.name in RANGES:
        return RANGES[span.name]
    first, last = span.first, last_day(span)
    if first == last:
        return f"{first.day} {first:%b %Y}"
    return f"{first.day} {first:%b %Y} – {last.day} {last:%b %Y}"


def last_day(span: Range) -> date:
    """Return the last day that lies in a range."""
    return span.end_day - timedelta(days=1)


def ago(time: datetime) -> str:
    """Say how long ago something was: 3 s ago, 5 min ago, 2 h ago, 4 days ago."""
    seconds = max(0, int((utc_now() - time).total_seconds()))
    for size, unit in ((86_400, "day"), (3600, "h"), (60, "min")):
        if seconds >= size:
            amount = seconds // size
            return f"{amount} {unit}{'s' if unit == 'day' and amount > 1 else ''} ago"
    return f"{seconds} s ago"


def name_of(dimension: str, value: str | None) -> str:
    """Write a value of a dimension: countries by name, the lack of one in words."""
    if value is None or value == "":
        return LACKING.get(dimension, "None")
    if dimension == "country":
        return _territories().get(value, value)
    if dimension in ("device", "medium", "screen"):
        return value[:1].upper() + value[1:]
    return value


@cache
def _territories() -> dict[str, str]:
    return dict(Locale("en").territories)
