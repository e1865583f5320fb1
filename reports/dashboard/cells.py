"""What stands in the cells of a report's table, and where a click on it leads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.dashboard import words
from reports.dashboard.links import Address
from reports.dimensions import BY_NAME
from reports.report import Cell, Column, Row

NUMBERS = ("count", "number", "share", "ms")
# Told inside another cell, or by JSON and CSV alone: a page has room for what one acts on.
QUIET = {
    "element_text",
    "last_signal_element",
    "share_dead_low",
    "share_dead_high",
    "clicks",
    "first_seen",
}
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
    """One cell: its kind, its words (or parts, of a trail), what is said in small below, and a link that filters."""

    kind: str
    text: str
    parts: Sequence[str] = ()
    small: str = ""
    link: Address | None = None


def columns_shown(columns: Sequence[Column]) -> list[Column]:
    """Return the columns that a page gives a place of their own."""
    return [column for column in columns if column.name not in QUIET]


def row_shown(columns: Sequence[Column], row: Row, address: Address) -> list[Shown]:
    """Return the cells of a row."""
    return [_shown(column, row, address) for column in columns]


def element_words(selector: str, text: Cell = None) -> str:
    """Name an element as a person would, “Buy now” button, from what is written on it and its path in the page."""
    step = re.split(r">+", selector)[-1]
    named = re.match(r"[a-z][a-z0-9-]*", step)
    kind = KINDS.get(named[0], named[0]) if named else ""
    if text:
        return f"“{text}” {kind}".strip()
    return kind[:1].upper() + kind[1:] or step or "Element"


def _shown(column: Column, row: Row, address: Address) -> Shown:
    value: Cell = row.get(column.name)
    said = None if value is None else str(value)
    if isinstance(value, list):
        return Shown("trail", "", parts=[str(part) for part in value])
    if column.name in _SPECIAL:
        shown = _SPECIAL[column.name](said, row)
    elif column.name in BY_NAME:
        shown = Shown(column.kind, words.name_of(column.name, said))
    else:
        shown = Shown(column.kind, words.cell(column.kind, value))
    return replace(shown, link=address.filtered(column.name, said)) if column.name in BY_NAME else shown


def _element(said: str | None, row: Row) -> Shown:
    return Shown("element", element_words(said or "", row.get("element_text")), small=said or "")


def _last_signal(said: str | None, row: Row) -> Shown:
    where = str(row.get("last_signal_element") or "")
    return Shown("element", f"{said.capitalize()} click" if said else words.NONE, small=where)


def _badge(said: str | None, _row: Row) -> Shown:
    return Shown("badge", (said or "").capitalize())


def _share_dead(_said: str | None, row: Row) -> Shown:
    return Shown("share", words.cell("share", row.get("share_dead")), small=_interval(row))


def _interval(row: Row) -> str:
    """Say between which shares the true one lies, as far as the clicks that there were can tell."""
    low, high = row.get("share_dead_low"), row.get("share_dead_high")
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return ""
    return f"{100 * low:.0f}–{100 * high:.0f}%"


_SPECIAL = {
    "element": _element,
    "last_signal": _last_signal,
    "reason": _badge,
    "ending": _badge,
    "share_dead": _share_dead,
}
