"""Lets identifiers that were not seen for long go, with all that says who they were."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from tracker.models import (
    BrowserState,
    Identifier,
    IdentityConflict,
    IdentityEdge,
    MemberChange,
    ProfileMember,
    SignInSpan,
)

_AT_ONCE = 500  # values in one statement


@dataclass(frozen=True)
class Expired:
    """How much went, and the identifiers that stay but lost a tie: their profiles are to be found anew."""

    identifiers: int = 0
    edges: int = 0
    loosened: frozenset[int] = frozenset()


def expire(session: Session, site_id: int, before: datetime) -> Expired:
    """Delete a site's identifiers and ties that were last seen before an aware time, and what hangs on them.

    Memberships of those that go are noted as changed, so that the event store's copy follows.
    """
    gone = set(
        session.scalars(select(Identifier.id).where(Identifier.site_id == site_id, Identifier.last_seen_at < before))
    )
    edges = _edges_to_go(session, site_id, before, gone)
    ends = {end for _, a, b in edges for end in (a, b)}
    for part in _parts(number for number, _, _ in edges):
        session.execute(delete(IdentityEdge).where(IdentityEdge.id.in_(part)))
    for part in _parts(gone):
        _forget(session, site_id, part)
    session.execute(delete(BrowserState).where(BrowserState.site_id == site_id, BrowserState.seen_at < before))
    session.execute(delete(SignInSpan).where(SignInSpan.site_id == site_id, SignInSpan.last_at < before))
    session.flush()
    return Expired(len(gone), len(edges), frozenset(ends - gone))


def _edges_to_go(session: Session, site_id: int, before: datetime, gone: set[int]) -> list[tuple[int, int, int]]:
    """Return id, a and b of the edges that are too old, and of those that an identifier has which goes."""
    edge = select(IdentityEdge.id, IdentityEdge.a, IdentityEdge.b).where(IdentityEdge.site_id == site_id)
    found = [edge.where(IdentityEdge.last_observed_at < before)]
    found += [edge.where(or_(IdentityEdge.a.in_(part), IdentityEdge.b.in_(part))) for part in _parts(gone)]
    return sorted({tuple(row) for statement in found for row in session.execute(statement)})


def _forget(session: Session, site_id: int, identifiers: list[int]) -> None:
    members = (ProfileMember.site_id == site_id, ProfileMember.identifier_id.in_(identifiers))
    for identifier in session.scalars(select(ProfileMember.identifier_id).where(*members).distinct()):
        session.add(MemberChange(site_id=site_id, identifier_id=identifier))
    conflicts = or_(IdentityConflict.a.in_(identifiers), IdentityConflict.b.in_(identifiers))
    for conditions in (
        (ProfileMember, *members),
        (IdentityConflict, IdentityConflict.site_id == site_id, conflicts),
        (BrowserState, BrowserState.site_id == site_id, BrowserState.browser_id.in_(identifiers)),
        (SignInSpan, SignInSpan.site_id == site_id, SignInSpan.device_id.in_(identifiers)),
        (Identifier, Identifier.site_id == site_id, Identifier.id.in_(identifiers)),
    ):
        table, *where = conditions
        session.execute(delete(table).where(*where))


def _parts(values: Iterable[int]) -> Iterable[list[int]]:
    every = sorted(values)
    return (every[first : first + _AT_ONCE] for first in range(0, len(every), _AT_ONCE))
