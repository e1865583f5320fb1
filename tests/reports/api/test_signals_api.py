"""Signals by the API: told to those who may read, changed by those who may change, and every wrong word named."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.kit.store import Loading, Visiting, click
from tracker.access import create_key
from tracker.clock import utc_now
from tracker.house import House
from tracker.signal_book import SIGNALS
from tracker.signal_limits import LIMITS
from tracker.sites import SiteInfo, create_site, describe

Send = Callable[..., Any]


@pytest.fixture
def own(house: House) -> SiteInfo:
    with house.database.session() as session:
        made = describe(create_site(session, "Shop", ["shop.example"]))
    house.sites.forget()
    return made


@pytest.fixture
def send(client: FlaskClient, house: House, own: SiteInfo) -> Send:
    """Ask with a key of some scopes: `send("GET", "signals")`."""

    def sent(method: str, path: str, scopes: tuple[str, ...] = ("read", "change"), **body: Any) -> Any:
        with house.database.session() as session:
            token = create_key(session, "robot", scopes, own.id)
        headers = {"Authorization": f"Bearer {token}"}
        return client.open(f"/api/v1/sites/{own.key}/{path}", method=method, headers=headers, **body)

    return sent


def test_what_counts_is_told_with_its_limits(send: Send) -> None:
    told = send("GET", "signals", ("read",)).json
    assert told["version"] == 1
    assert [one["name"] for one in told["signals"]] == [signal.name for signal in SIGNALS]
    assert [one["name"] for one in told["limits"]] == [limit.name for limit in LIMITS]
    assert "within 2.5 s" in told["signals"][0]["definition"]
    assert told["history"] == [{"version": 1, "limits": {}, "created_at": None, "created_by": "", "decided_at": None}]


def test_a_key_that_may_change_changes(send: Send, house: House, own: SiteInfo) -> None:
    told = send("POST", "signals", json={"silence": 2000}).json
    assert told["version"] == 2
    assert "within 2 s" in told["signals"][0]["definition"]
    assert (told["history"][0]["limits"], told["history"][0]["created_by"]) == ({"silence": 2000}, "key robot")
    found = house.sites.by_id(own.id)
    assert found is not None and found.limits.silence == 2000
    assert send("POST", "signals", json={"silence": 2000}).json["version"] == 2


@pytest.mark.parametrize("scopes", [("read",), ("ingest",)])
def test_no_other_key_changes(send: Send, scopes: tuple[str, ...]) -> None:
    assert send("POST", "signals", scopes, json={"silence": 2000}).status_code == 403
    assert send("GET", "signals", ("read",)).json["version"] == 1


def test_a_key_that_may_only_change_reads_nothing(send: Send) -> None:
    assert send("GET", "signals", ("change",)).status_code == 403
    assert send("GET", "reports/overview", ("change",)).status_code == 403


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_each_limit_out_of_bounds_is_named(send: Send, limit: Any) -> None:
    for answered in (
        send("GET", f"signals/what-if?{limit.name}={limit.most + 1}"),
        send("POST", "signals", json={limit.name: limit.least - 1}),
    ):
        assert (answered.status_code, answered.json["field"]) == (422, limit.name)
        assert limit.title in answered.json["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"silence=2000", "body"),
        (b"[2000]", "body"),
        (b'{"silence": "2000"}', "body"),
        (b"{}", "body"),
        (b'{"silence": 2000.5}', "silence"),
        (b'{"silence": 1%s}' % (b"0" * 400), "silence"),
        (b'{"silence": null}', "body"),
        (b'{"silense": 2000}', "silense"),
        (b'{"version": 9}', "version"),
        (b'{"slow": 6000, "watched": 5000}', "slow"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(send: Send, body: bytes, field: str) -> None:
    answered = send("POST", "signals", data=body)
    assert (answered.status_code, answered.json["field"]) == (422, field), answered.text


def test_a_body_without_end_is_refused(send: Send) -> None:
    assert send("POST", "signals", data=b" " * 20_000 + b"{}").status_code == 413


def test_a_limit_given_twice_is_refused(send: Send) -> None:
    answered = send("GET", "signals/what-if?silence=2000&silence=3000")
    assert (answered.status_code, answered.json["field"]) == (422, "silence")


def test_what_would_have_been_is_told_and_nothing_is_changed(
    send: Send, house: House, own: SiteInfo, loading: Callable[..., Loading]
) -> None:
    visit = Visiting(loading(house.store), own)
    visit(f"{utc_now() - timedelta(days=1):%Y-%m-%d %H:%M}", ["/cart"], [click("#pay", mutation_ms=800)])
    told = send("GET", "signals/what-if?silence=500", ("read",)).json
    assert (told["days"], told["limits"]) == (30, {"silence": 500})
    [dead] = [one for one in told["changes"] if one["signal"] == "dead"]
    assert (dead["now"], dead["then"]) == ({"incidents": 0, "visitors": 0}, {"incidents": 1, "visitors": 1})
    assert [(one["path"], one["element"], one["now"], one["then"]) for one in told["more"]] == [("/cart", "#pay", 0, 1)]
    assert send("GET", "signals").json["version"] == 1


def test_reports_carry_their_definitions(send: Send) -> None:
    told = send("GET", "reports/dead-clicks").json
    assert told["signals_version"] == 1
    assert set(told["definitions"]) >= {"dead", "disabled", "false_affordance"}
    assert send("GET", "reports/bounce-paths").json["definitions"] == {}
