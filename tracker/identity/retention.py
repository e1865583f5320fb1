"""Lets identifiers and ties that were not seen for long go, and finds anew the profiles that they leave."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from tracker.identity.graph import AT_ONCE, chunks, rows_of
from tracker.identity.projection import note_changes, project
from tracker.models import BrowserState, Identifier, IdentityConflict, IdentityEdge, ProfileMember, SignInSpan


@dataclass(frozen=True)
class Expired:
    """How much went."""

    identifiers: int
    edges: int


def expire(session: Session, site_id: int, before: datetime) -> Expired:
    """Delete a site's identifiers and edges that were last seen before an aware time, and what hangs on them."""
    old = select(Identifier.id).where(Identifier.site_id == site_id, Identifier.last_seen_at < before)
    gone = set(session.scalars(old))
    edges = _edges_to_go(session, site_id, before, gone)
    for chunk in chunks(sorted(edges), AT_ONCE):
        session.execute(delete(IdentityConflict).where(IdentityConflict.edge_id.in_(chunk)))
        session.execute(delete(IdentityEdge).where(IdentityEdge.id.in_(chunk)))
    for chunk in chunks(sorted(gone), AT_ONCE):
        _forget(session, site_id, chunk)
    session.execute(delete(BrowserState).where(BrowserState.site_id == site_id, BrowserState.seen_at < before))
    session.execute(delete(SignInSpan).where(SignInSpan.site_id == site_id, SignInSpan.last_at < before))
    left = {end for ends in edges.values() for end in ends} - gone
    if left:
        project(session, site_id, left, left)
    return Expired(len(gone), len(edges))


def _edges_to_go(session: Session, site_id: int, before: datetime, gone: set[int]) -> dict[int, tuple[int, int]]:
    """Return the ends of the edges that are too old, and of those at an identifier that goes."""
    edge = select(IdentityEdge.id, IdentityEdge.a, IdentityEdge.b).where(IdentityEdge.site_id == site_id)
    rows = list(session.execute(edge.where(IdentityEdge.last_observed_at < before)))
    for end in (IdentityEdge.a, IdentityEdge.b):
        rows += rows_of(session, edge, end.in_, gone)
    return {number: (a, b) for number, a, b in rows}


def _forget(session: Session, site_id: int, identifiers: list[int]) -> None:
    members = (ProfileMember.site_id == site_id, ProfileMember.identifier_id.in_(identifiers))
    note_changes(session, site_id, set(session.scalars(select(ProfileMember.identifier_id).where(*members))))
    session.execute(delete(ProfileMember).where(*members))
    of_device = (BrowserState.site_id == site_id, BrowserState.browser_id.in_(identifiers))
    session.execute(delete(BrowserState).where(*of_device))
    either = or_(SignInSpan.device_id.in_(identifiers), SignInSpan.login_id.in_(identifiers))
    session.execute(delete(SignInSpan).where(SignInSpan.site_id == site_id, either))
    session.execute(delete(Identifier).where(Identifier.site_id == site_id, Identifier.id.in_(identifiers)))
