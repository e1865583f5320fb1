"""How many came, what did they see, and how many of them struggled?

Visits and visitors stand under the moment at which the visit began, views and clicks under
their own. Visitors are told apart within one day of the site only: those of several days are
the sum of the days. Views of which nobody is known, as in count mode, are in no visit; a note
says how many there were.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from reports import imported, measures
from reports.measures import filled, sums_of
from reports.query.beginning import days_before
from reports.query.buckets import Bucket, day_number, days, hour_number, hours, is_hourly
from reports.query.chosen import events, visits
from reports.query.daily import answers, of_paths, total, visits_by_day
from reports.query.daily import days as rolled_days
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.imports.titles import title_of
from tracker.languages import counted, dates, gettext
from tracker.languages.lists import listed
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
    by_day = _summed(ask, _begun(scope, ask), *_happened(scope, ask))
    totals = {name: sum(sums.get(name, 0) for sums in by_day.values()) for name in _names()}
    if is_hourly(scope.range):
        by_hour = _summed(ask, _visits(scope, hour_number), *(_events(scope, of, hour_number) for of in _HAPPENED))
        series = _series(hours(scope.range, scope.now), by_hour)
    else:
        series = _series(days(scope.range, scope.now), by_day)
    before = _imported(scope, ask)
    notes = [*_notes(scope, totals), *_notes_of_past(before)]
    return Found(series, filled(MEASURES, totals), series, notes, before)


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


def _begun(scope: Scope, ask: Ask) -> Select[Any]:
    """Select visits by day."""
    found = visits_by_day(scope, ask)
    if found is None:
        return _visits(scope, day_number)
    columns: list[Any] = [total(found, one.name) for one in sums_of(_SUMMED, "visit")]
    return select(day_number(found.c.day, scope.range).label("bucket"), *columns)


def _happened(scope: Scope, ask: Ask) -> list[Select[Any]]:
    """Select views and clicks by day."""
    rollup = of_paths(scope)
    if not answers(rollup, scope):
        return [_events(scope, of, day_number) for of in _HAPPENED]
    found = rolled_days(rollup, scope, ask)
    columns: list[Any] = [total(found, one.name) for of in _HAPPENED for one in sums_of(_SUMMED, of)]
    return [select(day_number(found.c.day, scope.range).label("bucket"), *columns)]


def _series(buckets: list[Bucket], sums: dict[int, dict[str, int]]) -> list[Row]:
    return [{"time": one.start.isoformat(), **filled(MEASURES, sums.get(one.number, {}))} for one in buckets]


def _imported(scope: Scope, ask: Ask) -> list[Row]:
    """Return what others counted on days before ours, a row a day and product."""
    days = days_before(scope, ask)
    found = scope.site.past.by_day(days.first, days.end_day) if days else ()
    return [{"day": one["day"].isoformat(), "product": one["product"], **imported.told(one)} for one in found]


def _notes_of_past(before: Sequence[Row]) -> list[str]:
    if not before:
        return []
    products = listed([title_of(name) for name in dict.fromkeys(str(row["product"]) for row in before)])
    last = dates.full_day(date.fromisoformat(str(before[-1]["day"])))
    return [
        gettext(
            "Up to %(day)s, %(products)s counted: that is told apart, and in no total.", day=last, products=products
        )
    ]


def _names() -> list[str]:
    return [one.name for of in ("visit", "view", "click") for one in sums_of(_SUMMED, of)]


def _notes(scope: Scope, totals: dict[str, int]) -> list[str]:
    notes = []
    if scope.range.days > 1:
        notes.append(
            gettext("Visitors are told apart within a day only; those of several days are the sum of the days.")
        )
    if unknown := totals["unknown_views"]:
        notes.append(
            counted(
                "Of %(views)s, %(n)s is of nobody told apart; it is in no visit.",
                "Of %(views)s, %(n)s are of nobody told apart; they are in no visit.",
                unknown,
                views=counted("%(n)s view", "%(n)s views", totals["views"]),
            )
        )
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
    past=True,
)
