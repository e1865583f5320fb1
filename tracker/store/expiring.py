"""What grows old in the event store, and which events are left of visits and views that the cut goes through."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from tracker.store.schema import event, visit

BEGINS = {
    "event": "occurred_at",
    "visit": "started_at",
    "struggle": "occurred_at",
    "path_day": "day",
    "path_device_day": "day",
    "visit_day": "day",
    "element_day": "day",
    "dirty": "quarter",
}
"""The tables whose rows have an age, and the column from which it is counted."""

_NEAR = timedelta(days=1)  # what is torn goes on within a day, and the events of one are enough to tell it anew


def torn(site_id: int, before: datetime) -> Select[Any]:
    """Select the events from `before` on whose visit or view began earlier: these are to be told anew."""
    earlier = event.alias("earlier")
    visitors = select(visit.c.visitor_id).where(
        visit.c.site_id == site_id, visit.c.started_at < before, visit.c.ended_at >= before
    )
    views = select(earlier.c.view_id).where(earlier.c.site_id == site_id, earlier.c.occurred_at < before)
    return select(*event.c).where(
        event.c.site_id == site_id,
        event.c.occurred_at >= before,
        event.c.occurred_at < before + _NEAR,
        or_(event.c.visitor_id.in_(visitors), event.c.view_id.in_(views)),
    )
