"""A report's first rows as a letter has room for them: few columns, all in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from reports.report import Column
from reports.run import ReportAnswer
from reports.wording.cells import NUMBERS, Shown, columns_shown, rows_shown
from reports.wording.links import Address

MOST_ROWS = 5
_MOST_COLUMNS = 4
_PICTURES = ("days", "examples")  # of which a letter tells nothing


@dataclass(frozen=True)
class Cell:
    """A cell's words, and what is said in small below them."""

    text: str
    small: str
    is_number: bool


@dataclass(frozen=True)
class Section:
    """A report in a letter; `link` leads to the whole of it, `error` stands in its place when it failed."""

    title: str
    link: str
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Cell]]
    error: str | None


def section(answer: ReportAnswer, link: str) -> Section:
    """Make a section of an answer."""
    rows = answer.rows[:MOST_ROWS]
    shown = _chosen([one for one in columns_shown(answer.report.columns, rows) if one.kind not in _PICTURES])
    cells = rows_shown(shown, rows, Address(""))
    return Section(
        title=answer.report.title,
        link=link,
        columns=[(column.title, column.kind in NUMBERS) for column in shown],
        rows=[[_cell(one, column.kind in NUMBERS) for one, column in zip(row, shown, strict=True)] for row in cells],
        error=answer.error,
    )


def _chosen(columns: Sequence[Column]) -> list[Column]:
    """Choose the first columns, at least one of them a number where there is any."""
    chosen = list(columns[:_MOST_COLUMNS])
    numbers = [one for one in columns if one.kind in NUMBERS]
    if numbers and not any(one.kind in NUMBERS for one in chosen):
        chosen[-1] = numbers[0]
    return chosen


def link_to(address: str, site_key: str, report: str, words: Sequence[tuple[str, str]]) -> str:
    """Return the address of a report's page, in full."""
    page = "" if report == "overview" else f"reports/{report}"
    return f"{address}/sites/{site_key}/{page}?{urlencode(words)}"


def _cell(shown: Shown, is_number: bool) -> Cell:
    text = " → ".join(shown.parts) if shown.kind == "trail" else shown.text
    return Cell(", ".join(part for part in (text, shown.badge) if part), shown.small, is_number)
