"""Which visit something took place in."""

from sqlalchemy import ColumnElement, FromClause, and_

from tracker.store.functions import later
from tracker.store.schema import VISIT_GAP_S


def within_visit(happened: FromClause, during: FromClause) -> ColumnElement[bool]:
    """Say which visit an event took place in: a visitor's visits never overlap, so it is one or none.

    What is told of as the visitor leaves comes a little after the last that a visit knows of;
    visits lie further apart than that.
    """
    return and_(
        during.c.site_id == happened.c.site_id,
        during.c.visitor_id == happened.c.visitor_id,
        happened.c.occurred_at >= during.c.started_at,
        happened.c.occurred_at <= later(during.c.ended_at, VISIT_GAP_S),
    )
