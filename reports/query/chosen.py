"""Which rows of the store a scope chooses.

Visits belong to the range in which they start; views, clicks, other events and struggles to
their own time. A filter on a visit's dimension is a condition on the visit. Filters on an event's
dimensions choose the visits that have one event for which all of them hold; alternatives look each by itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, not_, or_, select

from reports.measures import during
from reports.query.filters import AnyOf, Filter, Tree, composed
from reports.query.meeting import reaching
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
    conditions += [composed(one, lambda part: _of_visit(scope, part)) for one in _put_together(scope)]
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
    conditions += [composed(one, lambda part: _of_event(scope, part, kinds)) for one in _put_together(scope)]
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
    carried = (
        one
        for one in scope.filters
        if one in scope.bound or all(kind in dimension.kinds for dimension in one.dimensions)
    )
    return replace(scope, filters=tuple(carried))


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
    conditions += [composed(one, lambda part: _of_struggle(scope, part)) for one in _put_together(scope)]
    return source, conditions


def _happened(scope: Scope, table: Table) -> tuple[FromClause, list[ColumnElement[bool]]]:
    """Return where to look for what has its own time, and all that a scope says of it but the events' dimensions."""
    source: FromClause = table
    of_visits = _of_level(scope, "visit")
    conditions = _shared(scope, table, table.c.occurred_at)
    conditions += _each(scope, table, [one for one in of_visits if one.dimension.on_events])
    only_on_visits = [one for one in of_visits if not one.dimension.on_events]
    if any(not dimension.on_events for one in scope.filters for dimension in one.dimensions):
        source = table.join(visit, within_visit(table, visit))
    conditions += _each(scope, visit, only_on_visits)
    return source, conditions


def _shared(scope: Scope, table: FromClause, time: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    conditions = [table.c.site_id == scope.site.id, in_range(time, scope.range)]
    if scope.bots != "in":
        conditions.append(table.c.label.is_(None) if scope.bots == "out" else table.c.label.is_not(None))
    return conditions


def _of_level(scope: Scope, level: str) -> list[Filter]:
    return [one for one in scope.filters if isinstance(one, Filter) and one.dimension.level == level]


def _put_together(scope: Scope) -> list[AnyOf | Tree]:
    return [one for one in scope.filters if not isinstance(one, Filter)]


def _each(scope: Scope, table: FromClause, filters: Sequence[Filter]) -> list[ColumnElement[bool]]:
    return [_said(scope, one, table) for one in filters]


def _said(scope: Scope, one: Filter, table: FromClause) -> ColumnElement[bool]:
    if one.dimension.by_goals:
        return _of_goals(scope, one)
    return one.condition(one.dimension.of(table, scope.site.id, scope.range))


def _of_visit(scope: Scope, one: Filter) -> ColumnElement[bool]:
    if one.dimension.level == "visit":
        return _said(scope, one, visit)
    return visit.c.visit_id.in_(_visits_with_event(scope, [one]))


def _of_event(scope: Scope, one: Filter, kinds: set[str]) -> ColumnElement[bool]:
    if one.dimension.level == "visit":
        return _said(scope, one, event if one.dimension.on_events else visit)
    if kinds <= set(one.dimension.kinds):
        return _said(scope, one, event)
    return event.c.view_id.in_(_views_with_event(scope, [one]))


def _of_struggle(scope: Scope, one: Filter) -> ColumnElement[bool]:
    if one.dimension.level == "visit":
        return _said(scope, one, struggle if one.dimension.on_events else visit)
    if one.dimension.name in struggle.c:
        return _said(scope, one, struggle)
    return struggle.c.view_id.in_(_views_with_event(scope, [one]))


def _of_goals(scope: Scope, one: Filter) -> ColumnElement[bool]:
    """Say of `visit` that it reached any of the goals that a filter is about; an empty value is no goal at all."""
    goals = scope.site.goals
    about = [goal.condition for goal in goals if one.is_about(goal.name)]
    found = reaching(scope.site.id, scope.range, about)
    if "" in one.values:
        found = or_(found, not_(reaching(scope.site.id, scope.range, [goal.condition for goal in goals])))
    return not_(found) if one.is_negated else found


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
