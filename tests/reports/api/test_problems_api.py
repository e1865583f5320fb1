"""Whatever goes wrong under /api/ is a problem: a kind, an address that explains it, and what to do."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.kit.pages import Person
from tracker.access import create_key
from tracker.clock import utc_now
from tracker.house import House
from tracker.models import ApiKey
from tracker.problems import KINDS
from tracker.sites import SiteInfo, create_site


def kind(answer: Any) -> str:
    assert answer.mimetype == "application/problem+json", answer.text
    assert answer.json["status"] == answer.status_code
    return str(answer.json["type"]).removeprefix("/api/v1/problems/")


def with_key(house: House, *scopes: str) -> dict[str, dict[str, str]]:
    with house.database.session() as session:
        return {"headers": {"Authorization": f"Bearer {create_key(session, 'test', scopes)}"}}


def test_the_type_of_a_problem_leads_to_what_helps(client: FlaskClient) -> None:
    refused = client.get("/api/v1/sites")
    told = client.get(refused.json["type"])
    assert told.status_code == 200 and told.json["type"] == refused.json["type"]
    assert told.json["status"] == 401 and "Bearer ff_" in told.json["help"]
    assert [one["name"] for one in client.get("/api/v1/problems").json["problems"]] == [one.name for one in KINDS]
    assert kind(client.get("/api/v1/problems/no-kee")) == "not-found"


def test_a_method_that_an_address_does_not_know_is_told_those_that_it_knows(client: FlaskClient, house: House) -> None:
    for path, method, allowed in (
        ("/api/v1/sites", "POST", "GET, HEAD"),
        ("/api/v1/query", "GET", "POST"),
        ("/api/v1/sites/x/goals", "TRACE", "GET, HEAD, POST"),
        ("/api/v1/sites/x/goals/y", "PUT", "DELETE"),
        ("/api/v1/sites/x/events", "PUT", "GET, HEAD, POST"),
    ):
        answer = client.open(path, method=method, **with_key(house, "read"))
        assert (kind(answer), answer.status_code, answer.headers["Allow"]) == ("wrong-method", 405, allowed)
        asked = client.options(path)
        assert (asked.status_code, asked.headers["Allow"], asked.data) == (204, allowed, b"")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_an_address_with_nothing_at_it_is_a_problem_by_any_method(client: FlaskClient, method: str) -> None:
    answer = client.open("/api/v1/nothing/here", method=method)
    assert (kind(answer), answer.status_code) == ("not-found", 404)


@pytest.mark.parametrize(
    ("body", "says", "status", "name"),
    [
        (b'{"name": "v1"}', "application/json", 201, ""),
        (b'{"name": "v1"}', "application/vnd.shop+json; charset=utf-8", 201, ""),
        (b'{"name": "v1"}', "application/x-www-form-urlencoded", 201, ""),  # curl -d
        (b'{"name": "v1"}', None, 201, ""),
        (b'{"name": "v1"}', "text/xml", 415, "not-json"),
        (b"--x\r\n", "multipart/form-data; boundary=x", 415, "not-json"),
        (b'{"name": ', "application/json", 422, "invalid"),
        (b'{"name": "v1"}' + b" " * 5000, "application/json", 413, "too-long"),
    ],
)
def test_a_body_is_json_that_says_so(
    client: FlaskClient, house: House, own: SiteInfo, body: bytes, says: str | None, status: int, name: str
) -> None:
    answer = client.post(f"/api/v1/sites/{own.key}/releases", data=body, content_type=says, **with_key(house, "change"))
    assert answer.status_code == status
    if name:
        assert kind(answer) == name


def test_a_key_that_expired_is_told_when(client: FlaskClient, house: House) -> None:
    sent = with_key(house, "read")
    with house.database.session() as session:
        ended = utc_now() - timedelta(days=1)
        session.query(ApiKey).update({"expires_at": ended})
    answer = client.get("/api/v1/sites", **sent)
    assert (kind(answer), answer.status_code) == ("expired-key", 401)
    assert f"{ended:%Y-%m-%d %H:%M}" in answer.json["detail"]
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_key_is_told_which_scope_it_lacks(client: FlaskClient, house: House, own: SiteInfo) -> None:
    lacking = client.post(f"/api/v1/sites/{own.key}/releases", json={"name": "v1"}, **with_key(house, "read"))
    assert (kind(lacking), lacking.json["scope"]) == ("missing-scope", "change")
    person = client.get(f"/api/v1/sites/{own.key}/profiles/1/export", **with_key(house, "read", "change"))
    assert (kind(person), person.json["scope"]) == ("missing-scope", "people")


def test_a_key_of_another_site_is_told_that_and_no_scope(client: FlaskClient, house: House, own: SiteInfo) -> None:
    with house.database.session() as session:
        other = create_key(session, "other", ["read"], create_site(session, "Other", ["other.example"]).id)
    answer = client.get(f"/api/v1/sites/{own.key}/reports", headers={"Authorization": f"Bearer {other}"})
    assert kind(answer) == "forbidden" and "another site" in answer.json["detail"] and "scope" not in answer.json


def test_a_browser_without_its_token_is_told_so_and_nobody_must_say_who_asks(
    client: FlaskClient, owner: Person, own: SiteInfo
) -> None:
    path = f"/api/v1/sites/{own.key}/releases"
    assert kind(owner.client.post(path, json={"name": "v1"})) == "form-token"
    assert kind(client.post(path, json={"name": "v1"})) == "no-key"


def test_what_cannot_be_as_things_stand_is_a_conflict(client: FlaskClient, house: House, own: SiteInfo) -> None:
    sent, body = with_key(house, "change"), {"product": "plausible", "id": "shop.example"}
    assert client.post(f"/api/v1/sites/{own.key}/trackers", json=body, **sent).status_code == 201
    again = client.post(f"/api/v1/sites/{own.key}/trackers", json=body, **sent)
    assert (kind(again), again.status_code, again.json["field"]) == ("conflict", 409, "id")
