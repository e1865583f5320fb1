"""What is known of a visit by whose it was: whether the profile had been there before, and whether somebody signed in.

Each is a text, "yes" or "no", that filters look at as they do at a column of visits.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, case, func, select

from reports.profiles.belonging import membership, profile_id
from reports.query.moments import stored
from reports.query.ranges import Range
from reports.query.within import within_visit
from tracker.store.schema import event, member, visit

YES, NO = "yes", "no"
Telling = Callable[[int, Range], ColumnElement[str]]


def is_returning(site_id: int, span: Range) -> ColumnElement[str]:
    """Say of `visit` whether its profile had an earlier one, as far back as anything is stored."""
    one = visit.alias("one")
    before = func.min(one.c.started_at).over(partition_by=profile_id(one.c.visitor_id))
    each = (
        select(one.c.visit_id, one.c.started_at, before.label("first_at"))
        .select_from(one.outerjoin(member, membership(one, one.c.started_at)))
        .where(one.c.site_id == site_id, one.c.started_at < stored(span.end))
        .subquery("each_visit")
    )
    firsts = select(each.c.visit_id).where(
        each.c.started_at == each.c.first_at, each.c.started_at >= stored(span.start)
    )
    return case((visit.c.visit_id.in_(firsts), NO), else_=YES)


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
