"""By what a person's rows are found in the event store, and what else follows from them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, or_, select

from tracker.store.base import Trace
from tracker.store.functions import quarter
from tracker.store.local import day_span
from tracker.store.schema import event, visit
from tracker.struggles import Family

TRACES_AT_ONCE = 250  # in one statement: an engine of little memory holds some kilobytes for each


def of_traces(rows: FromClause, site_id: int, traces: Sequence[Trace]) -> ColumnElement[bool]:
    """Tell which events (columns of `schema.event`) are of the person who went by these names.

    Those of their logins; and those of their browsers, unless somebody else was signed in there.
    """
    ids = sorted({trace.identifier_id for trace in traces})
    spans: dict[tuple[datetime, datetime], list[int]] = {}
    for trace in traces:
        spans.setdefault((trace.since, trace.until), []).append(trace.identifier_id)

    def named(name: ColumnElement[int]) -> ColumnElement[bool]:
        at = rows.c.occurred_at
        return or_(*(and_(name.in_(some), at >= since, at < until) for (since, until), some in sorted(spans.items())))

    unsigned = or_(rows.c.login_id.is_(None), rows.c.login_id.in_(ids))
    return and_(rows.c.site_id == site_id, or_(named(rows.c.login_id), and_(named(rows.c.visitor_id), unsigned)))


def hangs_on(family: Family, rows: FromClause, gone: Table, site_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for what a family tells of the visitors or views of which events are gone."""
    by = "visitor_id" if family.key == ("visitor_id",) else "view_id"
    return rows.c.site_id == site_id, rows.c[by].in_(known(gone, by))


def known(gone: Table, name: str) -> ColumnElement[int]:
    """Select a column's values, but for nulls."""
    return gone.select().with_only_columns(gone.c[name]).where(gone.c[name].is_not(None))  # type: ignore[return-value]


def quarters_of(gone: Table, site_id: int) -> Select[Any]:
    """Select the quarters of an hour of which rollups tell with events that go, before these are deleted.

    Those of the events themselves, and of all that was in a visit with one of them: what is left of it may
    begin with any.
    """
    theirs = select(quarter(gone.c.occurred_at).label("quarter"))
    lost = and_(
        visit.c.visitor_id == gone.c.visitor_id,
        gone.c.occurred_at >= visit.c.started_at,
        gone.c.occurred_at <= visit.c.ended_at,
    )
    torn = (
        select(visit.c.visitor_id, visit.c.started_at, visit.c.ended_at)
        .join(gone, lost)
        .where(visit.c.site_id == site_id)
        .distinct()
        .subquery("torn")
    )
    inside = and_(
        event.c.visitor_id == torn.c.visitor_id,
        event.c.occurred_at >= torn.c.started_at,
        event.c.occurred_at <= torn.c.ended_at,
    )
    beside = select(quarter(event.c.occurred_at).label("quarter")).join(torn, inside).where(event.c.site_id == site_id)
    found = theirs.union_all(beside).subquery("found")
    return select(found.c.quarter).distinct()


def days_of(quarters: Sequence[datetime], zone: ZoneInfo) -> list[datetime]:
    """Return the midnights, in UTC, of the site's days in which some quarters of an hour lie."""
    return sorted({day_span(quarter, zone)[0] for quarter in quarters})
