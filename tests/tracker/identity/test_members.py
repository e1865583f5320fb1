"""The event store's copy of memberships is what the relational store says, on either engine, whatever came between."""

from collections.abc import Sequence

import pytest
from sqlalchemy import delete, select

from tests.kit.ground import at
from tracker.database import Database
from tracker.identity.members import FOR_EVER, copy_members, forget_changes
from tracker.identity.projection import note_changes
from tracker.models import MemberChange, ProfileMember
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.schema import member


def tell(database: Database, site: SiteInfo, rows: Sequence[tuple[int, int]], gone: Sequence[int] = ()) -> None:
    """Let identifiers be of profiles from now on."""
    with database.session() as session:
        ids = [*(one for one, _ in rows), *gone]
        session.execute(
            delete(ProfileMember).where(ProfileMember.site_id == site.id, ProfileMember.identifier_id.in_(ids))
        )
        session.add_all(
            ProfileMember(site_id=site.id, identifier_id=one, profile_id=profile, since_at=at("1970-01-01"))
            for one, profile in rows
        )
        note_changes(session, site.id, ids)


def copied(store: EventStore) -> dict[int, int]:
    rows = store.query(select(member).where(member.c.site_id > 0)).rows
    assert all(until == FOR_EVER.replace(tzinfo=None) for _, _, _, until, _ in rows)
    return {identifier: profile for _, identifier, _, _, profile in rows}


def test_the_copy_follows_every_change(store: EventStore, database: Database, site: SiteInfo) -> None:
    tell(database, site, [(1, 1), (2, 1), (-(2**63), 2)])
    copy_members(database, store)
    assert copied(store) == {1: 1, 2: 1, -(2**63): 2}
    tell(database, site, [(2, 5)], gone=[1])
    copy_members(database, store)
    assert copied(store) == {2: 5, -(2**63): 2}
    copy_members(database, store)
    assert copied(store) == {2: 5, -(2**63): 2}


def test_a_copy_of_a_later_state_is_made_anew(store: EventStore, database: Database, site: SiteInfo) -> None:
    tell(database, site, [(1, 1), (2, 1)])
    copy_members(database, store)
    with database.session() as session:  # a backup of the relational store from before is put back
        session.execute(delete(MemberChange))
        session.execute(delete(ProfileMember).where(ProfileMember.identifier_id == 2))
    copy_members(database, store)
    assert copied(store) == {1: 1}


def test_changes_that_are_followed_are_forgotten_and_a_copy_that_missed_some_is_made_anew(
    store: EventStore, database: Database, site: SiteInfo
) -> None:
    tell(database, site, [(1, 1), (2, 1), (3, 1)])
    copy_members(database, store)
    assert forget_changes(database, store) == 2
    tell(database, site, [(4, 1)])
    store.replace_members(None, [], 0)  # an older backup of the event store
    copy_members(database, store)
    assert copied(store) == {1: 1, 2: 1, 3: 1, 4: 1}


@pytest.mark.parametrize("number", [1, 2500])
def test_many_at_once_are_copied_whole(store: EventStore, database: Database, site: SiteInfo, number: int) -> None:
    tell(database, site, [(one, 1) for one in range(number)])
    copy_members(database, store)
    assert len(copied(store)) == number
