"""Goals and funnels by the API: saved, reported, deleted, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.kit.store import Visiting
from tracker.access import create_key
from tracker.house import House
from tracker.sites import SiteInfo

Send = Callable[..., Any]
RANGE = "range=2026-03-01..2026-03-03"
BOUGHT = {"name": "Bought", "condition": {"kind": "event", "event": "buy"}, "revenue": "value", "currency": "EUR"}
THANKS = {"kind": "path", "path": "/thanks"}
WAY = {"name": "Way", "steps": [{"condition": {"kind": "path", "path": "/"}}, {"name": "Done", "condition": THANKS}]}


@pytest.fixture
def send(client: FlaskClient, house: House, own: SiteInfo) -> Send:
    """Ask for a path of the site's API, or send a body there."""

    def sent(path: str, body: Any = None, method: str = "", scope: str = "change") -> Any:
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


def test_a_goal_is_saved_listed_and_deleted(send: Send) -> None:
    made, again = send("goals", BOUGHT), send("goals", {"name": "Bought", "condition": THANKS})
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json == {**BOUGHT, "says": "“buy” happens"}
    listed = [{"name": "Bought", "condition": THANKS, "says": "/thanks is seen", "revenue": None, "currency": None}]
    assert send("goals").json == {"goals": listed}
    assert send("goals/Bought", method="DELETE").json == {"goals": []}
    assert send("goals/Bought", method="DELETE").status_code == 404


def test_a_funnel_is_saved_listed_and_deleted(send: Send) -> None:
    made = send("funnels", WAY)
    assert (made.status_code, send("funnels", WAY).status_code) == (201, 200)
    assert [(one["name"], one["says"]) for one in made.json["steps"]] == [
        ("", "/ is seen"),
        ("Done", "/thanks is seen"),
    ]
    assert send("funnels").json == {"funnels": [made.json]}
    assert send("funnels/Way", method="DELETE").json == {"funnels": []}
    assert send("funnels/Way", method="DELETE").status_code == 404


def test_what_is_saved_is_reported_and_can_be_filtered_by(send: Send, visit: Visiting) -> None:
    visit("2026-03-02 10:00", ["/", "/thanks"])
    visit("2026-03-02 11:00", ["/"])
    send("goals", {"name": "Thanked", "condition": THANKS})
    before = send(f"reports/goals?{RANGE}")
    [row] = before.json["rows"]
    assert (row["goal"], row["converted_visits"], row["conversion_rate"]) == ("Thanked", 1, 0.5)
    send("goals", {"name": "Thanked", "condition": {"kind": "path", "path": "/*"}})
    changed = send(f"reports/goals?{RANGE}")
    assert (changed.json["rows"][0]["converted_visits"], changed.headers["ETag"] != before.headers["ETag"]) == (2, True)
    send("funnels", WAY)
    told = send(f"reports/funnels?{RANGE}&funnel=Way&filter=goal:is:Thanked").json
    assert [row["visits"] for row in told["rows"]] == [2, 1]
    assert send(f"reports/pages?{RANGE}&filter=goal:is:Thnked").json["field"] == "filter"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("goals", {}, "body"),
        ("goals", {"name": "a", "condition": {"kind": "nothing"}}, "condition.kind"),
        ("goals", {"name": "a", "condition": {"kind": "path", "pth": "/"}}, "condition"),
        ("goals", {"name": "a", "condition": {"kind": "path", "path": "x"}}, "path"),
        ("goals", {"name": "a/b", "condition": THANKS}, "name"),
        ("goals", {**BOUGHT, "currency": "XYZW"}, "currency"),
        ("funnels", {"name": "a", "steps": [{"condition": THANKS}]}, "steps"),
        ("funnels", {"name": "a", "steps": [{"condition": THANKS}, {"condition": {"kind": "event"}}]}, "step_2_event"),
        ("funnels", {"name": "a", "steps": "b"}, "steps"),
    ],
)
def test_problems_name_what_is_wrong(send: Send, path: str, body: Any, field: str) -> None:
    answer = send(path, body)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert send(path).json[path] == []


def test_a_key_that_may_only_read_changes_nothing(send: Send) -> None:
    for path, body in (("goals", BOUGHT), ("funnels", WAY)):
        assert send(path, body, scope="read").status_code == 403
        send(path, body)
        assert send(f"{path}/{body['name']}", method="DELETE", scope="read").status_code == 403
        assert len(send(path, scope="read").json[path]) == 1
