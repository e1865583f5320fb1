"""The events that goals and funnels look at, each with the visit in which it took place."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, or_, select

from reports.query.chosen import visits
from reports.query.meeting import kinds_of, met
from reports.query.moments import stored
from reports.query.within import within_visit
from reports.scope import Scope
from tracker.conditions import Condition
from tracker.store.schema import event, visit


def visits_chosen(scope: Scope, *also: ColumnElement[bool]) -> Subquery:
    """Return the visits that a scope chooses and of which all else is true, by what events are joined to them."""
    names = ("site_id", "visit_id", "visitor_id", "started_at", "ended_at")
    return visits(scope, *(visit.c[name] for name in names)).where(*also).subquery("chosen")


def events_in_visits(
    scope: Scope, chosen: Subquery, conditions: Sequence[Condition], *columns: ColumnElement[Any]
) -> Select[Any]:
    """Select from the events that are what any of the conditions says, in chosen visits.

    `columns` may be of `event`; visit_id and visitor_id come before them.
    """
    return (
        select(chosen.c.visit_id, chosen.c.visitor_id, *columns)
        .select_from(event.join(chosen, within_visit(event, chosen)))
        .where(event.c.site_id == scope.site.id, event.c.kind.in_(kinds_of(conditions)))
        .where(event.c.occurred_at >= stored(scope.range.start), or_(*(met(one) for one in conditions)))
    )
