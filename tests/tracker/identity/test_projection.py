"""What is kept of profiles is what the edges say: told online, edge by edge, or all anew."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.kit.ground import at
from tests.tracker.identity.graphs import NAMES, edges, sign_ins
from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.identity import hand
from tracker.identity.components import Edge, SignedIn, Stretch, partition
from tracker.identity.graph import to_ms, to_time
from tracker.identity.projection import project, project_all
from tracker.models import (
    AuditEntry,
    Identifier,
    IdentityConflict,
    IdentityEdge,
    MemberChange,
    ProfileMember,
    SignInSpan,
)
from tracker.sites import create_site

SITE = 1
# the database is emptied by hand before every example
OFTEN = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def relational(each_database: Database) -> Database:
    """Each relational store in turn, with one site in it."""
    if each_database.engine.dialect.name == "postgresql":
        with each_database.engine.begin() as connection:  # the tests' own edges are numbered by hand
            connection.exec_driver_sql("ALTER SEQUENCE identity_edge_id_seq RESTART WITH 1000")
    with each_database.session() as session:
        assert create_site(session, "Shop", ["shop.example"]).id == SITE
    return each_database


def clear(session: Session) -> None:
    for model in (ProfileMember, MemberChange, IdentityConflict, SignInSpan, IdentityEdge, Identifier, AuditEntry):
        session.execute(delete(model))


def add_names(session: Session) -> None:
    session.add_all(
        Identifier(
            site_id=SITE, id=one.id, kind=one.kind, first_seen_at=to_time(one.first_seen_ms),
            last_seen_at=to_time(one.first_seen_ms),
        )
        for one in NAMES.values()
    )  # fmt: skip
    session.flush()


def add_edge(session: Session, edge: Edge) -> IdentityEdge:
    row = IdentityEdge(
        id=edge.id, site_id=SITE, a=edge.a, b=edge.b, kind=edge.kind, rule="test@1", evidence={}, bits=None,
        confidence=1.0, consent="stitched", observed_at=to_time(edge.observed_ms),
        last_observed_at=to_time(edge.last_observed_ms), observations=1,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def add_sign_ins(session: Session, seen: Sequence[SignedIn]) -> None:
    session.add_all(
        SignInSpan(
            site_id=SITE, device_id=one.device, login_id=one.login, first_at=to_time(one.first_ms),
            last_at=to_time(one.first_ms),
        )
        for one in seen
    )  # fmt: skip
    session.flush()


def begin(session: Session, made: Sequence[Edge], seen: Sequence[SignedIn]) -> None:
    """Let there be these edges, and the profiles that they make."""
    clear(session)
    add_names(session)
    add_sign_ins(session, seen)
    for edge in made:
        add_edge(session, edge)
    project_all(session, SITE)


def members(session: Session) -> dict[int, tuple[Stretch, ...]]:
    found: dict[int, list[Stretch]] = {}
    for row in session.scalars(select(ProfileMember).order_by(ProfileMember.since_at)):
        until = None if row.until_at is None else to_ms(row.until_at)
        found.setdefault(row.identifier_id, []).append(Stretch(to_ms(row.since_at), until, row.profile_id))
    return {one: tuple(stretches) for one, stretches in found.items()}


def state(session: Session) -> tuple[object, ...]:
    conflicts = {(one.edge_id, one.a, one.b) for one in session.scalars(select(IdentityConflict))}
    hubs = set(session.scalars(select(Identifier.id).where(Identifier.hub)))
    return members(session), conflicts, hubs


@OFTEN
@given(edges(), sign_ins(), st.randoms(use_true_random=False))
def test_told_edge_by_edge_in_any_order_it_is_the_same_as_made_anew(
    relational: Database, made: list[Edge], seen: list[SignedIn], dice: random.Random
) -> None:
    order = list(made)
    dice.shuffle(order)
    with relational.session() as session:
        clear(session)
        add_names(session)
        add_sign_ins(session, seen)
        for edge in order:
            add_edge(session, edge)
            project(session, SITE, (edge.a, edge.b))
        online = state(session)
        assert online[0] == partition(NAMES, made, seen).members
        assert project_all(session, SITE) == 0
        assert state(session) == online


@OFTEN
@given(edges(), sign_ins(), st.data())
def test_merging_and_taking_it_back_restores_everything(
    relational: Database, made: list[Edge], seen: list[SignedIn], data: st.DataObject
) -> None:
    with relational.session() as session:
        begin(session, made, seen)
        before = state(session)
        one, other = (data.draw(st.sampled_from(sorted(NAMES))) for _ in range(2))
        profiles = [hand.profile_of(session, SITE, each) for each in (one, other)]
        try:
            edge = hand.merge(session, SITE, *profiles, who="anna@example.org")
        except InvalidInputError:
            return
        assert state(session)[0] != before[0]
        hand.take_back(session, SITE, edge.id, who="anna@example.org")
        assert state(session) == before


@OFTEN
@given(edges(), sign_ins(), st.data())
def test_any_edge_that_is_taken_back_and_put_back_restores_everything(
    relational: Database, made: list[Edge], seen: list[SignedIn], data: st.DataObject
) -> None:
    if not made:
        return
    with relational.session() as session:
        begin(session, made, seen)
        before = members(session)
        gone = data.draw(st.sampled_from(made))
        hand.take_back(session, SITE, gone.id, who="anna@example.org")
        left = [edge for edge in made if edge.id != gone.id]
        assert members(session) == partition(NAMES, left, seen).members
        again = hand.put_back(session, SITE, gone.id, who="anna@example.org")
        assert again.observed_at == to_time(gone.observed_ms)
        times = sorted(edge.observed_ms for edge in made)
        if len(set(times)) == len(times):  # of edges of one moment the older row comes first
            assert members(session) == before


def test_a_conflict_is_opened_once_and_decided_by_a_person(relational: Database) -> None:
    with relational.session() as session:
        add_names(session)
        for edge in (Edge(1, 10, 20, "login", 100, 100), Edge(2, 10, 21, "login", 200, 200)):
            add_edge(session, edge)
            project(session, SITE, (edge.a, edge.b))
        project(session, SITE, (10,))
        [conflict] = session.scalars(select(IdentityConflict))
        assert hand.profile_of(session, SITE, 21) == 21
        hand.decide(session, SITE, conflict.id, "one", who="anna@example.org", reason="She married.")
        assert hand.profile_of(session, SITE, 21) == hand.profile_of(session, SITE, 20) == 10
        assert conflict.decision == "one"
        actions = set(session.scalars(select(AuditEntry.action)))
        assert actions == {"merge-profiles", "decide-conflict"}


def test_what_a_person_took_back_stays_with_who_and_why(relational: Database) -> None:
    with relational.session() as session:
        add_names(session)
        add_edge(session, Edge(1, 10, 20, "login", 100, 100))
        project(session, SITE, (10,))
        edge = hand.take_back(session, SITE, 1, who="anna@example.org", reason="A borrowed phone.")
        assert (edge.retracted_by, edge.reason) == ("anna@example.org", "A borrowed phone.")
        assert edge.retracted_at is not None
        assert edge.retracted_at > at("2026-01-01")
        assert members(session) == {}
        with pytest.raises(InvalidInputError, match="taken back already"):
            hand.take_back(session, SITE, 1, who="anna@example.org")


def test_an_edge_of_another_site_is_out_of_reach(relational: Database) -> None:
    with relational.session() as session:
        add_names(session)
        add_edge(session, Edge(1, 10, 20, "login", 100, 100))
        with pytest.raises(InvalidInputError, match="there is none of this number"):
            hand.take_back(session, SITE + 1, 1, who="anna@example.org")
