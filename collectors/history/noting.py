"""Notes that a product's history was taken in, of which days of the site's own."""

from datetime import date, datetime

from collectors.footprints import Taken
from tracker.database import Database
from tracker.imports.book import ImportInfo, WantedImport
from tracker.imports.events import Span, note_events
from tracker.sites import SiteInfo


def note_taken(database: Database, site: SiteInfo, wanted: WantedImport, taken: Taken) -> ImportInfo | None:
    """Note what was taken; None where that is nothing."""
    if taken.first_at is None or taken.last_at is None:
        return None
    span = Span(taken.taken, _day(site, taken.first_at), _day(site, taken.last_at))
    return note_events(database, site.id, wanted, span)


def _day(site: SiteInfo, at: int) -> date:
    return datetime.fromtimestamp(at / 1000, site.tzinfo).date()
