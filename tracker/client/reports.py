"""Reports and answers to questions, as a client gets them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

import msgspec

from tracker.client.tables import Numbers, to_pandas, to_polars

if TYPE_CHECKING:
    import pandas
    import polars

_NUMBERS: Numbers = {"count": "int64", "ms": "int64", "share": "float64", "number": "float64"}
Row = dict[str, Any]
"""Values by the names of columns; None is "not known"."""


class SpanWords(TypedDict, total=False):
    """Of which days: `range` is `28d` unless it is said; and whether declared `bots` count: `out`, `in` or `only`."""

    range: str
    bots: str


class ChosenWords(TypedDict, total=False):
    """Whose data: `filters` such as `path:is:/cart`, the name of a saved `segment`, and `bots` as above."""

    filters: Sequence[str]
    segment: str
    bots: str


class ScopeWords(ChosenWords, total=False):
    """Whose data, of which days: the words of docs/reports.md, each of which may be left out."""

    range: str


class ReportWords(ScopeWords, total=False):
    """What a report takes beside its scope: `compare` is `previous`, `year` or `weekday`, `limit` the most rows."""

    compare: str
    release: str
    funnel: str
    limit: int


class Column(msgspec.Struct, frozen=True):
    """What a name in rows and totals means. `kind` says how to read it: a `share` is 0 to 1, `ms` are milliseconds."""

    name: str
    title: str
    kind: str
    help: str


class ReportInfo(msgspec.Struct, frozen=True):
    """A report that can be asked for: the question that it answers, how to read it, and its columns."""

    name: str
    title: str
    question: str
    reading: str
    columns: list[Column]


class Range(msgspec.Struct, frozen=True):
    """From `start` up to, and without, `end`, with the site's offset."""

    name: str
    start: datetime
    end: datetime


class Scope(msgspec.Struct, frozen=True):
    """What was asked; the filters of the segment are among `filters`."""

    range: Range
    filters: list[str]
    compare: str
    bots: str
    segment: str | None = None


class Seen(msgspec.Struct, frozen=True):
    """How many events of anybody lie in the range, and when the last of them took place."""

    until: datetime | None
    events: int


class Compared(msgspec.Struct, frozen=True):
    """The same report of the range that it is compared with.

    `rows` has the like of each row in its order, {} where there was none; it is None where rows have no like.
    """

    range: Range
    totals: Row | None
    series: list[Row] | None
    rows: list[Row | None] | None = None


class Report(msgspec.Struct, frozen=True):
    """A report's answer. `series` are the rows of its chart, `notes` what its reader should know.

    `definitions` tells, by signal, what its numbers count; `signals_version` is the version of the site's limits in
    which they do, None where no signal is counted. `took_ms` is how long the server took.
    """

    report: str
    title: str
    question: str
    scope: Scope
    seen: Seen
    columns: list[Column]
    rows: list[Row]
    totals: Row | None
    series: list[Row] | None
    comparison: Compared | None
    notes: list[str]
    took_ms: int
    signals_version: int | None = None
    definitions: dict[str, str] = {}

    def to_pandas(self) -> "pandas.DataFrame":
        """Return the rows as a frame, times in UTC; NoTableError where pandas is not installed."""
        return to_pandas(self.rows, *_names(self.columns))

    def to_polars(self) -> "polars.DataFrame":
        """Return the rows as a frame, times in UTC; NoTableError where polars is not installed."""
        return to_polars(self.rows, *_names(self.columns))


class Meta(msgspec.Struct, frozen=True):
    """What else there is to say. `total_rows` are those of all pages; `compared` is the other range."""

    notes: list[str]
    took_ms: int
    total_rows: int | None = None
    time_labels: list[str] | None = None
    compared: list[str] | None = None


class Answer(msgspec.Struct, frozen=True):
    """An answer to a question; `query` is what was asked, with all in it that was left out.

    `rows` have the names of dimensions and measures as they were given; what it was before has `_before` after it.
    """

    columns: list[Column]
    meta: Meta
    query: dict[str, Any]
    rows: list[Row] = msgspec.field(name="records")

    def to_pandas(self) -> "pandas.DataFrame":
        """Return the rows as a frame, times in UTC; NoTableError where pandas is not installed."""
        return to_pandas(self.rows, *_names(self.columns))

    def to_polars(self) -> "polars.DataFrame":
        """Return the rows as a frame, times in UTC; NoTableError where polars is not installed."""
        return to_polars(self.rows, *_names(self.columns))


def _names(columns: Sequence[Column]) -> tuple[list[str], list[str], Numbers]:
    numbers = {one.name: _NUMBERS[one.kind] for one in columns if one.kind in _NUMBERS}
    return [one.name for one in columns], [one.name for one in columns if one.kind == "time"], numbers
