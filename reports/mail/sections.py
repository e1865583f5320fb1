"""A report's first rows as a letter has room for them: few columns, all in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.report import Column
from reports.run import ReportAnswer
from reports.wording.cells import rows_shown
from reports.wording.columns import NUMBERS, columns_shown
from reports.wording.links import Address
from reports.wording.shown import Shown
from reports.wording.words import steps
from tracker.languages.lists import listed

MOST_ROWS = 5
MOST_COLUMNS = 4
_PICTURES = ("days", "examples")  # of which a letter tells nothing


@dataclass(frozen=True)
class Cell:
    """A cell's words, and what is said in small below them."""

    text: str
    small: str
    is_number: bool


@dataclass(frozen=True)
class Section:
    """A report in a letter; `link` leads to the whole of it, `error` stands in its place when it failed.

    `columns` are titles, and whether numbers stand below; `kinds` are those of the report's columns.
    """

    title: str
    link: str
    columns: Sequence[tuple[str, bool]]
    kinds: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    error: str | None


def section(answer: ReportAnswer, link: str, most_rows: int = MOST_ROWS, most_columns: int = MOST_COLUMNS) -> Section:
    """Make a section of an answer."""
    rows = answer.rows[:most_rows]
    told = [one for one in columns_shown(answer.report.columns, rows) if one.kind not in _PICTURES]
    shown = _chosen(told, most_columns)
    cells = rows_shown(shown, rows, Address(""), [answer.before(row) for row in rows])
    return Section(
        title=answer.report.title,
        link=link,
        columns=[(column.title, column.kind in NUMBERS) for column in shown],
        kinds=[column.kind for column in shown],
        rows=[[cell_of(one, column.kind in NUMBERS) for one, column in zip(row, shown, strict=True)] for row in cells],
        error=answer.error,
    )


def _chosen(columns: Sequence[Column], most: int) -> list[Column]:
    """Choose the first columns, at least one of them a number where there is any."""
    chosen = list(columns[:most])
    numbers = [one for one in columns if one.kind in NUMBERS]
    if numbers and not any(one.kind in NUMBERS for one in chosen):
        chosen[-1] = numbers[0]
    return chosen


def cell_of(shown: Shown, is_number: bool) -> Cell:
    """Return a cell of a page as a letter has it: its words, and what is small."""
    text = steps(shown.parts) if shown.kind == "trail" else shown.text
    below = [shown.small, shown.delta.text if shown.delta else ""]
    return Cell(listed([part for part in (text, shown.badge) if part]), " · ".join(filter(None, below)), is_number)
