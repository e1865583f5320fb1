"""Takes an erased person out of the relational store, and out of what the audit says of others' doings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.identity.graph import AT_ONCE, chunks, rows_of
from tracker.identity.projection import note_changes, project
from tracker.models import (
    AuditEntry,
    BrowserState,
    Identifier,
    IdentityConflict,
    IdentityEdge,
    MemberChange,
    ProfileMember,
    SignInSpan,
)
from tracker.rights.person import BEGINNING, Part

_OF_EDGES = ("take-back-edge", "put-back-edge")
_OF_CONFLICTS = ("decide-conflict",)


@dataclass(frozen=True)
class Forgotten:
    """How many rows went."""

    identifiers: int = 0
    edges: int = 0


def forget(  # noqa: PLR0917 - whom, when and by which word
    session: Session, site_id: int, whole: Collection[int], parts: Sequence[Part], at: datetime, reference: str
) -> Forgotten:
    """Delete all that stands there of identifiers, and of the person's times of shared ones, up to an aware time.

    An identifier that came up after it is somebody's new beginning, and stays. What others are left
    with is told anew. The audit keeps who did what and when, with `reference` in the person's place.
    """
    newer = select(Identifier.id).where(Identifier.site_id == site_id, Identifier.first_seen_at > at)
    gone = set(whole) - {one for (one,) in rows_of(session, newer, Identifier.id.in_, whole)}
    edges = _edges_at(session, site_id, gone, at)
    conflicts = _conflicts_of(session, site_id, gone, edges)
    _blank_audit(session, site_id, whole, edges, conflicts, reference)
    _delete(session, IdentityConflict.id, conflicts, IdentityConflict.site_id == site_id)
    _delete(session, IdentityEdge.id, edges, IdentityEdge.site_id == site_id)
    spans = (SignInSpan.site_id == site_id, SignInSpan.first_at <= at)
    _delete(session, SignInSpan.login_id, gone, *spans)
    _delete(session, SignInSpan.device_id, gone, *spans)
    _delete(session, BrowserState.browser_id, gone, BrowserState.site_id == site_id, BrowserState.seen_at <= at)
    for part in parts:
        of_browser = (BrowserState.site_id == site_id, BrowserState.browser_id == part.identifier_id)
        until = min(part.until or at, at)
        first = (Identifier.site_id == site_id, Identifier.id == part.identifier_id, Identifier.first_seen_at < until)
        if part.since == BEGINNING:  # whoever came next saw it from then on
            session.execute(update(Identifier).where(*first).values(first_seen_at=until))
        session.execute(
            delete(BrowserState).where(*of_browser, BrowserState.seen_at >= part.since, BrowserState.seen_at < until)
        )
    members = select(ProfileMember.identifier_id).where(ProfileMember.site_id == site_id)
    note_changes(session, site_id, {one for (one,) in rows_of(session, members, ProfileMember.identifier_id.in_, gone)})
    _delete(session, ProfileMember.identifier_id, gone, ProfileMember.site_id == site_id)
    found = _delete(session, Identifier.id, gone, Identifier.site_id == site_id)
    left = ({end for ends in edges.values() for end in ends} | {part.identifier_id for part in parts}) - gone
    if left:
        project(session, site_id, left, left)
    return Forgotten(found, len(edges))


def forget_changes(session: Session, site_id: int, gone: Collection[int]) -> None:
    """Drop the notes that memberships of erased identifiers changed, once the event store's copy has followed them.

    A note of nobody's takes the place of the last, so that the count of changes goes on.
    """
    session.add(MemberChange(site_id=site_id, identifier_id=0))
    session.flush()
    _delete(session, MemberChange.identifier_id, gone, MemberChange.site_id == site_id)


def came_back(session: Session, site_id: int, ids: Collection[int]) -> set[int]:
    """Return which of some erased identifiers were seen again since, and are kept from then on."""
    wanted = select(Identifier.id).where(Identifier.site_id == site_id)
    return {one for (one,) in rows_of(session, wanted, Identifier.id.in_, ids)}


def _edges_at(session: Session, site_id: int, gone: Collection[int], at: datetime) -> dict[int, tuple[int, int]]:
    """Return the ends of all edges at some identifiers that were seen up to a time, those taken back too."""
    edge = select(IdentityEdge.id, IdentityEdge.a, IdentityEdge.b).where(
        IdentityEdge.site_id == site_id, IdentityEdge.observed_at <= at
    )
    return {
        number: (a, b)
        for end in (IdentityEdge.a, IdentityEdge.b)
        for number, a, b in rows_of(session, edge, end.in_, gone)
    }


def _conflicts_of(session: Session, site_id: int, gone: Collection[int], edges: Collection[int]) -> set[int]:
    wanted = select(IdentityConflict.id).where(IdentityConflict.site_id == site_id)
    ends = ((IdentityConflict.edge_id, edges), (IdentityConflict.a, gone), (IdentityConflict.b, gone))
    return {one for column, ids in ends for (one,) in rows_of(session, wanted, column.in_, ids)}


def audit_of(
    session: Session, site_id: int, ids: Collection[int], edges: Collection[int], conflicts: Collection[int]
) -> list[AuditEntry]:
    """Return the entries that speak of some identifiers, of edges or of conflicts between them, oldest first."""
    named = {str(one) for one in ids}
    numbers = {
        **{action: {str(one) for one in edges} for action in _OF_EDGES},
        **{action: {str(one) for one in conflicts} for action in _OF_CONFLICTS},
    }
    every = session.scalars(select(AuditEntry).where(AuditEntry.site_id == site_id).order_by(AuditEntry.id))
    return [
        entry
        for entry in every
        if entry.subject in named
        or entry.subject in numbers.get(entry.action, ())
        or any(isinstance(value, str) and value in named for value in entry.detail.values())
    ]


def _blank_audit(  # noqa: PLR0917 - one a kind of thing
    session: Session,
    site_id: int,
    ids: Collection[int],
    edges: Collection[int],
    conflicts: Collection[int],
    reference: str,
) -> None:
    for entry in audit_of(session, site_id, ids, edges, conflicts):
        entry.subject, entry.detail = reference, {"erased": True}
    session.flush()


def _delete(
    session: Session, column: InstrumentedAttribute[int], ids: Collection[int], *conditions: ColumnElement[bool]
) -> int:
    """Delete a table's rows by the values of one of its columns, so many at once as engines take; returns how many."""
    gone = 0
    for chunk in chunks(sorted(ids), AT_ONCE):
        statement = delete(column.class_).where(*conditions, column.in_(chunk))
        done = session.execute(statement, execution_options={"synchronize_session": False})
        gone += cast("CursorResult[Any]", done).rowcount
    return gone
