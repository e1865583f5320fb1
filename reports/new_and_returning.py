"""How many are new, how many come back, and how many of them are known at all?

One row is a day, or a week from Monday on where the range has more than 31 days. New is whose first
visit ever stored lies in it; returning who came on a later day than that of the first visit. In a
week, or in the totals, one may be both. Only those who agreed to be known longer than a day can be
seen to return: all others are new each day, however often they come, so that of a site without consent
every visitor is new. Read the new beside how many are known. Signed in is whom the site's own
pages named in the range; struggles stand under their own time.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select

from reports import measures
from reports.measures import filled, ratio
from reports.query.buckets import Bucket, day_number, days, week_number, weeks
from reports.query.chosen import struggles
from reports.query.moments import stored
from reports.query.profiles import PROFILE, firsts, known_note, same_profile, signed_in, visits_of_profiles
from reports.query.ranges import Range
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from reports.struggle.struggling import counted
from tracker.signal_book import SIGNALS
from tracker.store.functions import count_distinct
from tracker.store.schema import struggle, visit

MOST_DAYS = 31
MEASURES = (measures.profiles, measures.visits, measures.struggles_per_profile)
Numbering = Callable[[ColumnElement[Any], Range], ColumnElement[int]]


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a day or week, and their totals, in which everyone counts once."""
    by_week = scope.range.days > MOST_DAYS
    number: Numbering = week_number if by_week else day_number
    buckets = (weeks if by_week else days)(scope.range, scope.now)
    sums = _sums(scope, ask, number)
    [total] = _sums(scope, ask, _whole).values() or [{}]
    series = [_row(bucket, sums.get(bucket.number, {})) for bucket in buckets]
    notes = [known_note(total["profiles"], total["known"])] if total else []
    return Found(rows=series, totals=_told(total), series=series, notes=notes)


def _sums(scope: Scope, ask: Ask, number: Numbering) -> dict[int, dict[str, int]]:
    """Return the sums of every bucket that has any, by its number."""
    found: dict[int, dict[str, int]] = {}
    for statement in (_people(scope, number), _struggles(scope, number)):
        for record in ask(statement):
            bucket = int(record.pop("bucket"))
            found.setdefault(bucket, {}).update({name: int(value or 0) for name, value in record.items()})
    return {bucket: sums for bucket, sums in found.items() if sums.get("profiles")}


def _people(scope: Scope, number: Numbering) -> Select[Any]:
    """Count the profiles of each bucket, and those of them that are new, known and signed in."""
    seen = (
        visits_of_profiles(
            scope,
            number(visit.c.started_at, scope.range).label("bucket"),
            PROFILE.label("profile"),
            func.count().label("visits"),
            count_distinct(day_number(visit.c.started_at, scope.range)).label("days"),
        )
        .group_by("bucket", "profile")
        .subquery("seen")
    )
    first, named = firsts(scope), signed_in(scope)
    new = and_(first.c.first_at >= stored(scope.range.start), number(first.c.first_at, scope.range) == seen.c.bucket)
    returning = (seen.c.days > 1) | ~new
    known = (first.c.tied > 0) | returning
    return (
        select(
            seen.c.bucket,
            func.count().label("profiles"),
            func.sum(seen.c.visits).label("visits"),
            func.sum(case((new, 1), else_=0)).label("new"),
            func.sum(case((returning, 1), else_=0)).label("returning"),
            func.sum(case((known, 1), else_=0)).label("known"),
            func.sum(case((named.c.profile.is_not(None), 1), else_=0)).label("signed_in"),
        )
        .select_from(seen.join(first, same_profile(seen, first)).outerjoin(named, same_profile(seen, named)))
        .group_by(seen.c.bucket)
    )


def _struggles(scope: Scope, number: Numbering) -> Select[Any]:
    """Count the struggles of each bucket whose visitor is told apart."""
    bucket = number(struggle.c.occurred_at, scope.range).label("bucket")
    statement = struggles(scope, bucket, measures.incidents.labelled).where(struggle.c.visitor_id.is_not(None))
    return counted(statement, scope).group_by("bucket")


def _whole(_time: ColumnElement[Any], _span: Range) -> ColumnElement[int]:
    """Number the range as one bucket."""
    return literal(0)


def _row(bucket: Bucket, sums: dict[str, int]) -> Row:
    return {"time": bucket.start.isoformat(), **_told(sums)}


def _told(sums: dict[str, int]) -> Row:
    profiles, returning = sums.get("profiles", 0), sums.get("returning", 0)
    return {
        **filled(MEASURES, sums),
        "new": sums.get("new", 0),
        "came_back": returning,
        "came_back_rate": ratio(returning, profiles),
        "known": sums.get("known", 0),
        "signed_in_rate": ratio(sums.get("signed_in", 0), profiles),
    }


report = Report(
    name="profiles",
    title="New and returning",
    doc=__doc__,
    columns=(
        Column("time", "Time", "time", "The day, or the first day of the week."),
        measures.profiles.column,
        Column("new", "New", "count", "Profiles whose first visit ever stored lies in it."),
        Column("came_back", "Returning", "count", "Profiles that came on a later day than that of their first visit."),
        Column("came_back_rate", "Share returning", "share", "Of the profiles, how many were returning."),
        Column("known", "Known", "count", "Profiles that can be known on another day; they alone can return."),
        Column("signed_in_rate", "Share signed in", "share", "Of the profiles, how many were signed in in the range."),
        measures.visits.column,
        measures.struggles_per_profile.column,
    ),
    run=run,
    signals=tuple(signal.name for signal in SIGNALS),
)
