"""The list of profiles: visits of several identifiers are one person's, of a shared device each person's own."""

import pytest

from tests.kit.people import People
from tests.kit.store import PHONE, Visiting, dead
from tests.reports.profiles.conftest import Asking
from tracker.errors import InvalidInputError

LAPTOP, PHONE_ID, ANN, BEN, DAY = 1001, 1002, 2001, 2002, 3001


def known(people: People) -> None:
    """Ann signs in on a laptop and a phone."""
    people.name("first_party", LAPTOP, PHONE_ID)
    people.name("login", ANN)
    people.tie(LAPTOP, ANN, "login", "2026-03-02 10:00")
    people.tie(PHONE_ID, ANN, "login", "2026-03-03 10:00")


def test_visits_of_one_person_s_browsers_are_one_profile(visit: Visiting, people: People, asking: Asking) -> None:
    known(people)
    visit("2026-03-02 10:00", ["/", "/a"], [dead("#buy")], visitor=LAPTOP, referrer="www.google.com/")
    visit("2026-03-03 10:00", ["/b"], visitor=PHONE_ID, user_agent=PHONE)
    visit("2026-03-04 10:00", ["/c"], visitor=DAY)
    stranger, ann = asking.list().rows
    assert (stranger.id, stranger.who, stranger.visits, stranger.identifiers) == (str(DAY), "one day", 1, {})
    assert (ann.id, ann.who, ann.visits, ann.views) == (str(LAPTOP), "signed in", 2, 3)
    assert ann.struggles == 1
    assert sorted(ann.devices) == ["desktop", "mobile"]
    assert (ann.source, ann.identifiers) == ("Google", {"first_party": 2, "login": 1})
    assert ann.first_seen.isoformat() == "2026-03-01T10:00:00+01:00"


def test_the_list_has_an_order_a_limit_and_the_scope_s_filters(visit: Visiting, people: People, asking: Asking) -> None:
    known(people)
    for day in (2, 3):
        visit(f"2026-03-0{day} 10:00", ["/a"], visitor=LAPTOP)
    visit("2026-03-04 10:00", ["/b"], visitor=DAY, user_agent=PHONE)
    assert [one.id for one in asking.list("visits").rows] == [str(LAPTOP), str(DAY)]
    assert [one.id for one in asking.list(who="known").rows] == [str(LAPTOP)]
    assert [one.id for one in asking.list(who="one-day").rows] == [str(DAY)]
    assert [one.id for one in asking.list(filter="device:is:mobile").rows] == [str(DAY)]
    assert [one.id for one in asking.list(filter="path:is:/a").rows] == [str(LAPTOP)]
    first = asking.list(limit="1")
    assert ([one.id for one in first.rows], first.more) == ([str(DAY)], True)
    assert asking.list(range="2026-03-05..2026-03-06").rows == ()


def test_a_shared_device_s_visits_are_of_who_was_signed_in(visit: Visiting, people: People, asking: Asking) -> None:
    people.name("first_party", LAPTOP)
    people.name("login", ANN, BEN, first="2026-03-02 09:00")
    people.tie(LAPTOP, ANN, "login", "2026-03-02 10:00")
    people.tie(LAPTOP, BEN, "login", "2026-03-04 10:00")
    visit("2026-03-03 10:00", ["/ann"], visitor=LAPTOP)
    visit("2026-03-05 10:00", ["/ben"], visitor=LAPTOP)
    ben, ann = asking.list().rows
    assert (ann.visits, ben.visits) == (1, 1)
    assert (ann.id, ben.id) == (str(LAPTOP), str(BEN))
    assert ann.conflict and ben.conflict


@pytest.mark.parametrize(("word", "given"), [("order", "oldest"), ("who", "nobody")])
def test_a_wrong_word_is_named(asking: Asking, word: str, given: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        asking.list(**{word: given})
    assert refused.value.field == word
