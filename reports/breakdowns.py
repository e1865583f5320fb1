"""Whence people come and with what: one report for each dimension of a visit, all of one make.

Each answers with a row a value, most visits first, and with how the visits of that value went.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, desc, select

from reports import measures
from reports.measures import filled, sums_of
from reports.query.buckets import day_number
from reports.query.chosen import visits
from reports.query.daily import total, visits_by
from reports.query.dimensions import BY_NAME
from reports.report import Ask, Column, Found, Kind, Report, Row
from reports.scope import Scope
from tracker.store.schema import visit

MEASURES = (
    measures.visits,
    measures.visitors,
    measures.views_per_visit,
    measures.bounce_rate,
    measures.engaged_ms_per_visit,
    measures.dead_visit_rate,
)
_SUMS = sums_of(MEASURES, "visit")
_WITHIN_DAYS = "Visitors are told apart within one day of the site; those of several days are the sum of the days."
_TAGGED = "Read from utm_source, utm_medium, utm_campaign and their like; without these, from the referrer."
_GUESSED = "From the visitor's address, which is then forgotten, or guessed from the browser's time zone."
_AGENT = "As the browser says of itself."


class Breakdown(NamedTuple):
    """A report by one dimension; `within` are those that tell two of the same name apart."""

    name: str
    title: str
    dimension: str
    question: str
    reading: str
    kind: Kind = "text"
    within: tuple[str, ...] = ()


SOURCES = (
    Breakdown("sources", "Sources", "source", "Where do visitors come from?", _TAGGED, "source"),
    Breakdown(
        "channels",
        "Channels",
        "medium",
        "By which kind of way do visitors come: search, social, AI assistants, mail, links, or direct?",
        _TAGGED,
    ),
    Breakdown("campaigns", "Campaigns", "campaign", "Which campaigns bring visitors?", "Read from utm_campaign."),
    Breakdown(
        "referrers",
        "Referrers",
        "referrer",
        "On which pages of other sites are the links that bring visitors?",
        "As much of the address as the browser tells, mostly the host alone.",
    ),
)
ENDS = (
    Breakdown(
        "entry-pages",
        "Entry pages",
        "entry",
        "On which pages do visits begin, and how do they go on from there?",
        "The page of a visit's first view.",
        "path",
    ),
    Breakdown(
        "exit-pages",
        "Exit pages",
        "exit",
        "On which pages do visits end?",
        "The page of a visit's last view. Every visit ends somewhere; bounce paths tell who left too soon.",
        "path",
    ),
)
PLACES = (
    Breakdown("countries", "Countries", "country", "In which countries are visitors?", _GUESSED),
    Breakdown("regions", "Regions", "region", "In which regions are visitors?", _GUESSED, within=("country",)),
    Breakdown("cities", "Cities", "city", "In which cities are visitors?", _GUESSED, within=("region", "country")),
    Breakdown("languages", "Languages", "language", "Which languages do visitors' browsers ask for?", _AGENT),
)
DEVICES = (
    Breakdown("devices", "Devices", "device", "Do visitors use phones, tablets or desktops?", _AGENT),
    Breakdown("browsers", "Browsers", "browser", "Which browsers do visitors use?", _AGENT),
    Breakdown("systems", "Operating systems", "os", "Which operating systems do visitors use?", _AGENT),
    Breakdown(
        "screens",
        "Screens",
        "screen",
        "How wide are the windows of visitors?",
        "Small is below 640 pixels, medium below 1024, large below 1440, and wide all above.",
    ),
)


def reports_by(breakdowns: Sequence[Breakdown]) -> tuple[Report, ...]:
    """Return the report of each breakdown."""
    return tuple(map(_report, breakdowns))


def of_visits(report: Report) -> Report:
    """Return a breakdown's report with its visits alone, which are counted several times as fast as visitors."""

    def run(scope: Scope, ask: Ask) -> Found:
        # Counted beforehand or not is the same here up to ten million events, and of few events this is the quicker.
        values = [visit.c[key].label(key) for key in report.key]
        counted = visits(scope, *values, measures.visits.labelled).group_by(*values)
        return Found(rows=ask(counted.order_by(desc("visits"), *_by_name(values)).limit(scope.rows_wanted)))

    names = (*report.key, measures.visits.name)
    return replace(report, columns=tuple(one for one in report.columns if one.name in names), run=run)


def _report(one: Breakdown) -> Report:
    keys = (one.dimension, *one.within)

    def run(scope: Scope, ask: Ask) -> Found:
        return Found(rows=_rows(scope, ask, keys))

    return Report(
        name=one.name,
        title=one.title,
        doc=f"{one.question}\n\n{one.reading} {_WITHIN_DAYS}",
        columns=(
            Column(one.dimension, BY_NAME[one.dimension].title, one.kind, "Empty where nothing tells."),
            *(Column(name, BY_NAME[name].title, "text", "Where it lies.") for name in one.within),
            *(measure.column for measure in MEASURES),
        ),
        run=run,
        key=keys,
    )


def _rows(scope: Scope, ask: Ask, keys: Sequence[str]) -> list[Row]:
    days = _by_day(scope, ask, keys)
    if days is None:
        values = [visit.c[key].label(key) for key in keys]
        day = day_number(visit.c.started_at, scope.range).label("day")
        days = visits(scope, *values, day, *(one.labelled for one in _SUMS)).group_by(*values, "day").subquery("days")
    names = [days.c[key] for key in keys]
    sums = (total(days, one.name) for one in _SUMS)
    statement = select(*names, *sums).group_by(*names).order_by(desc("visits"), *_by_name(names))
    records = ask(statement.limit(scope.rows_wanted))
    return [{**{key: record[key] for key in keys}, **filled(MEASURES, record)} for record in records]


def _by_day(scope: Scope, ask: Ask, keys: Sequence[str]) -> FromClause | None:
    """Return visits by day and one key where they are counted beforehand, else None."""
    [key, *within] = keys
    found = None if within else visits_by(key, scope, ask)
    return None if found is None else select(found.c.value.label(key), *found.c).subquery("days")


def _by_name(values: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [value.nulls_last() for value in values]
