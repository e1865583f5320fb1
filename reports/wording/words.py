"""Numbers, times and names in a person's words."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from babel.lists import format_list
from markupsafe import Markup

from reports.query.filters import Criterion
from reports.query.ranges import Range
from reports.report import Cell
from tracker.clock import utc_now
from tracker.languages import counted, dates, gettext, marked, numbers, spoken_language
from tracker.languages.letters import first_upper
from tracker.languages.lists import listed

NONE = "–"
MINUS = numbers.MINUS
_SECOND, _MINUTE, _HOUR = 1000, 60_000, 3_600_000
_LONG = 10_000  # numbers from here on are written in short where there is little room
_WHOLE_SHARE = 0.9995

RANGES = {
    "today": marked("Today"),
    "yesterday": marked("Yesterday"),
    "7d": marked("Last 7 days"),
    "28d": marked("Last 28 days"),
    "91d": marked("Last 91 days"),
    "month": marked("This month"),
    "last_month": marked("Last month"),
    "year": marked("This year"),
    "all": marked("All days"),
}
COMPARISONS = {
    "none": marked("Nothing"),
    "previous": marked("The days before"),
    "weekday": marked("The same weekdays before"),
    "year": marked("The year before"),
}
BOTS = {"out": marked("People only"), "in": marked("People and bots"), "only": marked("Bots only")}
_BOTS_COUNTED = {
    "out": marked("Bots are left out."),
    "in": marked("Bots are included."),
    "only": marked("Bots only."),
}
OPERATIONS = {
    "is": marked("is"),
    "is_not": marked("is not"),
    "contains": marked("contains"),
    "matches": marked("matches"),
}
_CRITERIA = {
    "is": marked("%(dimension)s is %(value)s"),
    "is_not": marked("%(dimension)s is not %(value)s"),
    "contains": marked("%(dimension)s contains %(value)s"),
    "matches": marked("%(dimension)s matches %(value)s"),
}

# What stands for the lack of a value; it can be filtered by, as an empty value.
LACKING = {
    "source": marked("Direct or unknown"),
    "medium": marked("Direct or unknown"),
    "country": marked("Unknown"),
    "campaign": marked("No campaign"),
}
UNKNOWN = marked("Unknown")
_YES_OR_NO = {"yes": marked("Yes"), "no": marked("No")}
# Values of dimensions that are words of ours rather than names.
NAMED: Mapping[str, Mapping[str, str]] = {
    "device": {
        "desktop": marked("Desktop"),
        "mobile": marked("Mobile"),
        "tablet": marked("Tablet"),
        "other": marked("Other"),
    },
    "medium": {
        "search": marked("Search"),
        "social": marked("Social"),
        "ai": marked("AI"),
        "mail": marked("Mail"),
        "paid": marked("Paid"),
        "email": marked("Email"),
        "referral": marked("Referral"),
    },
    "returning": _YES_OR_NO,
    "signed_in": _YES_OR_NO,
    "screen": {
        "small": marked("Small"),
        "medium": marked("Medium-sized"),
        "large": marked("Large"),
        "wide": marked("Wide"),
    },
}


def count(value: float) -> str:
    """Write a whole number: 12,345."""
    return numbers.whole(value)


def signed(value: float) -> str:
    """Write a difference: +12, −3, 0."""
    return plus(value) + numbers.whole(value)


def plus(value: float) -> str:
    """Return the sign that goes before a difference that is more than nothing."""
    return "+" if value > 0 else ""


def points(difference: float) -> str:
    """Write a difference of two shares in percentage points: +26.8, −3.1."""
    return plus(difference) + numbers.decimal(100 * difference, 1)


def point_words(difference: float, *, with_sign: bool = False) -> str:
    """Write a difference of two shares in words, with a decimal only where it has one: 1 point, 26.8 points."""
    size = round(abs(100 * difference), 1)
    sign = (plus(difference) or MINUS) if with_sign else ""
    written = f"{sign}{numbers.decimal(size, 1, 0)}"
    if size == int(size):
        return counted("%(points)s point", "%(points)s points", size, points=written)
    return gettext("%(points)s points", points=written)


def short_count(value: float) -> str:
    """Write a number for a headline or an axis: 12.3K."""
    return numbers.whole(value) if abs(value) < _LONG else numbers.compact(value)


def share(value: float) -> str:
    """Write a share of 0 to 1: 36.9%, with a decimal only where it tells something."""
    percent = 100 * value
    return numbers.percent(value, 0 if percent >= 99.95 or percent == 0 else 1, 0)


def duration(ms: float) -> str:
    """Write a length of time: 820 ms, 12 s, 3 min 20 s, 1 h 5 min."""
    ms = round(ms)
    if 0 < ms < _SECOND:
        return gettext("%(n)s ms", n=count(ms))
    if ms < _MINUTE:
        return gettext("%(n)s s", n=numbers.decimal(ms / _SECOND, 1, 0) if ms < 10 * _SECOND else count(ms // _SECOND))
    minutes, seconds = ms // _MINUTE, ms % _MINUTE // _SECOND
    if ms < _HOUR:
        if not seconds:
            return gettext("%(n)s min", n=count(minutes))
        return gettext("%(n)s min %(seconds)s s", n=count(minutes), seconds=count(seconds))
    hours, minutes = ms // _HOUR, ms % _HOUR // _MINUTE
    if not minutes:
        return gettext("%(n)s h", n=count(hours))
    return gettext("%(n)s h %(minutes)s min", n=count(hours), minutes=count(minutes))


def number(value: float) -> str:
    """Write any number: two decimals below ten, one from there on."""
    return numbers.decimal(value, 2 if abs(value) < 10 else 1, 0)


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
        return (steps if kind == "trail" else listed)(value)
    return str(value)


def in_line(kind: str, values: Sequence[Cell]) -> Callable[[Cell], str]:
    """Return how to write the values of a table's column: figures with as many decimals, 26.7 above 7.8."""
    figures = [value for value in values if isinstance(value, int | float)]
    if kind not in ("share", "number") or not figures:
        return lambda value: cell(kind, value)
    if kind == "share":
        decimals = 1 if any(0 < one < _WHOLE_SHARE and round(1000 * one) % 10 for one in figures) else 0
        return lambda value: numbers.percent(value, decimals) if isinstance(value, int | float) else NONE
    decimals = max(len(f"{one:.{2 if abs(one) < 10 else 1}f}".rstrip("0").partition(".")[2]) for one in figures)
    if any(abs(one) >= 10 for one in figures):
        decimals = min(decimals, 1)
    return lambda value: numbers.decimal(value, decimals) if isinstance(value, int | float) else NONE


def breakable(text: str) -> Markup:
    """Let the path of a page or of an element break before or after its steps, not within a word."""
    return Markup("<wbr>").join(re.split(r"(?<=.[>/])(?=[^>/])|(?<=\w)(?=[.\[])", text))


def moment(time: datetime) -> str:
    """Write a day, or a time of day where it is not midnight."""
    if (time.hour, time.minute) == (0, 0):
        return f"{dates.weekday(time)} {dates.day(time)}"
    return listed([dates.day(time), dates.clock(time)])


def range_name(span: Range) -> str:
    """Name a range: by its word, or by its days."""
    return gettext(RANGES[span.name]) if span.name in RANGES else days_of(span)


def days_of(span: Range) -> str:
    """Name a range by its first and last day."""
    return days_between(span.first, last_day(span))


def days_between(first: date, last: date) -> str:
    """Name a stretch of days by its first and last."""
    return dates.full_day(first) if first == last else f"{dates.full_day(first)} – {dates.full_day(last)}"


def last_day(span: Range) -> date:
    """Return the last day that lies in a range."""
    return span.end_day - timedelta(days=1)


def ago(time: datetime) -> str:
    """Say how long ago something was: 3 s ago, 5 min ago, 2 h ago, 4 days ago."""
    seconds = max(0, int((utc_now() - time).total_seconds()))
    if seconds >= 86_400:
        return counted("%(n)s day ago", "%(n)s days ago", seconds // 86_400)
    if seconds >= 3600:
        return gettext("%(n)s h ago", n=count(seconds // 3600))
    if seconds >= 60:
        return gettext("%(n)s min ago", n=count(seconds // 60))
    return gettext("%(n)s s ago", n=count(seconds))


def name_of(dimension: str, value: str | None) -> str:
    """Write a value of a dimension: countries by name, the lack of one in words."""
    if value is None or value == "":
        return gettext(LACKING.get(dimension, UNKNOWN))
    if dimension == "country":
        return _territories().get(value, value)
    named = NAMED.get(dimension)
    if named is None:
        return value
    return gettext(named[value]) if value in named else first_upper(value)  # what visitors bring is no word of ours


def bots_counted(bots: str) -> str:
    """Say below an answer whether it counts bots."""
    return gettext(_BOTS_COUNTED[bots])


def criterion(asked: Criterion) -> str:
    """Say what is filtered by."""
    told = [
        gettext(
            _CRITERIA[one.operation],
            dimension=gettext(one.dimension.title),
            value=alternatives([name_of(one.dimension.name, value) for value in one.values]),
        )
        for one in asked.parts
    ]
    return alternatives(told)


def steps(parts: Sequence[Cell]) -> str:
    """Write what came one after the other, with arrows that point the way one reads: / → /cart."""
    return f" {arrow()} ".join(map(str, parts))


def arrow() -> str:
    """Return the arrow that leads on: to the left where lines go that way."""
    return "←" if spoken_language().direction == "rtl" else "→"


def alternatives(told: Sequence[str]) -> str:
    """Say that one of several is meant: a, b or c."""
    return format_list(list(told), style="or", locale=spoken_language().locale)


def value_of(dimension: str, text: str) -> str:
    """Return the stored value that `name_of` writes so: PL for Poland, "" for what stands for the lack of one."""
    said = text.strip().casefold()
    if said and said == name_of(dimension, None).casefold():
        return ""
    if dimension == "country":
        return next((code for code, name in _territories().items() if name.casefold() == said), text)
    if dimension in NAMED:
        return next((one for one in NAMED[dimension] if name_of(dimension, one).casefold() == said), said)
    return text


def _territories() -> Mapping[str, str]:
    return spoken_language().locale.territories
