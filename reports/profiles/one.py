"""One profile: by what it is known, why that belongs together, and with what it came."""

from sqlalchemy.orm import Session

from reports.profiles.came import DEVICES, PLACES, SOURCES, came, seen
from reports.profiles.edges import edges_of
from reports.profiles.ids import short
from reports.profiles.known import identifiers_of, known_of, open_conflicts
from reports.profiles.shapes import ProfileShape
from reports.report import Ask
from tracker.sites import SiteInfo


def find_profile(session: Session, ask: Ask, site: SiteInfo, profile: int) -> ProfileShape | None:
    """Return a profile; None when nothing is known of one with this id."""
    identifiers = identifiers_of(session, site, profile)
    visits = came(session, ask, site, profile)
    if not identifiers and not visits.visits:
        return None
    edges, more = edges_of(session, site, profile)
    first = [one.first_seen for one in identifiers] + ([visits.first_seen] if visits.first_seen else [])
    last = [one.last_seen for one in identifiers if not one.stretches]
    last += [visits.last_seen] if visits.last_seen else []
    sources, devices, places = (seen(session, ask, site, profile, names) for names in (SOURCES, DEVICES, PLACES))
    return ProfileShape(
        id=str(profile),
        short=short(profile),
        who=known_of(session, site.id, [profile])[profile].who,
        first_seen=min(first, default=None),
        last_seen=max(last, default=None),
        visits=visits.visits,
        views=visits.views,
        identifiers=identifiers,
        edges=edges,
        more_edges=more,
        conflicts=open_conflicts(session, site.id, profile),
        sources=sources,
        devices=devices,
        places=places,
    )
