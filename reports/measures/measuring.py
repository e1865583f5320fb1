"""What a measure is, and how measures are worked out of sums.

A `Sum` is an aggregate over the rows of one table and may be added up over days. A `Ratio`
divides one sum by another, after adding up; where there is nothing to divide by it is None,
never 0. A column of a report takes its title, kind and help from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, cast, func

from reports.report import Cell, Column, Kind
from tracker.store.schema import visit

during = visit.alias("during")
"""The visit in which a struggle took place, as `reports.query.chosen.struggles_in_visits` joins it."""

CountedOver = Literal[
    "visit",
    "view",
    "click",
    "engagement",
    "error",
    "form",
    "field",
    "link",
    "search",
    "struggle",
    "profile",
    "goal",
    "seen",
    "custom",
    "told",
]
COUNTED: Mapping[CountedOver, str] = {
    "visit": "visits",
    "profile": "visits and whose they are",
    "view": "views",
    "seen": "views",
    "click": "clicks",
    "engagement": "engaged time on pages",
    "custom": "custom events",
    "told": "views and custom events",
    "error": "script errors",
    "form": "fills of forms that ended",
    "field": "fields touched in these",
    "link": "clicks on links away",
    "search": "searches",
    "struggle": "struggles",
    "goal": "goals reached in visits",
}
"""Of what rows a sum can be, in words; `seen` are views, each with its visit."""


@dataclass(frozen=True, eq=False)
class Sum:
    """A number that adds up; `expression` is its aggregate over visits, or over events of one kind.

    `signal` names the one of tracker.signal_book that decides what it counts.
    """

    name: str
    title: str
    kind: Kind
    help: str
    of: CountedOver
    expression: ColumnElement[int]
    signal: str | None = None

    @property
    def column(self) -> Column:
        """The column that shows it."""
        return Column(self.name, self.title, self.kind, self.help, self.signal)

    @property
    def whole(self) -> ColumnElement[int]:
        """The aggregate, 0 rather than null when there are no rows."""
        # Cast, since ClickHouse counts without a sign and would not add such a column to another.
        return cast(func.coalesce(self.expression, 0), BigInteger)

    @property
    def labelled(self) -> ColumnElement[int]:
        """The aggregate under its name."""
        return self.whole.label(self.name)


@dataclass(frozen=True, eq=False)
class Ratio:
    """A number that is one sum for each of another."""

    name: str
    title: str
    kind: Kind
    help: str
    over: Sum
    under: Sum

    @property
    def column(self) -> Column:
        """The column that shows it."""
        return Column(self.name, self.title, self.kind, self.help, self.over.signal)


Measure = Sum | Ratio


def sums_of(measures: Sequence[Measure], of: str) -> list[Sum]:
    """Return the sums over one kind of row that some measures need, each once."""
    needed = [part for one in measures for part in ((one,) if isinstance(one, Sum) else (one.over, one.under))]
    return [one for one in dict.fromkeys(needed) if one.of == of]


def filled(measures: Sequence[Measure], sums: Mapping[str, Any]) -> dict[str, Cell]:
    """Work out measures from sums by name; a sum that is missing is 0."""
    return {one.name: _worked_out(one, sums) for one in measures}


def ratio(over: float, under: float) -> float | None:
    """Divide, or None where there is nothing to divide by."""
    return over / under if under else None


def _worked_out(measure: Measure, sums: Mapping[str, Any]) -> Cell:
    if isinstance(measure, Sum):
        return int(sums.get(measure.name) or 0)
    found = ratio(int(sums.get(measure.over.name) or 0), int(sums.get(measure.under.name) or 0))
    return round(found) if found is not None and measure.kind == "ms" else found
