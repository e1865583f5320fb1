"""Profiles are a function of the edges: of nothing else, and of all of them."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.tracker.identity.graphs import NAMES, edges, sign_ins
from tracker.identity.components import Edge, Named, Partition, SignedIn, Stretch, partition

PHONE, LAPTOP, ANNA, BEN, TODAY, LOOK = 10, 11, 20, 21, 30, 40


def edge(number: int, a: int, b: int, kind: str, first: int = 100, last: int | None = None) -> Edge:
    return Edge(number, min(a, b), max(a, b), kind, first, first if last is None else last)


def profiles(found: Partition) -> dict[int, int]:
    return {one: stretches[-1].profile for one, stretches in found.members.items()}


def together(found: Partition) -> set[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for one, stretches in found.members.items():
        for stretch in stretches:
            groups.setdefault(stretch.profile, set()).add(one)
    return {frozenset(group) for group in groups.values()}


def test_a_login_on_two_devices_makes_one_profile_that_goes_by_the_oldest_identifier() -> None:
    found = partition(NAMES, [edge(1, PHONE, ANNA, "login"), edge(2, LAPTOP, ANNA, "login")])
    assert profiles(found) == {PHONE: PHONE, LAPTOP: PHONE, ANNA: PHONE}
    assert not found.conflicts


def test_who_is_tied_to_nothing_is_in_no_list() -> None:
    assert partition(NAMES, []).members == {}


def test_a_second_login_on_a_device_is_set_aside_and_told() -> None:
    found = partition(NAMES, [edge(1, PHONE, ANNA, "login", 100), edge(2, PHONE, BEN, "login", 200)])
    [conflict] = found.conflicts
    assert (conflict.edge, conflict.login, conflict.other_login) == (2, ANNA, BEN)
    assert together(found) == {frozenset({PHONE, ANNA})}


def test_a_shared_device_is_split_by_who_was_signed_in() -> None:
    found = partition(
        NAMES,
        [
            edge(1, PHONE, ANNA, "login", 100),
            edge(2, PHONE, BEN, "login", 200),
            edge(3, PHONE, TODAY, "first_party", 50),
        ],
        [SignedIn(PHONE, ANNA, 100), SignedIn(PHONE, BEN, 200), SignedIn(PHONE, ANNA, 300)],
    )
    turns = (Stretch(0, 200, PHONE), Stretch(200, 300, BEN), Stretch(300, None, PHONE))
    assert found.members[PHONE] == found.members[TODAY] == turns
    assert found.members[ANNA] == (Stretch(0, None, PHONE),)


def test_two_logins_that_a_person_says_are_one_may_share_a_device() -> None:
    found = partition(
        NAMES,
        [
            edge(1, PHONE, ANNA, "login", 100),
            edge(2, PHONE, BEN, "login", 200),
            edge(3, ANNA, BEN, "hand", 900),
        ],
        [SignedIn(PHONE, ANNA, 100), SignedIn(PHONE, BEN, 200)],
    )
    assert not found.conflicts
    assert set(profiles(found)) == {PHONE, ANNA, BEN}
    assert len(set(profiles(found).values())) == 1


def test_a_login_on_forty_devices_joins_none_of_them() -> None:
    names = {ANNA: NAMES[ANNA], **{one: Named(one, "first_party", one) for one in range(100, 140)}}
    found = partition(names, [edge(one, one, ANNA, "login") for one in range(100, 140)])
    assert found.hubs == {ANNA}
    assert found.members == {}


def test_two_browsers_with_one_daily_hash_are_not_joined_by_it() -> None:
    found = partition(NAMES, [edge(1, PHONE, TODAY, "first_party"), edge(2, LAPTOP, TODAY, "first_party")])
    assert found.members == {}


def test_one_fingerprint_after_another_is_one_browser_and_two_at_a_time_are_two() -> None:
    after = [edge(1, PHONE, LOOK, "fingerprint", 100, 150), edge(2, LAPTOP, LOOK, "fingerprint", 160, 200)]
    at_once = [edge(1, PHONE, LOOK, "fingerprint", 100, 170), edge(2, LAPTOP, LOOK, "fingerprint", 160, 200)]
    assert together(partition(NAMES, after)) == {frozenset({PHONE, LAPTOP, LOOK})}
    assert partition(NAMES, at_once).members == {}


@given(edges(), sign_ins(), st.randoms(use_true_random=False))
def test_the_order_in_which_edges_come_changes_nothing(
    made: list[Edge], seen: list[SignedIn], dice: random.Random
) -> None:
    shuffled = list(made)
    dice.shuffle(shuffled)
    mixed = list(seen)
    dice.shuffle(mixed)
    assert partition(NAMES, made, seen) == partition(NAMES, shuffled, mixed)


@given(edges(), sign_ins())
def test_two_logins_never_meet_but_by_hand(made: list[Edge], seen: list[SignedIn]) -> None:
    plain = [one for one in made if one.kind != "hand"]
    for group in together(partition(NAMES, plain, seen)):
        assert sum(NAMES[one].kind == "login" for one in group) <= 1


@given(edges(), sign_ins())
def test_stretches_of_an_identifier_leave_no_gap_and_do_not_overlap(made: list[Edge], seen: list[SignedIn]) -> None:
    for stretches in partition(NAMES, made, seen).members.values():
        assert stretches[0].since_ms == 0
        assert stretches[-1].until_ms is None
        for one, following in pairwise(stretches):
            assert one.until_ms == following.since_ms
            assert one.profile != following.profile
