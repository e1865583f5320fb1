"""Every answer of the API says how many calls are left; beyond that it is 429, for whoever called too often alone."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.kit.clock import Clock
from tests.kit.pages import Person
from tracker.access import create_key
from tracker.house import House
from tracker.rate import Rate


@pytest.fixture
def clock(house: House) -> Clock:
    """A clock by which three calls a minute may be made."""
    clock = Clock()
    house.settings.api_rate = 3
    house.calls = Rate(3 / 60, burst_s=60, clock=clock)
    return clock


def token(house: House) -> dict[str, str]:
    with house.database.session() as session:
        return {"Authorization": f"Bearer {create_key(session, 'test', ['read'])}"}


def test_every_answer_says_how_many_calls_are_left(
    client: FlaskClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.calls, "_clock", Clock())  # else one comes again while a slow answer is written
    key = token(house)
    for path, headers in (
        ("/api/v1/sites", key),
        ("/api/v1/sites", {}),
        ("/api/v1/sites/nosuchsite22/reports", key),
        ("/api/v1/nothing", key),
        ("/api/openapi.json", {}),
    ):
        answer = client.get(path, headers=headers)
        assert answer.headers["RateLimit-Policy"] == '"calls";q=600;w=60', path
        assert re.fullmatch(r'"calls";r=59\d;t=\d', answer.headers["RateLimit"]), path
    refused = client.put("/api/v1/sites", headers=key)
    assert refused.status_code == 405 and "RateLimit" in refused.headers


def test_whoever_calls_too_often_waits_and_others_do_not(client: FlaskClient, house: House, clock: Clock) -> None:
    one, other = token(house), token(house)
    assert [client.get("/api/v1/sites", headers=one).headers["RateLimit"] for _ in range(3)] == [
        '"calls";r=2;t=20',
        '"calls";r=1;t=40',
        '"calls";r=0;t=60',
    ]
    refused = client.get("/api/v1/sites", headers=one)
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert refused.json["type"] == "/api/v1/problems/too-many-calls"
    assert (refused.headers["Retry-After"], refused.headers["RateLimit"]) == ("20", '"calls";r=0;t=60')
    assert client.get("/api/v1/sites", headers=other).status_code == 200
    clock.now += 20
    assert client.get("/api/v1/sites", headers=one).status_code == 200


def test_a_key_is_one_however_its_header_is_written(client: FlaskClient, house: House, clock: Clock) -> None:
    key = token(house)["Authorization"].removeprefix("Bearer ")
    ways = [f"{scheme}{blanks}{key}" for scheme in ("Bearer", "bEarer") for blanks in (" ", "   ")]
    asked = [client.get("/api/v1/sites", headers={"Authorization": way}).status_code for way in ways]
    assert asked == [200, 200, 200, 429]


def test_whoever_is_refused_too_often_waits_too(client: FlaskClient, clock: Clock) -> None:
    wrong = [{"Authorization": f"Bearer ff_{number}"} for number in range(4)]
    asked = [client.get("/api/v1/sites", headers=one).status_code for one in wrong]
    assert asked == [401, 401, 401, 429]


def test_a_person_is_counted_by_the_account(owner: Person, app: Flask, clock: Clock) -> None:
    again = Person(app.test_client())
    again.sign_in()
    asked = [person.get("/api/v1/sites").status_code for person in (owner, again, owner, again)]
    assert asked == [200, 200, 200, 429]


def test_nothing_is_said_where_there_is_no_limit(client: FlaskClient, house: House) -> None:
    house.calls = Rate(0)
    answer = client.get("/api/v1/sites", headers=token(house))
    assert answer.status_code == 200 and not [name for name, _ in answer.headers if name.startswith("RateLimit")]
