"""The cards of the overview: a report's first rows as bars, each a link that filters."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.query.dimensions import BY_NAME
from reports.render.svg import bar
from reports.report import Row
from reports.run import ReportAnswer
from reports.wording import words
from reports.wording.cells import element_words
from reports.wording.links import Address


@dataclass(frozen=True)
class Bar:
    """One row: its words, the page it is on (where a row is no page), its link, number and the bar behind."""

    text: str
    small: str
    link: Address
    value: str
    bar: Markup


@dataclass(frozen=True)
class Card:
    """A report's first rows; `more` leads to the whole report where there is one, `error` stands in their place."""

    name: str
    title: str
    unit: str
    bars: Sequence[Bar]
    more: Address | None
    error: str | None


def card(answer: ReportAnswer, name: str, number: str, address: Address, more: Address | None = None) -> Card:
    """Make a card of an answer: its rows' column `name` by their column `number`."""
    rows = answer.rows
    most = max((_number(row, number) for row in rows), default=0) or 1
    unit = next(column.title for column in answer.report.columns if column.name == number)
    return Card(
        name=answer.report.name,
        title=answer.report.title,
        unit=unit,
        bars=[_bar(row, name, number, most, address) for row in rows],
        more=more,
        error=answer.error,
    )


def _bar(row: Row, name: str, number: str, most: float, address: Address) -> Bar:
    value = row.get(name)
    said = None if value is None else str(value)
    is_element = name == "element"
    link = address.filtered(name, said) if name in BY_NAME else address
    return Bar(
        text=element_words(said or "", row.get("element_text")) if is_element else words.name_of(name, said),
        small=str(row["path"]) if is_element and row.get("path") else "",
        link=link,
        value=words.count(_number(row, number)),
        bar=bar(_number(row, number) / most),
    )


def _number(row: Row, name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
