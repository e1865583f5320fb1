"""Fills: what came of a form that somebody began to fill in, told by events of the kind `form`.

A fill that is told of while it goes on, because the page was hidden, is `open`, and one that was
left alone for long is `idle`; a later event of the same view and form takes the place of either.
The fields that were touched are told of just before their form, with numbers (`seq`) between
those of two events of that form.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select, tuple_

from reports.event_measures import ABANDONED, OUTCOME
from reports.query.chosen import events
from reports.query.moments import stored
from reports.scope import Scope
from tracker.store.schema import event


def fills(scope: Scope, *columns: Any) -> Select[Any]:
    """Select from the fills of a scope that have come to an end, each once."""
    return events(scope, "form", *columns).where(event.c.element.is_not(None), _ended(scope))


def with_bounds(scope: Scope) -> Subquery:
    """Return view_id, path, element, `abandoned` and, of each fill, between which numbers its fields lie."""
    before = func.lag(event.c.seq, 1).over(partition_by=[event.c.view_id, event.c.element], order_by=event.c.seq)
    told = events(
        scope,
        "form",
        *(event.c[name] for name in ("view_id", "path", "element", "seq")),
        func.coalesce(before, -1).label("after_seq"),
        ABANDONED.label("abandoned"),
        _ended(scope).label("ended"),
    ).subquery("told")
    return select(*told.c).where(told.c.element.is_not(None), told.c.ended).subquery("fills")


def _ended(scope: Scope) -> ColumnElement[bool]:
    """Say that a fill has come to an end: it was finished, or nothing more came and it was given time enough."""
    last = (
        select(event.c.view_id, func.max(event.c.seq))
        .where(event.c.site_id == scope.site.id, event.c.kind == "form")
        .where(event.c.occurred_at >= stored(scope.range.start))
        .group_by(event.c.view_id, event.c.element)
    )
    idle = timedelta(milliseconds=scope.site.limits.form_idle)
    given_up = or_(OUTCOME == "idle", event.c.occurred_at < stored(scope.now - idle))
    return or_(
        func.coalesce(OUTCOME, "").not_in(("open", "idle")),
        and_(given_up, tuple_(event.c.view_id, event.c.seq).in_(last)),
    )
