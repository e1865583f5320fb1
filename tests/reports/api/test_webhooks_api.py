"""Webhooks by the API: made, changed, tried, given another secret, deleted; and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.kit.receiver import Receiver
from tracker.access import create_key
from tracker.house import House
from tracker.sites import SiteInfo
from tracker.webhooks.book import MOST_WEBHOOKS

Send = Callable[..., Any]


@pytest.fixture
def send(client: FlaskClient, house: House, shop: SiteInfo) -> Send:
    """Ask for something under the site's webhooks, with a key that may change the site."""
    house.settings.own_hosts = "127.0.0.1"
    with house.database.session() as session:
        tokens = {scope: create_key(session, "test", [scope], shop.id) for scope in ("change", "read")}

    def sent(path: str = "", body: Any = None, method: str = "POST", scope: str = "change") -> Any:
        headers = {"Authorization": f"Bearer {tokens[scope]}"}
        options: dict[str, Any] = {} if body is None else {"json": body}
        return client.open(f"/api/v1/sites/{shop.key}/webhooks{path}", method=method, headers=headers, **options)

    return sent


def test_from_making_one_to_its_end(send: Send, receiver: Receiver) -> None:
    made = send(body={"address": receiver.url, "kinds": ["alert.fired", "goal.completed"]})
    assert made.status_code == 201 and made.json["secret"].startswith("whsec_")
    assert (made.json["on"], made.json["kinds"]) == (True, ["goal.completed", "alert.fired"])
    number = f"/{made.json['number']}"
    [listed] = send(method="GET").json["webhooks"]
    assert listed == {**made.json, "secret": None}
    rotated = send(f"{number}/rotate").json["secret"]
    assert rotated != made.json["secret"]

    receiver.answers, receiver.says = [500], b"out of order"
    tried = send(f"{number}/test").json
    assert (tried["kind"], tried["state"], tried["status"], tried["answered"]) == (
        "test",
        "waiting",
        500,
        "out of order",
    )
    again = send(f"{number}/deliveries/{tried['id']}/again").json
    assert (again["id"], again["state"], again["status"], again["next_try_at"]) == (tried["id"], "sent", 204, None)
    assert send(f"{number}/deliveries", method="GET").json == {"deliveries": [again]}
    assert send(f"{number}/deliveries/nothing/again").status_code == 404

    changed = send(number, {"kinds": ["struggle.new"], "on": False}).json
    assert (changed["kinds"], changed["on"], changed["address"]) == (["struggle.new"], False, receiver.url)
    assert send(number, {}).json == changed
    refused = send(number, {"address": ""})
    assert (refused.status_code, refused.json["field"]) == (422, "address")
    assert send(method="GET").json["webhooks"] == [changed]
    assert send(number, method="DELETE").json == {"webhooks": []}
    assert send(number, method="DELETE").status_code == 404


def test_who_may_only_read_may_not_even_list_them(send: Send) -> None:
    assert send(method="GET", scope="read").status_code == 403
    assert send(body={"address": "https://hook.example/", "kinds": ["alert.fired"]}, scope="read").status_code == 403


def test_what_cannot_be_is_refused_by_its_field(send: Send) -> None:
    receiver, kinds = "https://hook.example/", ["alert.fired"]
    for body, field in (
        ({"address": "https://10.0.0.1:x/", "kinds": kinds}, "address"),
        ({"address": "http://hook.example/", "kinds": kinds}, "address"),
        ({"address": receiver, "kinds": []}, "kinds"),
        ({"address": receiver, "kinds": ["all"]}, "kinds"),
        ({"address": receiver, "kinds": kinds, "secret": "mine"}, "body"),
    ):
        answer = send(body=body)
        assert (answer.status_code, answer.json["field"]) == (422, field)


def test_a_site_has_so_many_at_most_and_each_address_once(send: Send) -> None:
    for number in range(MOST_WEBHOOKS):
        assert send(body={"address": f"https://hook.example/{number}", "kinds": ["alert.fired"]}).status_code == 201
    more = send(body={"address": "https://hook.example/more", "kinds": ["alert.fired"]})
    same = send(body={"address": "https://hook.example/1", "kinds": ["alert.fired"]})
    assert {(one.status_code, one.json["field"]) for one in (more, same)} == {(409, "address")}
    assert "delete one first" in more.text and "another webhook’s" in same.text
