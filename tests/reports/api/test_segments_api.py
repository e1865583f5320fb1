"""Segments by the API: saved, asked of, deleted, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.kit.store import PHONE, Visiting
from tracker.access import create_key
from tracker.house import House
from tracker.segments import save_segment
from tracker.sites import SiteInfo

Send = Callable[..., Any]
RANGE = "range=2026-03-01..2026-03-03"


@pytest.fixture
def send(client: FlaskClient, house: House, own: SiteInfo) -> Send:
    """Ask for a path of the site's API, or send a body there."""

    def sent(path: str = "segments", body: Any = None, method: str = "", scope: str = "change") -> Any:
        with house.database.session() as session:
            token = create_key(session, "test", [scope, "read"], own.id)
        method = method or ("GET" if body is None else "POST")
        options: dict[str, Any] = {} if body is None else {"json": body}
        headers = {"Authorization": f"Bearer {token}"}
        return client.open(f"/api/v1/sites/{own.key}/{path}", method=method, headers=headers, **options)

    return sent


@pytest.fixture
def store(house: House) -> Any:
    return house.store


@pytest.fixture
def site(own: SiteInfo) -> SiteInfo:
    return own


def test_a_segment_is_saved_listed_and_deleted(send: Send) -> None:
    told = {"name": "Phones", "filters": ["device:is:mobile"]}
    made, again = send(body=told), send(body={"name": "Phones", "filters": ["os:is:iOS"]})
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json == {**told, "problem": None}
    assert send().json["segments"] == [{"name": "Phones", "filters": ["os:is:iOS"], "problem": None}]
    assert send("segments/Phones", method="DELETE").json == {"segments": []}
    assert send("segments/Phones", method="DELETE").status_code == 404


def test_every_report_can_be_asked_of_it_beside_other_filters(send: Send, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/", "/shop"], user_agent=PHONE)
    visit("2026-03-02 11:00", ["/"], user_agent=PHONE)
    visit("2026-03-02 12:00", ["/shop"])
    send(body={"name": "On phones", "filters": ["device:is:mobile"]})
    answer = send(f"reports/pages?{RANGE}&segment=On+phones")
    assert {row["path"]: row["views"] for row in answer.json["rows"]} == {"/": 2, "/shop": 1}
    assert (answer.json["scope"]["segment"], answer.json["scope"]["filters"]) == ("On phones", ["device:is:mobile"])
    both = send(f"reports/pages?{RANGE}&segment=On+phones&filter=path:is:/shop").json
    assert {row["path"]: row["views"] for row in both["rows"]} == {"/shop": 1}
    heat = send(f"heatmap?{RANGE}&segment=On+phones&path=/shop").json
    assert heat["views"] == 1


def test_a_changed_segment_changes_the_answer(send: Send) -> None:
    send(body={"name": "Whom", "filters": ["device:is:mobile"]})
    path = f"reports/pages?{RANGE}&segment=Whom"
    before = send(path).headers["ETag"]
    send(body={"name": "Whom", "filters": ["device:is:desktop"]})
    assert send(path).headers["ETag"] != before


def test_an_unknown_name_is_told_the_nearest(send: Send) -> None:
    send(body={"name": "Phones", "filters": ["device:is:mobile"]})
    refused = send(f"reports/pages?{RANGE}&segment=Phnes")
    assert (refused.status_code, refused.json["field"]) == (422, "segment")
    assert "did you mean Phones?" in refused.json["detail"]


def test_a_dimension_that_is_gone_is_told_and_fails_nothing_else(send: Send, house: House, own: SiteInfo) -> None:
    with house.database.session() as session:
        save_segment(session, own.id, "Old", ["shoe_size:is:44"], "anna")
    house.sites.forget()
    [listed] = send().json["segments"]
    assert "no dimension is named 'shoe_size'" in listed["problem"]
    assert send(f"reports/pages?{RANGE}").status_code == 200
    refused = send(f"reports/pages?{RANGE}&segment=Old")
    assert (refused.status_code, refused.json["field"]) == (422, "segment")
    assert "delete it, or save it anew" in refused.json["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"name": "a", "filters": "device:is:mobile"}, "filters"),
        ({"name": "a", "filters": []}, "filters"),
        ({"name": "a/b", "filters": ["device:is:mobile"]}, "name"),
        ({"name": "a", "filters": ["shoe_size:is:44"]}, "filter"),
        ({"name": "a", "filters": ["device:is:mobile"] * 21}, "filter"),
    ],
)
def test_problems_name_what_is_wrong(send: Send, body: Any, field: str) -> None:
    answer = send(body=body)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert send().json["segments"] == []


def test_a_key_that_may_only_read_saves_and_deletes_nothing(send: Send) -> None:
    told = {"name": "Phones", "filters": ["device:is:mobile"]}
    assert send(body=told, scope="read").status_code == 403
    send(body=told)
    assert send("segments/Phones", method="DELETE", scope="read").status_code == 403
    assert len(send(scope="read").json["segments"]) == 1
