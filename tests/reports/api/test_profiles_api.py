"""Profiles by the API: read with one scope, changed with another, undone as it was, and nothing of another site's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.kit.people import People
from tests.kit.store import Loading, Visiting
from tracker.access import create_key
from tracker.house import House
from tracker.identity.identifiers import identifier_id, read_link
from tracker.models import AuditEntry
from tracker.sites import SiteInfo, create_site, describe

LAPTOP, PHONE, BEN, NOBODY = 1001, 1002, 2002, 3001
RANGE = "range=2026-03-01..2026-03-09"


@dataclass
class Robot:
    """A program with a key for one site."""

    client: FlaskClient
    house: House
    site: SiteInfo

    def __call__(self, method: str, path: str, scopes: tuple[str, ...] = ("read", "change"), **body: Any) -> Any:
        with self.house.database.session() as session:
            token = create_key(session, "robot", scopes, self.site.id)
        headers = {"Authorization": f"Bearer {token}"}
        return self.client.open(f"/api/v1/sites/{self.site.key}/{path}", method=method, headers=headers, **body)


def add_site(house: House, name: str) -> SiteInfo:
    with house.database.session() as session:
        made = create_site(session, name, [f"{name}.example"])
        made.privacy_mode = "stitched"
        session.flush()
        site = describe(made)
    house.sites.forget()
    return site


@pytest.fixture
def shop_site(house: House) -> SiteInfo:
    return add_site(house, "shop")


@pytest.fixture
def ask(client: FlaskClient, house: House, shop_site: SiteInfo) -> Robot:
    return Robot(client, house, shop_site)


@pytest.fixture
def people(house: House, shop_site: SiteInfo) -> People:
    return People(house.database, house.store, shop_site)


@pytest.fixture
def ann(people: People, loading: Callable[..., Loading]) -> int:
    """Ann, who signed in on a laptop as user-42 and came with a phone before; returns her login's id."""
    login = identifier_id(people.site.identity_key, "login", "user-42")
    people.name("first_party", LAPTOP, PHONE)
    people.name("login", login, first="2026-03-01 09:30")
    people.tie(LAPTOP, login, "login", "2026-03-02 10:00")
    visit = Visiting(loading(people.store), people.site)
    visit("2026-03-02 10:00", ["/", "/cart"], visitor=LAPTOP)
    visit("2026-03-03 10:00", ["/"], visitor=PHONE)
    return login


def test_profiles_are_listed_and_told(ask: Robot, ann: int) -> None:
    told = ask("GET", f"profiles?{RANGE}", ("read",)).json
    assert [(one["id"], one["who"], one["visits"]) for one in told["profiles"]] == [
        (str(PHONE), "known", 1), (str(LAPTOP), "signed in", 1),
    ]  # fmt: skip
    assert told["more"] is False
    one = ask("GET", f"profiles/{LAPTOP}").json
    assert {name["kind"] for name in one["identifiers"]} == {"login", "first_party"}
    assert all(isinstance(name["id"], str) for name in one["identifiers"])
    assert one["edges"][0]["evidence"] == ["Signed in on this browser with this login, once, on 2 Mar 2026"]
    moments = ask("GET", f"profiles/{LAPTOP}/timeline").json["moments"]
    assert [moment["visit"]["trail"] for moment in moments if moment["kind"] == "visit"] == [["/", "/cart"]]


def test_a_merge_makes_one_profile_and_taking_it_back_gives_both_as_they_were(
    ask: Robot, ann: int, people: People
) -> None:
    before = people.profiles()
    merged = ask("POST", "profiles/merge", json={"profiles": [str(PHONE), str(LAPTOP)], "reason": "one customer"})
    assert merged.status_code == 200, merged.text
    edge, profiles = merged.json["edge"], merged.json["profiles"]
    assert (edge["kind"], edge["standing"], len(profiles)) == ("hand", "counts", 1)
    [line] = ask("GET", f"profiles?{RANGE}").json["profiles"]
    assert (line["id"], line["visits"], line["views"]) == (profiles[0], 2, 3)
    assert {ask("GET", f"profiles/{one}").json["id"] for one in (PHONE, LAPTOP, ann)} == {profiles[0]}
    back = ask("POST", f"edges/{edge['id']}/take-back", json={"reason": "two after all"})
    assert (back.json["edge"]["standing"], back.json["edge"]["reason"]) == ("taken back", "two after all")
    assert people.profiles() == before
    assert len(ask("GET", f"profiles?{RANGE}").json["profiles"]) == 2
    again = ask("POST", f"edges/{edge['id']}/put-back")
    assert (again.json["edge"]["standing"], again.json["profiles"]) == ("counts", profiles)
    assert len(ask("GET", f"profiles?{RANGE}").json["profiles"]) == 1
    edges = ask("GET", f"edges?profile={LAPTOP}").json["edges"]
    assert sorted(one["standing"] for one in edges if one["kind"] == "hand") == ["counts", "taken back"]
    with people.database.session() as session:
        who = list(session.scalars(select(AuditEntry.who)))
    assert who == ["key robot"] * 3


def test_a_login_is_found_by_its_value_which_comes_back_nowhere(ask: Robot, ann: int) -> None:
    found = ask("POST", "profiles/find", ("read",), json={"login": " user-42 "})
    assert found.json == {"profile": str(LAPTOP)}
    assert ask("POST", "profiles/find", json={"login": "user-43"}).json == {"profile": None}


def test_a_link_is_made_for_a_login_and_read_by_its_site_alone(ask: Robot, shop_site: SiteInfo, house: House) -> None:
    answer = ask("POST", "profiles/links", json={"logins": [" user-42 ", "user-43"]})
    assert [one["login"] for one in answer.json["links"]] == [" user-42 ", "user-43"]
    token = answer.json["links"][0]["token"]
    assert read_link(shop_site.identity_key, token) == identifier_id(shop_site.identity_key, "login", "user-42")
    assert read_link(add_site(house, "other").identity_key, token) is None
    assert ask("POST", "profiles/links", ("read",), json={"logins": ["user-42"]}).status_code == 403


def test_a_conflict_is_told_and_decided(ask: Robot, ann: int, people: People) -> None:
    people.name("login", BEN)
    people.tie(LAPTOP, BEN, "login", "2026-03-05 10:00")
    [conflict] = ask("GET", "conflicts", ("read",)).json["conflicts"]
    assert {side["login"]["id"] for side in conflict["sides"]} == {str(ann), str(BEN)}
    assert conflict["edge"]["standing"] == "set aside"
    decided = ask("POST", f"conflicts/{conflict['id']}", json={"decision": "one", "reason": "she has two accounts"})
    assert len(set(decided.json["profiles"])) == 1
    assert ask("GET", "conflicts").json["conflicts"] == []
    assert [one["decision"] for one in ask("GET", "conflicts?decided=true").json["conflicts"]] == ["one"]


CHANGES = [
    ("profiles/merge", {"profiles": ["1", "2"]}),
    ("edges/1/take-back", {"reason": "x"}),
    ("edges/1/put-back", None),
    ("conflicts/1", {"decision": "one"}),
]


@pytest.mark.parametrize(("path", "body"), CHANGES)
def test_a_key_that_only_reads_changes_nothing(ask: Robot, ann: int, path: str, body: Any) -> None:
    assert ask("POST", path, ("read",), json=body).status_code == 403


@pytest.mark.parametrize("path", ["profiles", f"profiles/{LAPTOP}", f"edges?profile={LAPTOP}", "conflicts"])
def test_a_key_that_only_changes_reads_nothing(ask: Robot, ann: int, path: str) -> None:
    assert ask("GET", path, ("change",)).status_code == 403


def test_nothing_of_another_site_is_there(ask: Robot, ann: int, people: People, house: House) -> None:
    people.name("login", BEN)
    edge = people.tie(LAPTOP, BEN, "login", "2026-03-05 10:00")
    [conflict] = people.conflicts()
    before = people.profiles()
    other = Robot(ask.client, house, add_site(house, "other"))
    assert other("GET", f"profiles/{LAPTOP}").status_code == 404
    assert other("GET", f"edges?profile={LAPTOP}").json["edges"] == []
    assert other("POST", f"edges/{edge}/take-back", json={"reason": "x"}).status_code == 404
    assert other("POST", f"edges/{edge}/put-back").status_code == 404
    assert other("POST", f"conflicts/{conflict}", json={"decision": "one"}).status_code == 404
    assert other("POST", "profiles/find", json={"login": "user-42"}).json == {"profile": None}
    merged = other("POST", "profiles/merge", json={"profiles": [str(LAPTOP), str(PHONE)]})
    assert (merged.status_code, merged.json["field"]) == (409, "profiles")
    assert people.profiles() == before


@pytest.mark.parametrize("one", ["x", "1x", "9" * 19, "9" * 30, "--1", "1.5", "%00", "²", "0x10", "<script>"])
def test_an_id_that_is_none_is_not_found(ask: Robot, one: str) -> None:
    assert ask("GET", f"profiles/{one}").status_code == 404
    assert ask("GET", f"profiles/{one}/timeline").status_code == 404
    assert ask("POST", f"edges/{one}/take-back", json={"reason": "x"}).status_code == 404
    assert ask("POST", f"conflicts/{one}", json={"decision": "one"}).status_code == 404
    assert ask("GET", "edges", query_string={"profile": one}).status_code == 422


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("profiles/find", b"", "body"),
        ("profiles/find", b"[]", "body"),
        ("profiles/find", b"\xff", "body"),
        ("profiles/find", b'{"login": 7}', "login"),
        ("profiles/find", b'{"login": " "}', "login"),
        ("profiles/find", b'{"login": "%s"}' % (b"x" * 257), "login"),
        ("profiles/find", b'{"user": "x"}', "body"),
        ("profiles/links", b'{"logins": []}', "logins"),
        ("profiles/links", b'{"logins": [" "]}', "logins"),
        ("profiles/links", b'{"logins": "user-42"}', "logins"),
        ("profiles/merge", b'{"profiles": ["1001"]}', "profiles"),
        ("profiles/merge", b'{"profiles": ["1001", "x"]}', "profiles"),
        ("profiles/merge", b'{"profiles": [1001, 1002]}', "profiles"),
        ("profiles/merge", b'{"profiles": ["1001", "1002"], "reason": "%s"}' % (b"x" * 301), "reason"),
        ("profiles/merge", b'{"profiles": ["1001", "1002"], "reason": "\\u0000"}', "reason"),
    ],
)
def test_a_body_that_makes_no_sense_is_named(ask: Robot, ann: int, path: str, body: bytes, field: str) -> None:
    refused = ask("POST", path, data=body)
    assert (refused.status_code, refused.json["field"]) == (422, field), refused.text


@pytest.mark.parametrize("other", [LAPTOP, 3001])
def test_profiles_that_are_one_or_agreed_to_nothing_are_not_merged(ask: Robot, ann: int, other: int) -> None:
    refused = ask("POST", "profiles/merge", json={"profiles": [str(LAPTOP), str(other)]})
    assert (refused.status_code, refused.json["field"]) == (409, "profiles")


def test_an_edge_is_taken_back_once_and_with_a_reason(ask: Robot, ann: int) -> None:
    [edge] = ask("GET", f"edges?profile={LAPTOP}").json["edges"]
    path = f"edges/{edge['id']}"
    for body in ({}, {"reason": " "}, {"reason": 5}):
        assert ask("POST", f"{path}/take-back", json=body).status_code == 422
    assert ask("POST", f"{path}/put-back").json["field"] == "edge"
    assert ask("POST", f"{path}/take-back", json={"reason": "<b>wrong</b>"}).status_code == 200
    assert ask("POST", f"{path}/take-back", json={"reason": "again"}).json["field"] == "edge"


def test_a_decision_is_one_of_two(ask: Robot, ann: int, people: People) -> None:
    people.name("login", BEN)
    people.tie(LAPTOP, BEN, "login", "2026-03-05 10:00")
    [conflict] = people.conflicts()
    assert ask("POST", f"conflicts/{conflict}", json={"decision": "both"}).json["field"] == "decision"
    assert people.conflicts() == [conflict]


def test_a_body_without_end_is_refused(ask: Robot) -> None:
    assert ask("POST", "profiles/find", data=b" " * 5000).status_code == 413


@pytest.mark.parametrize("words", ["order=oldest", "who=me", "range=x", "limit=0", "nonsense=1"])
def test_a_wrong_word_is_named(ask: Robot, words: str) -> None:
    refused = ask("GET", f"profiles?{words}")
    assert (refused.status_code, refused.json["field"]) == (422, words.partition("=")[0])


def test_a_time_that_is_none_is_named(ask: Robot) -> None:
    assert ask("GET", f"profiles/{NOBODY}/timeline?before=yesterday").json["field"] == "before"
