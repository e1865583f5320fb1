"""What stands in the cells of a report's table, and where a click on it leads."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from reports.query.dimensions import BY_NAME
from reports.query.intervals import HIGH, LOW
from reports.render.svg import sparkline
from reports.report import Cell, Column, Row
from reports.vitals import FEW, VITALS, Vital
from reports.wording import words
from reports.wording.links import Address
from tracker.signal_book import BY_NAME as SIGNALS

NUMBERS = ("count", "number", "share", "ms")
# Told inside another cell, or by JSON and CSV alone: a page has room for what one acts on.
QUIET = {
    "element_text",
    "last_signal_element",
    "clicks",
    "first_seen",
    "script",
    "form_label",
    "left_at_last_field",
    "to_depth",
    "least_results",
    "exits",
    "searched_again",
    "succeeded",
    "started_of_form",
    "field_kind",
}
# Of the list of struggles and of changes, beside that.
QUIET_OF_FAULTS = {
    "script_error",
    "incidents",
    "visits",
    "views",
    "views_before",
    "raging_visitors",
    "impact",
    "score",
    "last_seen",
    "trail",
}
_LATER = "after_"  # columns of cohorts: those that are over for no row have no place
GOOD_AND_BAD = {"good": "good", "poor": "hurts", "new": "hurts", "worse": "hurts", "better": "good"}
KINDS = {
    "a": "link",
    "img": "picture",
    "svg": "picture",
    "input": "field",
    "select": "menu",
    "summary": "fold",
    "li": "list item",
    "td": "table cell",
    "p": "paragraph",
    "div": "area",
    "section": "area",
    "span": "text",
    **{f"h{level}": "heading" for level in range(1, 7)},
}


@dataclass(frozen=True)
class Shown:
    """One cell: its kind, its words (or parts, of a trail), what is said in small below, and a link that filters.

    `badge` stands beside the words, with `mood` (good or hurts) as its class; of the kind badge
    there are no other words. `links` lead to single examples, `picture` is drawn beside.
    """

    kind: str
    text: str
    parts: Sequence[str] = ()
    small: str = ""
    link: Address | None = None
    badge: str = ""
    mood: str = ""
    links: Sequence[tuple[str, Address]] = ()
    picture: Markup | None = None


def columns_shown(columns: Sequence[Column], rows: Sequence[Row] = ()) -> list[Column]:
    """Return the columns with a place of their own; the trend, and what is not over, only where a row has it."""
    names = {column.name for column in columns}
    quiet = QUIET - (set() if "dead_clicks" in names else {"clicks"})  # beside those, their share says it
    quiet |= QUIET_OF_FAULTS if names & {"trend", "change"} else set()
    quiet |= {"struck_view_rate_before"} if "trend" in names else set()
    quiet |= {"trend"} if rows and not any(row.get("trend") for row in rows) else set()
    quiet |= {one.name for one in columns if one.name.startswith(_LATER) and _is_empty(one.name, rows)}
    return [one for one in columns if one.name not in quiet and not is_told_beside(one, columns)]


def _is_empty(name: str, rows: Sequence[Row]) -> bool:
    return bool(rows) and all(row.get(name) is None for row in rows)


def rows_shown(columns: Sequence[Column], rows: Sequence[Row], address: Address) -> list[list[Shown]]:
    """Return the cells of the rows, the figures of a column with as many decimals."""
    writers = [words.in_line(column.kind, [row.get(column.name) for row in rows]) for column in columns]
    return [
        [_shown(column, row, address, write) for column, write in zip(columns, writers, strict=True)] for row in rows
    ]


def element_words(selector: str, text: Cell = None) -> str:
    """Name an element as a person would, “Buy now” button, from what is written on it and its path in the page."""
    step = re.split(r">+", selector)[-1]
    named = re.match(r"[a-z][a-z0-9-]*", step)
    kind = KINDS.get(named[0], named[0]) if named else ""
    if not text and kind == "field":
        text = _field_name(step)
    if text:
        return f"“{text}” {kind}".strip()
    return kind[:1].upper() + kind[1:] or step or "Element"


def _field_name(step: str) -> str | None:
    """Return the name that a field's step in a path tells: of input[name=card], card."""
    named = re.search(r"\[name=[\"']?([^\]\"']+)", step)
    return named[1] if named else None


def _shown(column: Column, row: Row, address: Address, write: Callable[[Cell], str]) -> Shown:
    value: Cell = row.get(column.name)
    said = None if value is None else str(value)
    if isinstance(value, list):
        return _several(column.kind, value, row, address)
    if column.name == "signal":
        return _signal(row, address)
    if column.name in _SPECIAL:
        shown = _SPECIAL[column.name](said, row)
    elif column.name in BY_NAME:
        shown = Shown(column.kind, words.name_of(column.name, said))
    else:
        shown = Shown(column.kind, write(value), small=_interval(column, row))
    leads = column.name in BY_NAME and (said is not None or column.name != "element")
    return replace(shown, link=address.filtered(column.name, said)) if leads else shown


def is_told_beside(column: Column, columns: Sequence[Column]) -> bool:
    """Tell whether what stands in a column is told together with another's: a share's bounds, a vital's rating."""
    names = {one.name for one in columns}
    is_bound = any(column.name.endswith(end) and column.name.removesuffix(end) in names for end in (LOW, HIGH))
    return is_bound or any(column.name in (vital.rating, vital.views) for vital in VITALS)


def told_in_words(column: Column, row: Row) -> str:
    """Return what stands in a cell, in words alone."""
    if column.name not in _SPECIAL:
        return words.cell(column.kind, row[column.name])
    shown = _SPECIAL[column.name](None if row[column.name] is None else str(row[column.name]), row)
    return ", ".join(part for part in (shown.text, shown.badge.lower() if shown.text else shown.badge) if part)


def _several(kind: str, values: Sequence[str | int], row: Row, address: Address) -> Shown:
    """Show a list: a trail as steps, counts of days as a line, examples as links to their stories."""
    if kind == "days":
        counts = [int(value) for value in values]
        return Shown("days", f"From the first day on: {', '.join(map(str, counts))}", picture=sparkline(counts))
    if kind == "examples":
        story = Address("", (("signal", str(row.get("signal") or "")),))
        links = [(str(n), story.at(address.beside(f"../stories/{one}"))) for n, one in enumerate(values, 1)]
        return Shown("examples", "", links=links)
    return Shown("trail" if kind == "trail" else "text", words.cell(kind, list(values)), parts=[*map(str, values)])


def _signal(row: Row, address: Address) -> Shown:
    """Name a signal, say what else is told of its element, and lead to its examples."""
    signal = str(row["signal"])
    raging = row.get("raging_visitors")
    error = row.get("script_error") if signal != "script_error" else None
    also = [f"{words.cell('count', raging)} also clicked in rage"] if raging else []
    also += [f"then “{_error(error)[0]}”"] if error else []
    place = {name: str(row[name]) for name in ("path", "element") if row.get(name) is not None}
    link = address.having(signal=signal, release=None, **place).at(address.beside("../examples"))
    return Shown("what", SIGNALS[signal].title, small=", ".join(also), link=link)


def _error(told: Cell) -> tuple[str, str]:
    """Split a script error into its message and where it is."""
    message, at, place = str(told or "").rpartition(" at ")
    return (message, place) if at else (place, "")


def _element(said: str | None, row: Row) -> Shown:
    if said is None and "signal" in row:
        message, place = _error(row.get("script_error"))
        return Shown("element", message or ("The page" if row.get("path") else "The whole site"), small=place)
    text = row.get("element_text") or row.get("form_label")
    return Shown("element", element_words(said or "", text), small=said or "")


def _field(said: str | None, row: Row) -> Shown:
    if said is None:
        return Shown("element", words.NONE)
    text, kind = element_words(said), row.get("field_kind")
    return Shown("element", f"{str(kind).capitalize()} field" if kind and text == "Field" else text, small=said)


def _last_field(said: str | None, row: Row) -> Shown:
    share = row.get("left_at_last_field")
    return replace(_field(said, row), badge=words.cell("share", share) if said else "")


def _last_signal(said: str | None, row: Row) -> Shown:
    where = str(row.get("last_signal_element") or "")
    return Shown("element", f"{said.capitalize()} click" if said else words.NONE, small=where)


def _badge(said: str | None, _row: Row) -> Shown:
    return Shown("badge", "", badge=(said or "").capitalize(), mood=GOOD_AND_BAD.get(said or "", ""))


def _message(said: str | None, row: Row) -> Shown:
    return Shown("element", said or "No message", small=str(row.get("script") or ""))


def _address(said: str | None, row: Row) -> Shown:
    return Shown("element", said or words.NONE, small=str(row.get("element_text") or ""))


def _band(said: str | None, row: Row) -> Shown:
    return Shown("share", f"{words.cell('share', row.get('from_depth'))} – {words.cell('share', row.get('to_depth'))}")


def _vital(vital: Vital) -> Callable[[str | None, Row], Shown]:
    def shown(_said: str | None, row: Row) -> Shown:
        rating, views = str(row.get(vital.rating) or ""), row.get(vital.views)
        text = words.cell(vital.kind, row.get(vital.name))
        small = "" if views == row.get("views") else f"{words.cell('count', views)} view{'' if views == 1 else 's'}"
        badge = "" if rating == FEW else rating.capitalize()
        return Shown(vital.kind, text, small=small, badge=badge, mood=GOOD_AND_BAD.get(rating, ""))

    return shown


def _visitors(said: str | None, row: Row) -> Shown:
    visits = row.get("visits") if "trend" in row else None
    small = "" if visits is None else f"{words.cell('count', visits)} visit{'' if visits == 1 else 's'}"
    return Shown("count", words.cell("count", row.get("visitors")), small=small)


def _trend(said: str | None, row: Row) -> Shown:
    before = row.get("struck_view_rate_before")
    small = f"{words.cell('share', before)} before" if said and said != "new" else ""
    return Shown("badge", "", badge=(said or "").capitalize(), mood=GOOD_AND_BAD.get(said or "", ""), small=small)


def _difference(_said: str | None, row: Row) -> Shown:
    """Write a difference of shares: in points, with its sign."""
    value, low, high = (row.get(f"difference{end}") for end in ("", LOW, HIGH))
    if not isinstance(value, int | float):
        return Shown("share", words.NONE)
    small = ""
    if isinstance(low, int | float) and isinstance(high, int | float):
        small = f"{words.points(low)} to {words.points(high)}"
    return Shown("share", f"{words.points(value)} points", small=small)


def _interval(column: Column, row: Row) -> str:
    """Say between which numbers the true one lies, as far as the little that was seen can tell."""
    low, high = row.get(f"{column.name}{LOW}"), row.get(f"{column.name}{HIGH}")
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return ""
    if column.kind != "share":
        return f"{words.number(low)}–{words.number(high)}"
    decimals = 0 if high - low > 0.02 else 1
    between = "–" if low >= 0 else " to "
    return f"{100 * low:.{decimals}f}{between}{100 * high:.{decimals}f}%"


_SPECIAL: dict[str, Callable[[str | None, Row], Shown]] = {
    "element": _element,
    "visitors": _visitors,
    "trend": _trend,
    "difference": _difference,
    "field": _field,
    "last_field": _last_field,
    "last_signal": _last_signal,
    "message": _message,
    "href": _address,
    "from_depth": _band,
    **dict.fromkeys(("reason", "ending", "age", "what", "rating", "change"), _badge),
    **{vital.name: _vital(vital) for vital in VITALS},
}
