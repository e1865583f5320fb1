"""The contract of a report: a module with a docstring, columns, and a function from scope to rows.

A report's module ends in one `report = Report(...)`; a line in `reports.REPORTS` makes it a
page, JSON, CSV, a command and a line in the documentation.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from inspect import cleandoc
from typing import Any, Literal

from sqlalchemy import Select

from reports.scope import Scope
from tracker.languages import gettext
from tracker.store.base import EventStore, QueryTimeoutError

Kind = Literal[
    "text",
    "source",
    "element",
    "path",
    "trail",
    "words",
    "days",
    "examples",
    "time",
    "count",
    "number",
    "share",
    "ms",
]
Cell = str | int | float | bool | list[str | int] | None
Row = dict[str, Cell]


@dataclass(frozen=True)
class Column:
    """One thing that a report tells of each row.

    `kind` says what stands in it: `share` is 0 to 1, `ms` whole milliseconds, `count` a whole
    number, `number` any, `time` ISO 8601 with the site's offset, `trail` a list of paths,
    `words` a list of words, `days` a list of counts from the range's first day to its last,
    `examples` a list of events' ids; the others are words. `help` says what it means, in a
    sentence or two. `signal` names the one of tracker.signal_book whose definition decides what
    it counts.
    """

    name: str
    title: str
    kind: Kind
    help: str
    signal: str | None = None


@dataclass(frozen=True)
class Ask:
    """Asks the store for one report, whose statements share one time limit (`deadline`, of the monotonic clock)."""

    store: EventStore
    deadline: float

    def __call__(self, statement: Select[Any]) -> list[dict[str, Any]]:
        """Return a statement's rows as dicts; QueryTimeoutError when there is no time left."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise QueryTimeoutError
        return self.store.query(statement, left).records()


@dataclass(frozen=True)
class Found:
    """What a report's `run` gives back; each row is keyed by the columns' names.

    `totals` and `series` use the same names. At most one row more than the scope's limit is
    looked at: it shows that there are more. `imported` is what other products counted on days before ours.
    """

    rows: Sequence[Row]
    totals: Row | None = None
    series: Sequence[Row] | None = None
    notes: Sequence[str] = field(default=())
    imported: Sequence[Row] = ()


@dataclass(frozen=True)
class Report:
    """A question that is asked of the store in one way everywhere.

    `doc` is its module's docstring: the question in the first paragraph, how to read the
    answer in those that follow. `run` gets the scope and `ask`, which answers one statement.
    `signals` names those of tracker.signal_book whose definitions decide what it counts, beside
    those that its columns name. `key` are the columns that tell one row from all others; with them, rows
    of the range that is compared with are set beside their like. A report that
    has neither a key nor totals, or compares by itself, is not compared: `compares` says so.
    One with a `past` tells what other products counted as well, and all days begin with theirs.
    """

    name: str
    title: str
    doc: str | None
    columns: tuple[Column, ...]
    run: Callable[[Scope, Ask], Found]
    signals: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    compares: bool = True
    past: bool = False

    def spoken(self) -> "Report":
        """Return it with its words in the language that is spoken now; names and all else stay."""
        parts = [gettext(part) for part in (self.question, *self.reading.split("\n\n")) if part]
        columns = tuple(replace(one, title=gettext(one.title), help=gettext(one.help)) for one in self.columns)
        return replace(self, title=gettext(self.title), doc="\n\n".join(parts), columns=columns)

    def key_of(self, row: Row) -> tuple[Cell, ...]:
        """Return what tells a row of this report from its others."""
        return tuple(row.get(name) for name in self.key)

    @property
    def counted_by(self) -> tuple[str, ...]:
        """The signals whose definitions stand behind its numbers, each once."""
        of_columns = (column.signal for column in self.columns if column.signal)
        return tuple(dict.fromkeys((*self.signals, *of_columns)))

    @property
    def question(self) -> str:
        """The question it answers, in a line."""
        return " ".join(cleandoc(self.doc or "").split("\n\n")[0].split())

    @property
    def reading(self) -> str:
        """How to read the answer: the paragraphs after the question."""
        return "\n\n".join(" ".join(part.split()) for part in cleandoc(self.doc or "").split("\n\n")[1:])


@dataclass(frozen=True)
class Group:
    """Reports about one thing, under one heading of the pages; the first is what the heading leads to."""

    title: str
    reports: tuple[Report, ...]


def by_name(reports: Sequence[Report]) -> Mapping[str, Report]:
    """Key reports by their names."""
    return {report.name: report for report in reports}
