"""From beacons to profiles: who is taken to be whom, and what nobody may be taken for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from sqlalchemy import func, select

from tests.kit.consenting import LOOKS, Person, make_site, mark
from tests.tracker.identity.asking import NOON, edges, first_party, login, profiles
from tracker.house import House
from tracker.identity.graph import to_ms
from tracker.identity.identifiers import make_link
from tracker.identity.projection import project_all
from tracker.models import (
    ErasedIdentifier,
    Identifier,
    IdentityConflict,
    IdentityEdge,
    IdentityMark,
    SignInSpan,
)
from tracker.store.base import StoreDownError
from tracker.store.schema import event, member, visit

pytestmark = pytest.mark.usefixtures("clock")

Make = Callable[..., Person]


def test_who_did_not_consent_leaves_no_identity_behind(house: House, person: Make) -> None:
    person(login="anna").view(fingerprint=LOOKS)
    house.loader.run_once()
    with house.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Identifier)) == 0
    assert house.store.query(select(event.c.login_id)).rows == [(None,)]


def test_pages_seen_before_consent_belong_to_the_profile_and_to_one_visit(
    house: House, person: Make, clock: time_machine.Traveller
) -> None:
    anna = person()
    anna.view("/")
    house.loader.run_once()
    clock.shift(60)
    anna.consent = mark()
    anna.view("/teas")
    house.loader.run_once()
    clock.shift(60)
    anna.view("/basket")
    house.loader.run_once()
    [(visitor, views)] = house.store.query(select(visit.c.visitor_id, visit.c.views)).rows
    assert views == 3
    found = profiles(house)
    assert set(found) == {visitor, first_party(anna)}
    assert len(set(found.values())) == 1


def test_the_next_day_the_same_browser_is_the_same_profile(
    house: House, person: Make, clock: time_machine.Traveller
) -> None:
    anna = person(consent=mark())
    anna.view()
    house.loader.run_once()
    clock.shift(timedelta(days=2))
    anna.view()
    house.loader.run_once()
    assert house.store.query(select(visit.c.visitor_id)).rows == [(first_party(anna),)] * 2
    found = profiles(house)
    assert first_party(anna) in found and len(found) == 2  # and the hash of its first day
    assert len(set(found.values())) == 1


def test_a_login_on_two_devices_joins_them(house: House, person: Make) -> None:
    phone, laptop = person(consent=mark()), person(consent=mark(), address="198.51.100.4")
    for one in (phone, laptop):
        one.view()
        one.login = "anna@example.org"
        one.view("/account")
    house.loader.run_once()
    found = profiles(house)
    assert found[first_party(phone)] == found[first_party(laptop)] == found[login(phone.site, "anna@example.org")]


def test_a_second_person_on_a_device_is_a_second_profile_from_then_on(
    house: House, person: Make, clock: time_machine.Traveller
) -> None:
    shared = person(consent=mark())
    shared.login = "anna"
    shared.view("/anna")
    clock.shift(3600)
    shared.login = None
    shared.view("/nobody")
    clock.shift(3600)
    shared.login = "ben"
    shared.view("/ben")
    house.loader.run_once()
    with house.database.session() as session:
        [conflict] = session.scalars(select(IdentityConflict))
        assert {conflict.a, conflict.b} == {login(shared.site, "anna"), login(shared.site, "ben")}
    of_visits = (
        select(visit.c.entry, member.c.profile_id)
        .join(
            member,
            (member.c.identifier_id == visit.c.visitor_id)
            & (visit.c.started_at >= member.c.since)
            & (visit.c.started_at < member.c.until),
        )
        .order_by(visit.c.started_at)
    )
    rows = dict(house.store.query(of_visits).rows)
    assert rows["/anna"] == rows["/nobody"] == profiles(house)[login(shared.site, "anna")]
    assert rows["/ben"] == login(shared.site, "ben")
    assert login(shared.site, "ben") not in profiles(house)  # tied to nothing else: its own profile


def test_two_browsers_of_one_model_behind_one_network_stay_two(house: House, person: Make) -> None:
    one, other = person(consent=mark()), person(consent=mark())
    one.view()
    other.view()
    house.loader.run_once()
    found = profiles(house)
    assert found.get(first_party(one), 1) != found.get(first_party(other), 2)


def test_a_login_on_forty_devices_joins_nobody(house: House, person: Make) -> None:
    for number in range(40):
        person(consent=mark(), login="till", address=f"198.51.{number}.4").view()
    house.loader.run_once()
    found = profiles(house)
    shop = login(house.sites.all()[0], "till")
    assert shop not in found
    groups = list(found.values())
    assert all(groups.count(one) == 2 for one in set(groups))  # each browser and its hash of the day


def test_a_link_made_for_a_person_ties_the_browser_that_follows_it(house: House, person: Make) -> None:
    anna = person(consent=mark())
    token = make_link(anna.site.identity_key, login(anna.site, "anna"))
    anna.view(f"/offer?ff_link={token}")
    house.loader.run_once()
    found = profiles(house)
    assert found[first_party(anna)] == found[login(anna.site, "anna")]
    [(path,)] = house.store.query(select(event.c.path)).rows
    assert path == "/offer"
    forged = "A" * 22
    ben = person(consent=mark(), address="198.51.100.4")
    ben.view(f"/offer?ff_link={forged}")
    house.loader.run_once()
    with house.database.session() as session:
        kinds = list(session.scalars(select(Identifier.kind)))
    assert kinds.count("link_token") == 1


def test_a_login_of_another_site_is_another_identifier(house: House, person: Make) -> None:
    here, there = person(consent=mark(), login="anna"), person(consent=mark(), login="anna")
    there.site = make_site(house, "stitched")
    here.view()
    there.view()
    house.loader.run_once()
    assert login(here.site, "anna") != login(there.site, "anna")
    found = profiles(house)
    assert found[login(here.site, "anna")] != found[login(there.site, "anna")]


@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_is_years_off_moves_no_sign_in(house: House, person: Make, years: int) -> None:
    anna = person(consent=mark(), login="anna")
    off = years * 31_557_600_000
    event_of = {"id": "00000000000000ab-0", "kind": "view", "at": to_ms(NOON) + off, "url": "https://shop.example/"}
    anna.view("/", sent_at=to_ms(NOON) + off, events=[event_of])
    house.loader.run_once()
    with house.database.session() as session:
        assert set(session.scalars(select(IdentityEdge.observed_at))) == {NOON}
        assert set(session.scalars(select(SignInSpan.first_at))) == {NOON}


@pytest.mark.parametrize("bad", ["x" * 10_000, "", 7, ["a"], {"a": 1}, None])
def test_a_login_that_is_none_is_left_out_and_the_event_stays(house: House, person: Make, bad: Any) -> None:
    anna = person(consent=mark())
    anna.view("/", login=bad)
    house.loader.run_once()
    assert house.store.query(select(event.c.path, event.c.login_id)).rows == [("/", None)]
    told = {reason for (_, outcome, reason) in house.store.tallies() if outcome == "refused"}
    assert told == (set() if bad is None else {"schema login"})


def test_a_batch_that_comes_again_counts_once(house: House, person: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    person(consent=mark(), login="anna").view()
    follow = house.identity.follow

    def twice(batch: Any) -> None:
        follow(batch)
        follow(batch)

    monkeypatch.setattr(house.identity, "follow", twice)
    house.loader.run_once()
    with house.database.session() as session:
        assert set(session.scalars(select(IdentityEdge.observations))) == {1}


def test_a_batch_whose_claims_were_not_recorded_is_followed_later(
    house: House, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = person(consent=mark(), login="anna")
    anna.view()

    def down(batch: Any) -> None:
        raise StoreDownError("the relational store is away")

    with monkeypatch.context() as failing:
        failing.setattr(house.identity, "follow", down)
        with pytest.raises(StoreDownError):
            house.loader.run_once()
    assert profiles(house) == {}
    house.loader.run_once()
    assert profiles(house)[first_party(anna)] == profiles(house)[login(anna.site, "anna")]
    assert house.store.query(select(func.count()).select_from(event)).rows == [(1,)]


def test_the_mark_goes_with_the_spool_file(house: House, person: Make, clock: time_machine.Traveller) -> None:
    person(consent=mark()).view()
    house.loader.run_once()
    with house.database.session() as session:
        assert session.scalar(select(func.count()).select_from(IdentityMark)) == 1
    house.spool.close()
    house.loader.run_once()
    with house.database.session() as session:
        assert session.scalar(select(func.count()).select_from(IdentityMark)) == 0


def test_what_was_erased_does_not_come_back_with_an_old_batch(house: House, person: Make) -> None:
    anna = person(consent=mark(), login="anna")
    anna.view()
    with house.database.session() as session:
        session.add(ErasedIdentifier(site_id=anna.site.id, id=first_party(anna), erased_at=NOON + timedelta(seconds=1)))
    house.loader.run_once()
    with house.database.session() as session:
        assert first_party(anna) not in set(session.scalars(select(Identifier.id)))
        assert edges(session) == []


def test_online_is_as_made_anew(house: House, person: Make, clock: time_machine.Traveller) -> None:
    people = [person(consent=mark(), address=f"198.51.{n}.4") for n in range(6)]
    for day in range(3):
        for number, one in enumerate(people):
            one.login = ["anna", "ben", None][(number + day) % 3]
            one.view(fingerprint={**LOOKS, "canvas": f"c{number // 2}"})
        house.loader.run_once()
        clock.shift(timedelta(days=1))
    with house.database.session() as session:
        assert project_all(session, people[0].site.id) == 0


def test_spooled_footprints_hold_nothing_that_was_said(house: House, person: Make) -> None:
    secret, looks = "marked-secret-login@example.org", {**LOOKS, "gpu_renderer": "marked-secret-gpu"}
    anna = person(consent=mark("feedfacecafebeef"), login=secret, address="203.0.113.199")
    anna.view(fingerprint=looks)
    house.loader.run_once()
    anna.view(fingerprint=looks)
    kept = b"".join(path.read_bytes() for path in house.settings.data.rglob("*") if path.is_file())
    for text in (b"marked-secret", b"feedfacecafebeef", b"203.0.113.199"):
        assert text not in kept
    assert msgspec.json.encode(first_party(anna)) in kept
