"""Keeps the event store's copy of who is of which profile, by the sequence of changes."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.database import Database
from tracker.identity.graph import rows_of
from tracker.models import MemberChange, ProfileMember
from tracker.store.base import EventStore, Membership

FOR_EVER = datetime(2200, 1, 1, tzinfo=UTC)
CHANGES_AT_ONCE = 10_000


def copy_members(database: Database, store: EventStore) -> None:
    """Bring the copy up to date.

    One that is ahead of the changes, or behind all that are kept, as after a restore, is made anew.
    """
    mark = store.member_mark()
    with database.session() as session:
        oldest, newest = session.execute(
            select(func.coalesce(func.min(MemberChange.number), 0), func.coalesce(func.max(MemberChange.number), 0))
        ).one()
    if mark > newest or mark + 1 < oldest:
        _copy_all(database, store, newest)
        return
    while mark < newest:
        with database.session() as session:
            changes = session.execute(
                select(MemberChange.number, MemberChange.site_id, MemberChange.identifier_id)
                .where(MemberChange.number > mark)
                .order_by(MemberChange.number)
                .limit(CHANGES_AT_ONCE)
            ).all()
            changed: dict[int, set[int]] = {}
            for _, site_id, identifier in changes:
                changed.setdefault(site_id, set()).add(identifier)
            memberships = [one for site_id, ids in changed.items() for one in _memberships(session, site_id, ids)]
        mark = changes[-1][0] if changes else newest
        store.replace_members(
            [(site_id, identifier) for site_id, ids in changed.items() for identifier in ids], memberships, mark
        )


def forget_changes(database: Database, store: EventStore) -> int:
    """Forget the changes that the copy has followed, but for the last; returns how many."""
    mark = store.member_mark()
    with database.session() as session:
        gone = session.execute(delete(MemberChange).where(MemberChange.number < mark))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _copy_all(database: Database, store: EventStore, mark: int) -> None:
    with database.session() as session:
        rows = session.execute(_SELECTED).all()
    store.replace_members(None, [_membership(*row) for row in rows], mark)


_SELECTED = select(
    ProfileMember.site_id,
    ProfileMember.identifier_id,
    ProfileMember.since_at,
    ProfileMember.until_at,
    ProfileMember.profile_id,
)


def _memberships(session: Session, site_id: int, ids: Collection[int]) -> list[Membership]:
    wanted = _SELECTED.where(ProfileMember.site_id == site_id)
    return [_membership(*row) for row in rows_of(session, wanted, ProfileMember.identifier_id.in_, ids)]


def _membership(site_id: int, identifier: int, since: datetime, until: datetime | None, profile: int) -> Membership:
    return Membership(site_id, identifier, since, until or FOR_EVER, profile)
