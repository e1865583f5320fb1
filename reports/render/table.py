"""An answer as a plain table for the terminal."""

import shutil
import unicodedata

from reports.render.words import THIN, words
from reports.run import ReportAnswer

_NUMBERS = ("count", "number", "share", "ms")
_WIDEST_CELL = 48
_NARROWEST_CELL = 14  # below this a word tells nothing: better a line that the terminal wraps


def render(answer: ReportAnswer, width: int | None = None) -> str:
    """Write title, table, totals and notes; cells are cut to fit `width` columns, down to a readable rest."""
    columns = answer.report.columns
    rows = [[words(row.get(column.name), column.kind) for column in columns] for row in answer.rows]
    if answer.totals:
        rows.append([words(answer.totals[c.name], c.kind) if c.name in answer.totals else "" for c in columns])
    table = [[column.title for column in columns], *([_clean(cell) for cell in row] for row in rows)]
    widths = _widths(table, width or shutil.get_terminal_size((120, 40)).columns)
    right = [column.kind in _NUMBERS for column in columns]
    lines = [_line(row, widths, right) for row in table]
    lines.insert(1, "  ".join("-" * one for one in widths))
    if answer.totals:
        lines.insert(-1, lines[1])
    span = answer.scope.range
    head = f"{answer.report.title}: {answer.scope.site.name}, {span.start:%Y-%m-%d %H:%M} to {span.end:%Y-%m-%d %H:%M}"
    body = lines if rows else ["Nothing in this range."]
    return "\n".join([f"{head} ({answer.scope.site.zone})", "", *body, *([""] if answer.notes else []), *answer.notes])


def _widths(table: list[list[str]], room: int) -> list[int]:
    """Give each column what it needs, taking from the widest while there is no room."""
    widths = [min(_WIDEST_CELL, max(_width(row[n]) for row in table)) for n in range(len(table[0]))]
    while sum(widths) + 2 * (len(widths) - 1) > room and max(widths) > _NARROWEST_CELL:
        widths[widths.index(max(widths))] -= 1
    return widths


def _line(row: list[str], widths: list[int], right: list[bool]) -> str:
    cells = (_fit(cell, width, on_right) for cell, width, on_right in zip(row, widths, right, strict=True))
    return "  ".join(cells).rstrip()


def _fit(text: str, width: int, on_right: bool) -> str:
    if _width(text) > width:
        while _width(text) > width - 1:
            text = text[:-1]
        text += "…"
    padding = " " * (width - _width(text))
    return padding + text if on_right else text + padding


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def _clean(text: str) -> str:
    """Drop what could drive a terminal: what visitors send must not."""
    return "".join(letter if letter.isprintable() or letter == THIN else "�" for letter in text)
