"""The one executor: it asks the store for a report, limits it, times it and catches what goes wrong."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select

from reports.query.chosen import in_range
from reports.query.moments import local
from reports.query.ranges import Range
from reports.report import Ask, Found, Report, Row
from reports.scope import Scope
from tracker.store.base import EventStore, QueryTimeoutError
from tracker.store.schema import event

TIMEOUT_S = 20.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Seen:
    """What an answer rests on: how many events lie in its range, and when the last of them took place."""

    until: datetime | None
    events: int


@dataclass(frozen=True)
class Comparison:
    """The same report of the range that it is compared with."""

    range: Range
    totals: Row | None
    series: Sequence[Row] | None


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


def run_report(report: Report, scope: Scope, store: EventStore, timeout_s: float = TIMEOUT_S) -> ReportAnswer:
    """Answer a report; a failure is its own error in the answer, never an exception."""
    started = time.monotonic()
    seen, found, comparison = Seen(None, 0), Found(rows=()), None
    error, timed_out = None, False
    try:
        ask = Ask(store, started + timeout_s)
        scope = _bounded(scope, ask)
        seen = _seen(scope, ask)
        found = report.run(scope, ask)
        comparison = _compared(report, scope, ask)
    except QueryTimeoutError:
        timed_out = True
        error = f"This took longer than {timeout_s:g} s. Choose a shorter range or fewer filters."
    except Exception:
        _log.exception("report failed", report=report.name, site=scope.site.key)
        error = "This report failed; the server's log says why."
    more = found.series is None and len(found.rows) > scope.limit
    return ReportAnswer(
        report=report,
        scope=scope,
        seen=seen,
        rows=found.rows[: scope.limit] if more else found.rows,
        totals=found.totals,
        series=found.series,
        comparison=comparison,
        notes=[*found.notes, *([f"There are more than these {scope.limit} rows."] if more else [])],
        took_ms=round((time.monotonic() - started) * 1000),
        error=error,
        timed_out=timed_out,
    )


def newest(scope: Scope, store: EventStore) -> tuple[int, int]:
    """Return what changes whenever a site's events do: the last ingest_id, and how many there are."""
    columns: tuple[Any, ...] = (func.max(event.c.ingest_id), func.count())
    statement = select(*columns).where(event.c.site_id == scope.site.id)
    [(last, count)] = store.query(statement, TIMEOUT_S).rows
    return int(last or 0), int(count)


def _bounded(scope: Scope, ask: Ask) -> Scope:
    """Let a range of all days begin with the day of the first event."""
    if scope.range.name != "all":
        return scope
    columns: tuple[Any, ...] = (func.min(event.c.occurred_at).label("first"), func.count().label("events"))
    [record] = ask(select(*columns).where(event.c.site_id == scope.site.id))
    tomorrow = scope.range.end_day
    first = local(record["first"], scope.site.tzinfo).date() if record["events"] else tomorrow - timedelta(days=1)
    return replace(scope, range=replace(scope.range, first=min(first, tomorrow - timedelta(days=1))))


def _seen(scope: Scope, ask: Ask) -> Seen:
    columns: tuple[Any, ...] = (func.max(event.c.occurred_at).label("until"), func.count().label("events"))
    in_scope = event.c.site_id == scope.site.id, in_range(event.c.occurred_at, scope.range)
    [record] = ask(select(*columns).where(*in_scope))
    events = int(record["events"])
    return Seen(local(record["until"], scope.site.tzinfo) if events else None, events)


def _compared(report: Report, scope: Scope, ask: Ask) -> Comparison | None:
    if scope.compared is None:
        return None
    found = report.run(replace(scope, range=scope.compared), ask)
    return Comparison(scope.compared, found.totals, found.series)
