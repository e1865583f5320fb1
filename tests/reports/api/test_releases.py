"""Releases by the API: marking, listing, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tracker.access import create_key
from tracker.house import House
from tracker.sites import SiteInfo

Send = Callable[..., Any]


@pytest.fixture
def send(client: FlaskClient, house: House, own: SiteInfo) -> Send:
    """Post a body to the site's releases, or ask for them where there is none."""

    def sent(body: Any = None, scope: str = "change", path: str = "releases") -> Any:
        with house.database.session() as session:
            token = create_key(session, "test", [scope, "read"], own.id)
        options: dict[str, Any] = {"headers": {"Authorization": f"Bearer {token}"}}
        address = f"/api/v1/sites/{own.key}/{path}"
        if body is None:
            return client.get(address, **options)
        return client.post(address, **({"data": body} if isinstance(body, bytes) else {"json": body}), **options)

    return sent


def test_a_release_is_marked_once_and_listed(send: Send) -> None:
    told = {"name": "v2.3", "at": "2026-03-01T12:00:00Z"}
    made, again = send(told), send({"name": "v2.3"})
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json == again.json == {"name": "v2.3", "at": "2026-03-01T13:00:00+01:00"}
    assert send({"name": "v2.4"}).status_code == 201
    assert [one["name"] for one in send().json["releases"]] == ["v2.3", "v2.4"]


def test_a_marked_release_can_be_asked_about_and_changes_the_answer(send: Send) -> None:
    path = "reports/releases?range=2026-03-01..2026-03-03"
    before = send(path=path)
    send({"name": "v2.3", "at": "2026-03-01T12:00:00Z"})
    after = send(path=path)
    assert "No release" in before.json["notes"][0] and after.json["notes"][0].startswith("v2.3 ")
    assert before.headers["ETag"] != after.headers["ETag"]
    assert send(path=f"{path}&release=v2.3").status_code == 200
    refused = send(path=f"{path}&release=v3")
    assert (refused.status_code, refused.json["field"]) == (422, "release")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "body"),
        ({"name": 5}, 422, "name"),
        ({"name": "v1", "when": "now"}, 422, "body"),
        (b"v1", 422, "body"),
        (b"\xff", 422, "body"),
        ({"name": " "}, 422, "name"),
        ({"name": "v1", "at": "yesterday"}, 422, "at"),
        ({"name": "v1", "at": "2096-01-01T00:00:00Z"}, 422, "at"),
        (b" " * 5000, 413, None),
    ],
)
def test_problems_name_what_is_wrong(send: Send, body: Any, status: int, field: str | None) -> None:
    answer = send(body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json.get("field") == field
    assert send().json["releases"] == []


def test_a_key_that_may_only_read_marks_nothing(send: Send) -> None:
    assert send({"name": "v1"}, scope="read").status_code == 403
