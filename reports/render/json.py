"""An answer as JSON: the shape that the API promises, only ever added to."""

from collections.abc import Sequence

import msgspec

from reports.query.filters import texts_of
from reports.query.ranges import Range
from reports.report import Cell, Column, Row
from reports.run import Comparison, ReportAnswer
from tracker.signal_book import BY_NAME


class SiteShape(msgspec.Struct, frozen=True):
    """Whose report it is."""

    key: str
    name: str
    zone: str


class RangeShape(msgspec.Struct, frozen=True):
    """From `start` up to, and without, `end`: ISO 8601 with the site's offset."""

    name: str
    start: str
    end: str


class ScopeShape(msgspec.Struct, frozen=True):
    """What was asked, in the words of the URL; the filters of the segment are among `filters`."""

    range: RangeShape
    filters: list[str]
    compare: str
    bots: str
    segment: str | None = None


class SeenShape(msgspec.Struct, frozen=True):
    """How many events of anybody lie in the range, and when the last of them took place."""

    until: str | None
    events: int


class ColumnShape(msgspec.Struct, frozen=True):
    """What a name in rows, totals and series means. `kind` says how to read its values."""

    name: str
    title: str
    kind: str
    help: str


class ComparisonShape(msgspec.Struct, frozen=True):
    """The same report of the range that it is compared with.

    `rows` has the like of each row in its order: {} where there was none, null where that is not known. It is
    null as a whole for reports whose rows cannot be told apart by a name.
    """

    range: RangeShape
    totals: dict[str, Cell] | None
    series: list[dict[str, Cell]] | None
    rows: list[dict[str, Cell] | None] | None = None


class ReportShape(msgspec.Struct, frozen=True):
    """A report's answer. `took_ms` is how long it took to find.

    `definitions` tells, by signal, what its numbers count; `signals_version` is the version of
    the site's limits in which they say so, null where no signal is counted. `imported` is what other products
    counted on days of the range before ours, a row a day and product: it is in no row, total or series.
    """

    report: str
    title: str
    question: str
    site: SiteShape
    scope: ScopeShape
    seen: SeenShape
    columns: list[ColumnShape]
    rows: list[dict[str, Cell]]
    totals: dict[str, Cell] | None
    series: list[dict[str, Cell]] | None
    comparison: ComparisonShape | None
    notes: list[str]
    took_ms: int
    error: str | None = None
    signals_version: int | None = None
    definitions: dict[str, str] = {}
    imported: list[dict[str, Cell]] = []


def shape(answer: ReportAnswer) -> ReportShape:
    """Turn an answer into what is promised."""
    scope, other = answer.scope, answer.comparison
    limits, counted_by = scope.site.limits, answer.report.counted_by
    return ReportShape(
        report=answer.report.name,
        title=answer.report.title,
        question=answer.report.question,
        site=SiteShape(scope.site.key, scope.site.name, scope.site.zone),
        scope=ScopeShape(
            range=_range(scope.range),
            filters=texts_of(scope.filters),
            compare=scope.compare,
            bots=scope.bots,
            segment=scope.segment and scope.segment.name,
        ),
        seen=SeenShape(answer.seen.until.isoformat() if answer.seen.until else None, answer.seen.events),
        columns=columns(answer.report.columns),
        rows=list(answer.rows),
        totals=answer.totals,
        series=_rows(answer.series),
        comparison=_comparison(answer, other) if other else None,
        notes=list(answer.notes),
        took_ms=answer.took_ms,
        error=answer.error,
        signals_version=limits.version if counted_by else None,
        imported=list(answer.imported),
        definitions={name: BY_NAME[name].definition(limits) for name in counted_by},
    )


def columns(of_report: tuple[Column, ...]) -> list[ColumnShape]:
    """Turn a report's columns into what is promised."""
    return [ColumnShape(one.name, one.title, one.kind, one.help) for one in of_report]


def render(answer: ReportAnswer) -> bytes:
    """Write an answer as JSON, in UTF-8."""
    return msgspec.json.encode(shape(answer))


def _comparison(answer: ReportAnswer, other: Comparison) -> ComparisonShape:
    rows = [answer.before(row) for row in answer.rows] if answer.report.key else None
    return ComparisonShape(_range(other.range), other.totals, _rows(other.series), rows)


def _rows(rows: Sequence[Row] | None) -> list[Row] | None:
    return None if rows is None else list(rows)


def _range(span: Range) -> RangeShape:
    return RangeShape(span.name, span.start.isoformat(), span.end.isoformat())
