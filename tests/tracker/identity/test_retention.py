"""Identifiers that were not seen for long go, and what is left is parted anew."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.kit.ground import at
from tracker.database import Database
from tracker.identity.projection import project_all
from tracker.identity.retention import Expired, expire
from tracker.models import (
    BrowserState,
    Identifier,
    IdentityEdge,
    MemberChange,
    ProfileMember,
    SignInSpan,
)
from tracker.sites import SiteInfo

OLD, NEW, CUT = at("2026-01-01 10:00"), at("2026-03-05 10:00"), at("2026-03-01 00:00")
TABLET, PHONE, LAPTOP, LOGIN = 1, 2, 3, 4  # the oldest gives the profile its id


@pytest.fixture
def session(database: Database, site: SiteInfo) -> Iterator[Session]:
    """One login on three browsers, of which the tablet was not seen since January."""
    with database.session() as session:
        for number, last in ((TABLET, OLD), (PHONE, NEW), (LAPTOP, NEW), (LOGIN, NEW)):
            kind = "login" if number == LOGIN else "first_party"
            session.add(Identifier(site_id=site.id, id=number, kind=kind, first_seen_at=OLD, last_seen_at=last))
            session.add(BrowserState(site_id=site.id, browser_id=number, seen_at=last, attributes={}))
        for number, last in ((TABLET, OLD), (PHONE, OLD), (LAPTOP, NEW)):
            session.add(
                IdentityEdge(
                    site_id=site.id, a=number, b=LOGIN, kind="login", rule="signed-in@1", evidence={}, confidence=1.0,
                    consent="stitched", observed_at=OLD, last_observed_at=last, observations=1,
                )
            )  # fmt: skip
            session.add(SignInSpan(site_id=site.id, device_id=number, first_at=OLD, last_at=last, login_id=LOGIN))
        session.flush()
        project_all(session, site.id)
        for change in session.scalars(select(MemberChange)):
            session.delete(change)
        session.flush()
        yield session


def members(session: Session) -> dict[int, int]:
    rows = session.execute(select(ProfileMember.identifier_id, ProfileMember.profile_id))
    return {identifier: profile for identifier, profile in rows}  # noqa: C416 - rows are no pairs to mypy


def test_what_was_not_seen_goes_with_all_that_hangs_on_it(session: Session, site: SiteInfo) -> None:
    assert set(members(session).values()) == {TABLET}
    assert expire(session, site.id, CUT) == Expired(identifiers=1, edges=2)
    assert set(session.scalars(select(Identifier.id))) == {PHONE, LAPTOP, LOGIN}
    assert set(session.scalars(select(BrowserState.browser_id))) == {PHONE, LAPTOP, LOGIN}
    assert list(session.scalars(select(SignInSpan.device_id))) == [LAPTOP]
    assert [(edge.a, edge.b) for edge in session.scalars(select(IdentityEdge))] == [(LAPTOP, LOGIN)]


def test_those_that_stay_are_parted_as_a_rebuild_would(session: Session, site: SiteInfo) -> None:
    expire(session, site.id, CUT)
    left = members(session)
    assert left[LAPTOP] == left[LOGIN]
    assert TABLET not in {*left, *left.values()}
    assert left.get(PHONE) != left[LAPTOP]
    project_all(session, site.id)
    assert members(session) == left


def test_the_copy_in_the_event_store_hears_of_all_that_changed(session: Session, site: SiteInfo) -> None:
    expire(session, site.id, CUT)
    assert set(session.scalars(select(MemberChange.identifier_id))) == {TABLET, PHONE, LAPTOP, LOGIN}


def test_another_site_keeps_what_it_has(session: Session, site: SiteInfo) -> None:
    assert expire(session, site.id + 1, CUT) == Expired(0, 0)
    assert len(members(session)) == 4
