"""Keeps profiles, conflicts and hubs as the edges have it, for the identifiers that a change touched."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.identity.components import Partition, SetAside, Stretch, partition
from tracker.identity.graph import AT_ONCE, add_rows, chunks, neighbourhood, rows_of, sign_ins, to_ms, to_time
from tracker.models import Identifier, IdentityConflict, MemberChange, ProfileMember


def project(session: Session, site_id: int, touched: Collection[int], recheck: Collection[int] = ()) -> int:
    """Make the profiles around `touched` anew and return how many identifiers changed theirs.

    Where an edge was taken back, its ends belong in `recheck` as well: a hub may be none any more.
    """
    found = neighbourhood(session, site_id, {*touched, *recheck}, recheck)
    spans = sign_ins(session, site_id, found.names)
    parted = partition(found.names, found.edges.values(), spans)
    hubs = found.hubs & found.names.keys()
    _flag(session, site_id, hubs - found.flagged, hub=True)
    _flag(session, site_id, (found.flagged & found.names.keys()) - hubs, hub=False)
    _write_conflicts(session, site_id, found.edges, parted.conflicts)
    return _write_members(session, site_id, found.names, parted)


def project_all(session: Session, site_id: int) -> int:
    """Make all profiles of a site anew from its edges; returns how many identifiers changed theirs."""
    every = set(session.scalars(select(Identifier.id).where(Identifier.site_id == site_id)))
    members = select(ProfileMember.identifier_id).where(ProfileMember.site_id == site_id)
    lost = set(session.scalars(members)) - every
    _forget(session, site_id, lost)
    return len(lost) + project(session, site_id, every, every)


def _flag(session: Session, site_id: int, ids: Collection[int], *, hub: bool) -> None:
    for chunk in chunks(sorted(ids), AT_ONCE):
        flagged = update(Identifier).where(Identifier.site_id == site_id, Identifier.id.in_(chunk))
        session.execute(flagged.values(hub=hub), execution_options={"synchronize_session": False})


def _write_members(session: Session, site_id: int, names: Collection[int], parted: Partition) -> int:
    wanted = select(
        ProfileMember.identifier_id, ProfileMember.since_at, ProfileMember.until_at, ProfileMember.profile_id
    ).where(ProfileMember.site_id == site_id)
    before: dict[int, list[Stretch]] = {}
    for one, since, until, profile in rows_of(session, wanted, ProfileMember.identifier_id.in_, names):
        before.setdefault(one, []).append(Stretch(to_ms(since), None if until is None else to_ms(until), profile))
    changed = [
        one
        for one in sorted(names)
        if tuple(sorted(before.get(one, ()), key=lambda stretch: stretch.since_ms)) != parted.members.get(one, ())
    ]
    _forget(session, site_id, [one for one in changed if one in before])
    rows = [
        {
            "site_id": site_id,
            "identifier_id": one,
            "since_at": to_time(stretch.since_ms),
            "until_at": None if stretch.until_ms is None else to_time(stretch.until_ms),
            "profile_id": stretch.profile,
        }
        for one in changed
        for stretch in parted.members.get(one, ())
    ]
    add_rows(session, ProfileMember, rows)
    note_changes(session, site_id, changed)
    return len(changed)


def note_changes(session: Session, site_id: int, ids: Collection[int]) -> None:
    """Let the event store's copy know that memberships of some identifiers changed."""
    add_rows(session, MemberChange, [{"site_id": site_id, "identifier_id": one} for one in sorted(ids)])


def _forget(session: Session, site_id: int, ids: Collection[int]) -> None:
    for chunk in chunks(sorted(ids), AT_ONCE):
        gone = delete(ProfileMember).where(ProfileMember.site_id == site_id, ProfileMember.identifier_id.in_(chunk))
        session.execute(gone, execution_options={"synchronize_session": False})


def _write_conflicts(session: Session, site_id: int, edges: Collection[int], conflicts: Collection[SetAside]) -> None:
    """Open what is new, and close what nobody decided and is none any more."""
    set_aside = {conflict.edge: conflict for conflict in conflicts}
    wanted = select(IdentityConflict.edge_id).where(
        IdentityConflict.site_id == site_id, IdentityConflict.decided_at.is_(None)
    )
    open_ones = {edge for (edge,) in rows_of(session, wanted, IdentityConflict.edge_id.in_, edges)}
    known = select(IdentityConflict.edge_id).where(IdentityConflict.site_id == site_id)
    told = {edge for (edge,) in rows_of(session, known, IdentityConflict.edge_id.in_, set_aside)}
    for chunk in chunks(sorted(open_ones - set_aside.keys()), AT_ONCE):
        over = delete(IdentityConflict).where(IdentityConflict.site_id == site_id, IdentityConflict.edge_id.in_(chunk))
        session.execute(over, execution_options={"synchronize_session": False})
    rows = [
        {
            "site_id": site_id,
            "edge_id": conflict.edge,
            "a": conflict.login,
            "b": conflict.other_login,
            "opened_at": utc_now(),
        }
        for conflict in conflicts
        if conflict.edge not in told
    ]
    add_rows(session, IdentityConflict, rows)
