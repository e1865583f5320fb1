"""Which rows of the store a scope chooses.

Visits belong to the range in which they start; views, clicks, other events and struggles to
their own time. A filter on a visit's dimension is a condition on the visit. Filters on an event's
dimensions choose the visits that have one event for which all of them hold.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, select

from reports.measures import during
from reports.query.filters import Filter
from reports.query.moments import stored
from reports.query.ranges import Range
from reports.query.within import within_visit
from reports.scope import Scope
from tracker.store.schema import event, struggle, visit


def visits(scope: Scope, *columns: Any) -> Select[Any]:
    """Select from the visits that a scope chooses."""
    conditions = _shared(scope, visit, visit.c.started_at)
    conditions += _each(scope, visit, _of_level(scope, "visit"))
    of_events = _of_level(scope, "event")
    if of_events:
        conditions.append(visit.c.visit_id.in_(_visits_with_event(scope, of_events)))
    return select(*columns).select_from(visit).where(*conditions)


def events(scope: Scope, kind: str | Collection[str], *columns: Any) -> Select[Any]:
    """Select from the events of a kind, or of some, that a scope chooses; each event stands once.

    Events of several kinds are chosen by themselves only where all of these carry what is filtered by.
    """
    kinds = {kind} if isinstance(kind, str) else set(kind)
    source, conditions = _happened(scope, event)
    conditions.append(event.c.kind.in_(sorted(kinds)))
    of_events = _of_level(scope, "event")
    if all(kinds <= set(one.dimension.kinds) for one in of_events):
        conditions += _each(scope, event, of_events)
    else:  # a view has no element: it is chosen by a click in it that has
        conditions.append(event.c.view_id.in_(_views_with_event(scope, of_events)))
    return select(*columns).select_from(source).where(*conditions)


def struggles(scope: Scope, *columns: Any) -> Select[Any]:
    """Select from the struggles that a scope chooses; those of any signal, `in_vain` among them."""
    source, conditions = _struggles(scope)
    return select(*columns).select_from(source).where(*conditions)


def struggles_in_visits(scope: Scope, *columns: Any) -> Select[Any]:
    """Select from the struggles that a scope chooses, each with the visit in which it took place, `measures.during`."""
    source, conditions = _struggles(scope)
    return select(*columns).select_from(source.outerjoin(during, within_visit(struggle, during))).where(*conditions)


def carried_by(kind: str, scope: Scope) -> Scope:
    """Return the scope without the filters on what events of a kind do not carry: for "so many of all views"."""
    return replace(scope, filters=tuple(one for one in scope.filters if kind in one.dimension.kinds))


def in_range(column: ColumnElement[Any], span: Range) -> ColumnElement[bool]:
    """Say that a time of the store lies in a range."""
    return and_(column >= stored(span.start), column < stored(span.end))


def _struggles(scope: Scope) -> tuple[FromClause, list[ColumnElement[bool]]]:
    source, conditions = _happened(scope, struggle)
    of_events = _of_level(scope, "event")
    conditions += _each(scope, struggle, [one for one in of_events if one.dimension.name in struggle.c])
    others = [one for one in of_events if one.dimension.name not in struggle.c]
    if others:  # a struggle has no title: it is chosen by the view that has
        conditions.append(struggle.c.view_id.in_(_views_with_event(scope, others)))
    return source, conditions


def _happened(scope: Scope, table: Table) -> tuple[FromClause, list[ColumnElement[bool]]]:
    """Return where to look for what has its own time, and all that a scope says of it but the events' dimensions."""
    source: FromClause = table
    of_visits = _of_level(scope, "visit")
    conditions = _shared(scope, table, table.c.occurred_at)
    conditions += _each(scope, table, [one for one in of_visits if one.dimension.on_events])
    only_on_visits = [one for one in of_visits if not one.dimension.on_events]
    if only_on_visits:
        source = table.join(visit, within_visit(table, visit))
        conditions += _each(scope, visit, only_on_visits)
    return source, conditions


def _shared(scope: Scope, table: FromClause, time: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    conditions = [table.c.site_id == scope.site.id, in_range(time, scope.range)]
    if scope.bots != "in":
        conditions.append(table.c.label.is_(None) if scope.bots == "out" else table.c.label.is_not(None))
    return conditions


def _of_level(scope: Scope, level: str) -> list[Filter]:
    return [one for one in scope.filters if one.dimension.level == level]


def _each(scope: Scope, table: FromClause, filters: Sequence[Filter]) -> list[ColumnElement[bool]]:
    return [one.condition(one.dimension.of(table, scope.site.id, scope.range)) for one in filters]


def _visits_with_event(scope: Scope, filters: Sequence[Filter]) -> Select[Any]:
    during, happened = visit.alias("during"), event.alias("happened")
    return (
        select(during.c.visit_id)
        .select_from(during.join(happened, within_visit(happened, during)))
        .where(*_shared(scope, during, during.c.started_at))
        .where(happened.c.site_id == scope.site.id, happened.c.occurred_at >= stored(scope.range.start))
        .where(*_each(scope, happened, filters))
    )


def _views_with_event(scope: Scope, filters: Sequence[Filter]) -> Select[Any]:
    happened = event.alias("happened")
    return (
        select(happened.c.view_id)
        .where(happened.c.site_id == scope.site.id, happened.c.occurred_at >= stored(scope.range.start))
        .where(*_each(scope, happened, filters))
    )
