"""The last event of a site: whether its tag works."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from reports.run import TIMEOUT_S
from tracker.house import current_house
from tracker.sites import SiteInfo
from tracker.store.schema import event


@dataclass(frozen=True)
class Newest:
    """The last event that was loaded for a site."""

    path: str | None
    received_at: datetime


def newest_event(site: SiteInfo) -> Newest | None:
    """Return a site's last event, of whatever time; None when it has none."""
    statement = (
        select(event.c.path, event.c.received_at)
        .where(event.c.site_id == site.id)
        .order_by(event.c.ingest_id.desc())
        .limit(1)
    )
    rows = current_house().store.query(statement, TIMEOUT_S).rows
    return Newest(rows[0][0], rows[0][1].replace(tzinfo=UTC)) if rows else None
