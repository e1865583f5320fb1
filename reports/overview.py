"""How many came, what did they see, and how many of them struggled?

Visits and visitors stand under the moment at which the visit began, views and clicks under
their own. Visitors are told apart within one day of the site only: those of several days are
the sum of the days. Views of which nobody is known, as in count mode, are in no visit; a note
says how many there were.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select

from reports import measures
from reports.measures import filled, sums_of
from reports.query.buckets import Bucket, day_number, days, hour_number, hours, is_hourly
from reports.query.chosen import events, visits
from reports.query.daily import answers, total
from reports.query.daily import days as rolled_days
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.daily import PATHS
from tracker.store.schema import event, visit

MEASURES = (
    measures.visitors,
    measures.visits,
    measures.views,
    measures.views_per_visit,
    measures.bounce_rate,
    measures.unengaged_rate,
    measures.engaged_ms_per_visit,
    measures.dead_clicks,
    measures.dead_visit_rate,
)
_SUMMED = (*MEASURES, measures.unknown_views)
_HAPPENED = ("view", "click")


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a day, or an hour where the range has at most two days, and their totals."""
    by_day = _summed(ask, _visits(scope, day_number), *_happened(scope, ask))
    totals = {name: sum(sums.get(name, 0) for sums in by_day.values()) for name in _names()}
    if is_hourly(scope.range):
        by_hour = _summed(ask, _visits(scope, hour_number), *(_events(scope, of, hour_number) for of in _HAPPENED))
        series = _series(hours(scope.range, scope.now), by_hour)
    else:
        series = _series(days(scope.range, scope.now), by_day)
    return Found(rows=series, totals=filled(MEASURES, totals), series=series, notes=_notes(scope, totals))


def _summed(ask: Ask, *statements: Select[Any]) -> dict[int, dict[str, int]]:
    """Return the sums of every bucket that has any, by its number."""
    found: dict[int, dict[str, int]] = {}
    for statement in statements:
        for record in ask(statement.group_by("bucket")):
            number = int(record.pop("bucket"))
            found.setdefault(number, {}).update({name: int(value) for name, value in record.items()})
    return found


def _visits(scope: Scope, bucket: Callable[..., Any]) -> Select[Any]:
    numbers = (one.labelled for one in sums_of(_SUMMED, "visit"))
    return visits(scope, bucket(visit.c.started_at, scope.range).label("bucket"), *numbers)


def _events(scope: Scope, of: str, bucket: Callable[..., Any]) -> Select[Any]:
    numbers = (one.labelled for one in sums_of(_SUMMED, of))
    return events(scope, of, bucket(event.c.occurred_at, scope.range).label("bucket"), *numbers)


def _happened(scope: Scope, ask: Ask) -> list[Select[Any]]:
    """Select views and clicks by day."""
    if not answers(PATHS, scope):
        return [_events(scope, of, day_number) for of in _HAPPENED]
    found = rolled_days(PATHS, scope, ask)
    columns: list[Any] = [total(found, one.name) for of in _HAPPENED for one in sums_of(_SUMMED, of)]
    return [select(day_number(found.c.day, scope.range).label("bucket"), *columns)]


def _series(buckets: list[Bucket], sums: dict[int, dict[str, int]]) -> list[Row]:
    return [{"time": one.start.isoformat(), **filled(MEASURES, sums.get(one.number, {}))} for one in buckets]


def _names() -> list[str]:
    return [one.name for of in ("visit", "view", "click") for one in sums_of(_SUMMED, of)]


def _notes(scope: Scope, totals: dict[str, int]) -> list[str]:
    notes = []
    if scope.range.days > 1:
        notes.append("Visitors are told apart within a day only; those of several days are the sum of the days.")
    if unknown := totals["unknown_views"]:
        notes.append(f"Of {totals['views']} views, {unknown} are of nobody told apart; they are in no visit.")
    return notes


report = Report(
    name="overview",
    title="Overview",
    doc=__doc__,
    columns=(
        Column("time", "Time", "time", "The day, or the hour where the range has at most two days."),
        *(one.column for one in MEASURES),
    ),
    run=run,
)
