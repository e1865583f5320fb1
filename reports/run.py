"""The one executor: it asks the store for a report, limits it, times it and catches what goes wrong."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol

import structlog
from sqlalchemy import func, select

from reports.query.beginning import first_day
from reports.query.chosen import in_range
from reports.query.moments import local
from reports.query.ranges import EARLIEST, Range
from reports.report import Ask, Cell, Found, Report, Row
from reports.scope import MOST_ROWS, Scope
from tracker.languages import counted, gettext, marked, numbers
from tracker.store.base import EventStore, QueryMemoryError, QueryTimeoutError, StoreDownError
from tracker.store.schema import event

TIMEOUT_S = 20.0
TOO_LONG = marked("This took too long. Choose a shorter range or fewer filters.")
TOO_MUCH = marked("This needs more memory than there is. Choose a shorter range, or fewer filters and values.")
FAILED = marked("This report failed; the server's log says why.")
AWAY = marked("A store does not answer just now. What is collected meanwhile is kept and will be there.")
_log = structlog.get_logger(__name__)


class Answered(Protocol):
    """What was asked of the store, answered or not."""

    @property
    def error(self) -> str | None:
        """Why there is none, in a sentence."""

    @property
    def timed_out(self) -> bool:
        """Whether that is for it took too long, or more memory than there is."""


@dataclass(frozen=True)
class Seen:
    """What an answer rests on: how many events lie in its range, and when the last of them took place."""

    until: datetime | None
    events: int


@dataclass(frozen=True)
class Comparison:
    """The same report of the range that it is compared with.

    `rows` are its rows by their key, for reports that have one; `whole` tells whether these are all that it has.
    """

    range: Range
    totals: Row | None
    series: Sequence[Row] | None
    rows: Mapping[tuple[Cell, ...], Row] = field(default_factory=dict)
    whole: bool = True


@dataclass(frozen=True)
class ReportAnswer:
    """A report's answer for one scope; `error` is a sentence for its reader when there is none, else None."""

    report: Report
    scope: Scope
    seen: Seen
    rows: Sequence[Row]
    totals: Row | None
    series: Sequence[Row] | None
    comparison: Comparison | None
    notes: Sequence[str]
    took_ms: int
    error: str | None = None
    timed_out: bool = False
    away: bool = False
    imported: Sequence[Row] = ()

    def before(self, row: Row) -> Row | None:
        """Return the like of a row in the range compared with: an empty row where that has none, None if unknown.

        Nothing is known where that range has no row at all, or counts nothing in any: to call every row a new one
        would tell nothing.
        """
        if self.comparison is None or not self.comparison.rows:
            return None
        return self.comparison.rows.get(self.report.key_of(row), {} if self.comparison.whole else None)


def run_report(
    report: Report, scope: Scope, store: EventStore, timeout_s: float = TIMEOUT_S, seen: Seen | None = None
) -> ReportAnswer:
    """Answer a report, in the language spoken now; a failure is its own error in the answer, never an exception.

    `seen` is what was seen of the same range a moment ago, where that need not be counted again.
    """
    started = time.monotonic()
    found, comparison = Found(rows=()), None
    error, timed_out, away = None, False, False
    try:
        ask = Ask(store, started + timeout_s)
        scope = bounded(scope, ask, past=report.past)
        seen = seen or _seen(scope, ask)
        found = report.run(scope, ask)
        comparison = _compared(report, scope, ask)
    except QueryTimeoutError as late:
        timed_out, error = True, lateness(late, timeout_s)
    except StoreDownError as down:
        _log.error("report failed", report=report.name, site=scope.site.key, error=str(down))
        away, error = True, gettext(AWAY)
    except Exception:
        _log.exception("report failed", report=report.name, site=scope.site.key)
        error = gettext(FAILED)
    more = found.series is None and len(found.rows) > scope.limit
    cut = counted("There are more than this one row.", "There are more than these %(n)s rows.", scope.limit)
    return ReportAnswer(
        report=report.spoken(),
        scope=scope,
        seen=seen or Seen(None, 0),
        rows=found.rows[: scope.limit] if more else found.rows,
        totals=found.totals,
        series=found.series,
        comparison=comparison,
        notes=[*found.notes, *([cut] if more else [])],
        took_ms=round((time.monotonic() - started) * 1000),
        error=error,
        timed_out=timed_out,
        away=away,
        imported=found.imported,
    )


def lateness(error: QueryTimeoutError, timeout_s: float | None = None) -> str:
    """Say why a query got no answer, in how many seconds where that is known, and the way out."""
    if isinstance(error, QueryMemoryError):
        return gettext(TOO_MUCH)
    if timeout_s is None:
        return gettext(TOO_LONG)
    return gettext(
        "This took longer than %(seconds)s s. Choose a shorter range or fewer filters.",
        seconds=numbers.decimal(timeout_s, 3, 0),
    )


def status_of(found: Answered) -> HTTPStatus:
    """Return HTTP's word for an answer: OK, or why there is none."""
    if found.error is None:
        return HTTPStatus.OK
    if isinstance(found, ReportAnswer) and found.away:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.GATEWAY_TIMEOUT if found.timed_out else HTTPStatus.INTERNAL_SERVER_ERROR


def newest(scope: Scope, store: EventStore) -> tuple[int, int]:
    """Return what changes whenever a site's events do: the last ingest_id, and how many there are."""
    columns: tuple[Any, ...] = (func.max(event.c.ingest_id), func.count())
    statement = select(*columns).where(event.c.site_id == scope.site.id)
    [(last, count)] = store.query(statement, TIMEOUT_S).rows
    return int(last or 0), int(count)


def bounded(scope: Scope, ask: Ask, *, past: bool = False) -> Scope:
    """Let a range of all days begin with the day of the first event; with `past`, of what others counted."""
    if scope.range.name != "all" or scope.range.first > EARLIEST:
        return scope
    today = scope.range.end_day - timedelta(days=1)
    imported = [one.first_day for one in scope.site.imports] if past else []
    first = min((first_day(scope, ask) or today, today, *imported))
    return replace(scope, range=replace(scope.range, first=first))


def _seen(scope: Scope, ask: Ask) -> Seen:
    columns: tuple[Any, ...] = (func.max(event.c.occurred_at).label("until"), func.count().label("events"))
    in_scope = event.c.site_id == scope.site.id, in_range(event.c.occurred_at, scope.range)
    [record] = ask(select(*columns).where(*in_scope))
    events = int(record["events"])
    return Seen(local(record["until"], scope.site.tzinfo) if events else None, events)


def _compared(report: Report, scope: Scope, ask: Ask) -> Comparison | None:
    if scope.compared is None or not report.compares:
        return None
    # A row's like may stand far below among those of the other range.
    limit = MOST_ROWS if report.key else scope.limit
    found = report.run(replace(scope, range=scope.compared, limit=limit), ask)
    counts = [column.name for column in report.columns if column.kind == "count"]
    counted_any = any(row.get(name) for row in found.rows for name in counts)
    rows = {report.key_of(row): row for row in found.rows[:limit]} if report.key and counted_any else {}
    return Comparison(scope.compared, found.totals, found.series, rows, whole=len(found.rows) <= limit)
