"""Browsers that are known by their looks, and those that must not be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from tests.kit.consenting import LOOKS, Person, mark
from tests.tracker.identity.asking import NOON, first_party, profiles
from tracker.house import House
from tracker.identity import hand
from tracker.identity.graph import to_ms
from tracker.identity.linker.linker import Linker
from tracker.identity.linker.links import Joined, Parted, Reconsidered
from tracker.models import (
    Identifier,
    IdentityEdge,
)
from tracker.store.schema import event

pytestmark = pytest.mark.usefixtures("clock")

Make = Callable[..., Person]


def test_the_same_browser_that_lost_its_id_is_known_by_its_looks(
    house: House, person: Make, clock: time_machine.Traveller
) -> None:
    before = person(consent=mark())
    before.view(fingerprint=LOOKS)
    house.loader.run_once()
    clock.shift(timedelta(days=2))
    after = person(consent=mark())
    after.view(fingerprint=LOOKS)
    house.loader.run_once()
    found = profiles(house)
    assert found[first_party(before)] == found[first_party(after)]
    with house.database.session() as session:
        [edge] = [
            one
            for one in session.scalars(select(IdentityEdge).where(IdentityEdge.kind == "fingerprint"))
            if "fields" in one.evidence
        ]
        assert edge.bits
        assert 0.5 <= edge.confidence <= 0.99
        assert {one["field"] for one in edge.evidence["fields"]} >= {"gpu_renderer", "canvas"}


def test_two_browsers_that_look_alike_and_are_both_about_are_taken_apart_again(
    house: House, person: Make, clock: time_machine.Traveller
) -> None:
    one, other = person(consent=mark()), person(consent=mark(), address="198.51.100.4")
    one.view(fingerprint=LOOKS)
    house.loader.run_once()
    clock.shift(timedelta(days=1))
    other.view(fingerprint=LOOKS)
    house.loader.run_once()
    assert profiles(house)[first_party(one)] == profiles(house)[first_party(other)]
    clock.shift(timedelta(days=1))
    one.view(fingerprint=LOOKS)  # it never lost its id
    house.loader.run_once()
    clock.shift(timedelta(days=1))
    other.view(fingerprint=LOOKS)
    house.loader.run_once()
    found = profiles(house)
    assert found[first_party(one)] != found.get(first_party(other), first_party(other))
    with house.database.session() as session:
        [taken_back] = session.scalars(select(IdentityEdge).where(IdentityEdge.retracted_at.is_not(None)))
        assert taken_back.reason == "Both were about at the same time."


def test_looked_at_again_two_browsers_become_one_and_apart_once_more(
    house: House, person: Make, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = person(consent=mark()), person(consent=mark(), address="198.51.100.4")
    before.view(fingerprint=LOOKS)
    house.loader.run_once()
    clock.shift(timedelta(days=1))
    after.view(fingerprint={**LOOKS, "gpu_renderer": "other", "canvas": "other", "screen": "1x1", "platform": "Win32"})
    house.loader.run_once()
    assert profiles(house)[first_party(before)] != profiles(house)[first_party(after)]
    with house.database.session() as session:
        browsers = session.scalars(
            select(Identifier.id).where(Identifier.kind == "fingerprint").order_by(Identifier.first_seen_at)
        ).all()
    found = Joined(*browsers, at_ms=to_ms(NOON) + 86_400_000, bits=31.5, margin=9, evidence=())
    monkeypatch.setattr(Linker, "reconsider", lambda self, since_ms: Reconsidered((found,), ()))
    assert house.identity.reconsider(before.site, 0) == (1, 0)
    assert profiles(house)[first_party(before)] == profiles(house)[first_party(after)]
    assert house.identity.reconsider(before.site, 0) == (0, 0)  # once

    with house.database.session() as session:
        [edge] = session.scalars(select(IdentityEdge).where(IdentityEdge.rule == "looked-again@1"))
        assert edge.bits == 31.5
        hand.take_back(session, before.site.id, edge.id, who="ann@example.org")
    assert profiles(house)[first_party(before)] != profiles(house)[first_party(after)]
    assert house.identity.reconsider(before.site, 0) == (0, 0)  # a person knew better


def test_looked_at_again_a_link_for_which_too_little_speaks_is_taken_back(
    house: House, person: Make, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = person(consent=mark()), person(consent=mark())
    for one in (before, after):
        one.view(fingerprint=LOOKS)
        house.loader.run_once()
        clock.shift(timedelta(days=2))
    found = profiles(house)
    assert found[first_party(before)] == found[first_party(after)]
    with house.database.session() as session:
        [browser] = session.scalars(select(Identifier.id).where(Identifier.kind == "fingerprint"))
    gone = Parted(browser, LOOKS, to_ms(NOON) + 1, bits=3.0, evidence=())
    monkeypatch.setattr(Linker, "reconsider", lambda self, since_ms: Reconsidered((), (gone,)))
    assert house.identity.reconsider(before.site, 0) == (0, 1)
    found = profiles(house)
    assert found[first_party(before)] != found.get(first_party(after), first_party(after))


def test_five_thousand_phones_with_one_fingerprint_stay_apart(house: House, person: Make) -> None:
    phones = [person(consent=mark(), address=f"198.{n // 250}.{n % 250}.4") for n in range(60)]
    for _ in range(2):
        for phone in phones:
            phone.view(fingerprint=LOOKS)
        house.loader.run_once()
    found = profiles(house)
    of_phones = [found.get(first_party(phone), n) for n, phone in enumerate(phones)]
    assert len(set(of_phones)) == len(phones)


@pytest.mark.parametrize(
    "bad", [{"canvas": "x" * 300}, {"Bad Name": "x"}, {f"a{'b' * n}": 1 for n in range(40)}, "text", {"canvas": [1]}]
)
def test_a_fingerprint_that_is_none_is_left_out_and_the_event_stays(house: House, person: Make, bad: Any) -> None:
    anna = person(consent=mark())
    anna.view("/", fingerprint=bad)
    house.loader.run_once()
    assert house.store.query(select(event.c.path)).rows == [("/",)]
    with house.database.session() as session:
        assert "fingerprint" not in set(session.scalars(select(Identifier.kind)))
