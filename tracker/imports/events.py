"""Notes which events of other products were taken in. They are events like any; what stays is that it was done."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import audit
from tracker.clock import utc_now
from tracker.database import Database
from tracker.imports.book import ImportInfo, WantedImport, info_of
from tracker.imports.titles import OF_EVENTS
from tracker.models import Import


class Span(NamedTuple):
    """How many events were read, of which days of the site's own."""

    events: int
    first_day: date
    last_day: date


def note_events(database: Database, site_id: int, wanted: WantedImport, span: Span) -> ImportInfo:
    """Note that events were taken in; those that were there already are among them, and are counted once."""
    now = utc_now()
    with database.session() as session:
        row = Import(
            site_id=site_id,
            product=wanted.product,
            files=wanted.stored_files,
            first_day=span.first_day,
            last_day=span.last_day,
            rows=span.events,
            finished_at=now,
            created_at=now,
            created_by=wanted.who[:320],
        )
        session.add(row)
        session.flush()
        told: dict[str, object] = {"events": span.events, "days": (span.last_day - span.first_day).days + 1}
        audit.note(session, site_id, wanted.who, "import-events", wanted.product, told)
        return info_of(row)


def events_taken(session: Session, site_id: int) -> list[ImportInfo]:
    """Return which events of other products a site has taken in, oldest first."""
    of_site = select(Import).where(Import.site_id == site_id, Import.product.in_(OF_EVENTS))
    return [info_of(one) for one in session.scalars(of_site.order_by(Import.id))]
