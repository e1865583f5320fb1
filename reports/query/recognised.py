"""What is known of a visit by whose it was: whether the profile had been there before, and whether somebody signed in.

Each is a text, "yes" or "no", that filters look at as they do at a column of visits.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from reports.profiles.belonging import membership, profile_id
from reports.query.moments import stored
from reports.query.ranges import Range
from reports.query.within import within_visit
from tracker.store.schema import event, member, visit

YES, NO = "yes", "no"
Telling = Callable[[int, Range], ColumnElement[str]]


def is_returning(site_id: int, span: Range) -> ColumnElement[str]:
    """Say of `visit` whether its profile had an earlier one, as far back as anything is stored."""
    ever = _visits(site_id, span, visit.c.started_at).subquery("ever")
    first = select(ever.c.profile, func.min(ever.c.started_at).label("at")).group_by(ever.c.profile).subquery("first")
    within = _visits(site_id, span, visit.c.started_at, visit.c.visit_id).where(
        visit.c.started_at >= stored(span.start)
    )
    seen = within.subquery("seen")
    new = select(seen.c.visit_id).select_from(
        seen.join(first, (seen.c.profile == first.c.profile) & (seen.c.started_at == first.c.at))
    )
    return case((visit.c.visit_id.in_(new), NO), else_=YES)


def _visits(site_id: int, span: Range, *columns: Any) -> Select[Any]:
    """Select from all visits up to the range's end, each with its `profile`."""
    return (
        select(profile_id(visit.c.visitor_id).label("profile"), *columns)
        .select_from(visit.outerjoin(member, membership(visit, visit.c.started_at)))
        .where(visit.c.site_id == site_id, visit.c.started_at < stored(span.end))
    )


def is_signed_in(site_id: int, span: Range) -> ColumnElement[str]:
    """Say of `visit` whether the page named who was signed in, at any time in it."""
    one, happened = visit.alias("one"), event.alias("happened")
    named = (
        select(one.c.visit_id)
        .select_from(one.join(happened, within_visit(happened, one)))
        .where(one.c.site_id == site_id, happened.c.site_id == site_id, happened.c.login_id.is_not(None))
        .where(happened.c.occurred_at >= stored(span.start))
    )
    return case((visit.c.visit_id.in_(named), YES), else_=NO)
