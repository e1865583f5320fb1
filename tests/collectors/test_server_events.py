"""What a site's own server tells: taken with a key, on disk before the answer, and nobody's address kept."""

import gzip
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from collectors.rates import Rates
from collectors.server.batch import read_batch
from collectors.server.footprints import make_batch
from tests.kit.collect import footprints
from tests.kit.consenting import Person, make_site, mark
from tests.kit.ingest import FIREFOX
from tracker.access import create_key
from tracker.clock import now_ms, utc_now
from tracker.event import Footprint
from tracker.house import House
from tracker.identity.identifiers import identifier_id
from tracker.ingest.steps import to_rows
from tracker.models import ApiKey, Site
from tracker.sent_event import MOST_BYTES, MOST_EVENTS, SentEvent
from tracker.sites import PRIVACY_MODES, SiteInfo
from tracker.store.schema import event

ADDRESS = "203.0.113.77"
VIEW = {"kind": "view", "url": "/prices"}
JSON_TEXTS = st.sampled_from(
    ["/a", "https://shop.example/%", "2026-03-01T12:00:00+14:00", "0001-01-01", "203.0.113.7", "::1"]
)
THIRTY = dict.fromkeys(map(str, range(30)), 1)
Send = Callable[..., TestResponse]


@pytest.fixture
def shop(house: House) -> SiteInfo:
    return make_site(house, "cookieless")


@pytest.fixture
def send(client: FlaskClient, house: House) -> Send:
    """Post events to a site as its server does; bytes go as they are."""

    def sent(site: SiteInfo, *events: Any, body: bytes | None = None, scope: str = "ingest", **headers: str) -> Any:
        with house.database.session() as session:
            token = create_key(session, "shop's server", [scope], site.id)
        told = {"Authorization": f"Bearer {token}", "User-Agent": "shop-server/1.0", "Content-Type": "application/json"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        data = json.dumps(events).encode() if body is None else body
        return client.post(f"/api/v1/sites/{site.key}/events", data=data, headers={**told, **given})

    return sent


def only(house: House) -> Footprint:
    (found,) = footprints(house)  # type: ignore[arg-type]  # a house has all that is looked at
    return found


def kept(house: House) -> list[Footprint]:
    return footprints(house)  # type: ignore[arg-type]  # as above


def stored(house: House) -> list[Any]:
    """Load all that waits and return what is stored, the earliest first."""
    house.loader.run_once()
    columns = (event.c.kind, event.c.path, event.c.occurred_at, event.c.visitor_id, event.c.login_id)
    return list(house.store.query(select(*columns).order_by(event.c.occurred_at)).rows)


def test_the_good_events_of_a_batch_are_kept_and_of_the_others_it_is_said_why(
    send: Send, house: House, shop: SiteInfo
) -> None:
    answer = send(shop, VIEW, {"kind": "custom"}, {"kind": "view", "page": "/"}, {"kind": "view", "id": 3})
    assert (answer.status_code, answer.json) == (
        202,
        {
            "accepted": 1,
            "rejected": 3,
            "problems": [
                {"index": 1, "field": "name", "problem": "missing: a custom event has one"},
                {"index": 2, "field": "page", "problem": "is no field of an event"},
                {"index": 3, "field": "id", "problem": "Expected `str | null`, got `int`"},
            ],
        },
    )
    assert [one.url for one in only(house).events] == ["https://shop.example/prices"]
    assert house.refusals.take() == {(shop.id, "schema name"): 1, (shop.id, "schema"): 1, (shop.id, "schema id"): 1}


def test_a_batch_without_a_good_event_is_a_problem(send: Send, house: House, shop: SiteInfo) -> None:
    answer = send(shop, {"kind": "custom"}, 5)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert (answer.json["field"], [one["index"] for one in answer.json["problems"]]) == ("name", [0, 1])
    assert kept(house) == []


def test_events_come_in_any_of_four_forms(send: Send, house: House, shop: SiteInfo) -> None:
    two = [VIEW, {"kind": "custom", "name": "order", "revenue": 12.5, "currency": "EUR", "properties": {"plan": "pro"}}]
    array = json.dumps(two).encode()
    lines = b"\n".join(json.dumps(one).encode() for one in two) + b"\n\n"
    answers = [
        send(shop, body=array),
        send(shop, body=b'{"events": ' + array + b"}"),
        send(shop, body=lines, Content_Type="application/x-ndjson"),
        send(shop, body=gzip.compress(array), Content_Encoding="gzip"),
    ]
    assert {(one.status_code, one.text) for one in answers} == {(202, '{"accepted":2,"rejected":0,"problems":[]}')}
    assert len(kept(house)) == 4
    for footprint in kept(house):
        view, order = footprint.events
        assert (view.kind, order.kind, order.name) == ("view", "custom", "order")
        assert order.properties == {"plan": "pro", "revenue": 12.5, "currency": "EUR"}


@pytest.mark.usefixtures("noon")
def test_a_visitor_is_the_one_whom_the_tag_tells_of(
    send: Send, house: House, shop: SiteInfo, client: FlaskClient
) -> None:
    Person(client, house, shop, ADDRESS, FIREFOX).view()
    send(shop, {**VIEW, "ip": ADDRESS, "user_agent": FIREFOX})
    by_tag, by_server = kept(house)
    assert by_tag.visitor_id == by_server.visitor_id is not None
    assert by_server.user_agent == FIREFOX


def test_without_an_address_or_a_token_nobody_is_told_apart(send: Send, house: House, shop: SiteInfo) -> None:
    send(shop, VIEW, {**VIEW, "user_agent": FIREFOX})
    assert [one.visitor_id for one in kept(house)] == [None, None]
    assert [one.user_agent for one in kept(house)] == [None, FIREFOX]  # that of the sender is not taken for it


def test_a_token_tells_visitors_apart_within_a_day_and_not_beyond(send: Send, house: House, shop: SiteInfo) -> None:
    noon = utc_now().replace(hour=12)  # else the day might end meanwhile
    with time_machine.travel(noon):
        send(shop, *({**VIEW, "visitor": who} for who in ("anna", "bert", "anna")))
        before = (noon - timedelta(days=3)).isoformat()
        send(shop, {**VIEW, "visitor": "anna", "at": before}, {**VIEW, "visitor": "anna"})
    anna, bert, then, again = kept(house)
    assert (len(anna.events), anna.visitor_id) == (2, again.visitor_id)
    assert len({anna.visitor_id, bert.visitor_id, then.visitor_id}) == 3


def test_who_must_not_be_told_apart_has_no_number(send: Send, house: House) -> None:
    for mode, told in (("count", {}), ("cookieless", {"gpc": True}), ("stitched", {"gpc": True})):
        send(make_site(house, mode), {**VIEW, "ip": ADDRESS, "visitor": "anna", "consent": mark(), **told})
    assert [one.visitor_id for one in kept(house)] == [None, None, None]


def test_a_mark_alone_is_enough_where_the_visitor_agreed(send: Send, house: House, stitched: SiteInfo) -> None:
    send(stitched, {**VIEW, "consent": mark("0123456789abcdef")}, {**VIEW, "consent": "denied"})
    agreed, denied = kept(house)
    assert agreed.visitor_id == identifier_id(stitched.identity_key, "first_party", "0123456789abcdef")
    assert (agreed.daily_id, denied.visitor_id) == (None, None)


def test_nothing_that_names_somebody_is_kept(
    send: Send, house: House, stitched: SiteInfo, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    named = {"ip": ADDRESS, "visitor": "MARKED-visitor", "login": "MARKED-login", "id": "MARKED-id", "consent": mark()}
    assert send(stitched, {**VIEW, **named}, {**VIEW, **named, "at": "MARKED"}).status_code == 202
    everything = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for secret in ("203.0.113", "MARKED"):
        assert not any(secret.encode() in content for content in everything)
        assert secret not in caplog.text


@pytest.mark.usefixtures("noon")
def test_events_keep_their_own_time(send: Send, house: House, shop: SiteInfo) -> None:
    now = now_ms()
    send(shop, {**VIEW, "at": "2026-03-01T13:00:00+01:00"}, {**VIEW, "at": now - 60_000}, VIEW)
    past, minute_ago, just_now = (row[2] for row in stored(house))
    assert f"{past:%Y-%m-%d %H:%M}" == "2026-03-01 12:00"
    assert (just_now - minute_ago).total_seconds() == 60


def test_the_same_id_counts_once_however_late_it_comes_again(send: Send, house: House, shop: SiteInfo) -> None:
    first, other = {**VIEW, "id": "order 17", "at": "2026-03-01T12:00Z"}, {**VIEW, "id": "order 18"}
    assert send(shop, first, first, other).json["accepted"] == 3
    house.loader.run_once()
    send(shop, first, other, VIEW)
    assert len(stored(house)) == 3


def test_an_event_that_is_older_than_the_site_keeps_any_is_refused(send: Send, house: House, shop: SiteInfo) -> None:
    with house.database.session() as session:
        session.get_one(Site, shop.id).retention_days = 92
    house.sites.forget()
    noon = utc_now().replace(hour=12)
    midnight = noon.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=91)  # today is one of the days
    with time_machine.travel(noon):
        assert send(shop, {**VIEW, "at": midnight.isoformat()}).status_code == 202
        answer = send(shop, {**VIEW, "at": (midnight - timedelta(milliseconds=1)).isoformat()})
    assert (answer.status_code, answer.json["field"]) == (422, "at")
    assert "92 days" in answer.json["detail"]


def test_who_signs_in_at_the_server_is_tied_to_their_browser(
    send: Send, house: House, stitched: SiteInfo, person: Callable[..., Person], client: FlaskClient
) -> None:
    agreed = mark()
    person(consent=agreed).view("/basket")
    answer = send(stitched, {"kind": "identify", "login": "user-42", "consent": agreed})
    assert answer.status_code == 202, answer.json
    house.loader.run_once()
    with house.database.session() as session:
        token = create_key(session, "reader", ["read"], stitched.id)
    key = {"Authorization": f"Bearer {token}"}
    profiles = f"/api/v1/sites/{stitched.key}/profiles"
    found = client.post(f"{profiles}/find", json={"login": "user-42"}, headers=key).json["profile"]
    profile = client.get(f"{profiles}/{found}", headers=key).json
    assert (profile["visits"], profile["views"]) == (1, 1)
    assert {one["kind"] for one in profile["identifiers"]} >= {"login", "first_party"}


# Each is a mode, what is laid over an `identify`, the field at fault and what is said.
NOT_TIED: list[tuple[str, dict[str, Any], str, str]] = [
    ("count", {}, "kind", "mode is count"),
    ("cookieless", {}, "kind", "mode is cookieless"),
    ("consented", {}, "kind", "mode is consented"),
    ("stitched", {"consent": None}, "consent", "did not agree"),
    ("stitched", {"consent": "denied"}, "consent", "did not agree"),
    ("stitched", {"consent": mark(age_days=400)}, "consent", "no mark"),
    ("stitched", {"consent": "yes"}, "consent", "no mark"),
    ("stitched", {"gpc": True}, "gpc", "Global Privacy Control"),
    ("stitched", {"login": None}, "login", "missing"),
]  # fmt: skip


def test_a_login_that_may_not_be_kept_is_refused_with_the_reason(send: Send, house: House) -> None:
    sites = {mode: make_site(house, mode) for mode in PRIVACY_MODES}
    for mode, told, field, says in NOT_TIED:
        answer = send(sites[mode], {"kind": "identify", "login": "user-42", "consent": mark(), **told})
        assert (answer.status_code, answer.json["field"]) == (422, field)
        assert says in answer.json["detail"]


# Each is laid over a view; the field is at fault.
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "click"}, "kind"),
    ({"url": "https://evil.example/"}, "url"),
    ({"url": "javascript:alert(1)"}, "url"),
    ({"url": "//[x"}, "url"),
    ({"ip": "anna"}, "ip"),
    ({"ip": "203.0.113.77:80"}, "ip"),
    ({"at": "soon"}, "at"),
    ({"at": 1_767_225_600}, "at"),
    ({"at": 4_000_000_000_000}, "at"),
    ({"at": "9999-12-31T23:59:59-23:59"}, "at"),
    ({"at": True}, "at"),
    ({"name": "order"}, "name"),
    ({"revenue": 5}, "revenue"),
    ({"properties": {"a": 1}}, "properties"),
    ({"kind": "custom", "name": ""}, "name"),
    ({"kind": "custom", "name": "order", "currency": "EUR"}, "revenue"),
    ({"kind": "custom", "name": "order", "revenue": 1, "currency": "euro"}, "currency"),
    ({"kind": "custom", "name": "a", "revenue": 1, "properties": THIRTY}, "properties"),
    ({"kind": "custom", "name": "a", "properties": {"a": [1]}}, "properties[]"),
    ({"kind": "identify", "login": " "}, "login"),
    ({"visitor": ""}, "visitor"),
    ({"user_agent": "a" * 2049}, "user_agent"),
]  # fmt: skip


def test_a_fault_names_its_field(send: Send, house: House, shop: SiteInfo) -> None:
    problems = send(shop, *({**VIEW, **told} for told, _ in FAULTS)).json["problems"]
    assert [one["field"] for one in problems] == [field for _, field in FAULTS]
    assert kept(house) == []


PACKED = gzip.compress(json.dumps([VIEW]).encode())


# Each is a body, headers, and what is answered.
NO_BATCHES: list[tuple[bytes, dict[str, str], int, str]] = [
    (b"{", {}, 400, "malformed"),
    (b"\xff", {}, 400, "malformed"),
    (b"[" * 100_000, {}, 400, "malformed"),
    (b"5", {}, 422, "schema"),
    (b"[]", {}, 422, "schema"),
    (b'{"events": {}}', {}, 422, "schema"),
    (b"[0," + b"0," * MOST_EVENTS + b"0]", {}, 422, "schema"),
    (b"\n\n", {"Content_Type": "application/x-ndjson"}, 422, "schema"),
    (b"x=1", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "content_type"),
    (PACKED, {"Content_Encoding": "br"}, 415, "content_encoding"),
    (PACKED[:-9], {"Content_Encoding": "gzip"}, 400, "malformed"),
    (PACKED + b"more", {"Content_Encoding": "gzip"}, 400, "malformed"),
    (b"no gzip", {"Content_Encoding": "gzip"}, 400, "malformed"),
    (b" " * (MOST_BYTES + 1), {}, 413, "too_large"),
    (gzip.compress(b" " * 64 * MOST_BYTES), {"Content_Encoding": "gzip"}, 413, "too_large"),
]  # fmt: skip


def test_a_body_that_is_no_batch_is_refused(send: Send, house: House, shop: SiteInfo) -> None:
    for body, headers, status, reason in NO_BATCHES:
        answer = send(shop, body=body, **headers)
        told = (answer.status_code, answer.json["reason"], answer.headers["X-Footfall-Reason"])
        assert told == (status, reason, reason), (body[:40], headers)
        assert list(house.refusals.take().values()) == [1]
    assert kept(house) == []


NAMES = st.sampled_from([*SentEvent.__struct_fields__, "more"])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)  # those are no JSON
VALUES = st.none() | st.booleans() | st.integers() | FLOATS | st.text(max_size=40) | JSON_TEXTS
EVENTS = st.dictionaries(NAMES, VALUES | st.dictionaries(st.text(max_size=9), VALUES, max_size=3), max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(told=EVENTS, kind=st.sampled_from(["view", "custom", "search", "identify"]))
def test_whatever_is_told_of_an_event_is_kept_or_refused_by_a_field(
    told: dict[str, Any], kind: str, house: House, stitched: SiteInfo
) -> None:
    body = json.dumps([{"kind": kind, **told}]).encode()
    sent, faults = read_batch(body, None, None)
    batch = make_batch(sent, stitched, house.ingest, utc_now())
    assert batch.accepted + len(faults) + len(batch.faults) == 1
    for kept_body, _ in batch.bodies:
        assert to_rows(msgspec.json.decode(kept_body, type=Footprint), stitched)


def test_only_a_key_that_may_send_gets_in(send: Send, house: House, shop: SiteInfo, client: FlaskClient) -> None:
    address = f"/api/v1/sites/{shop.key}/events"
    lacking = send(shop, VIEW, scope="read")
    assert (lacking.status_code, lacking.json["scope"]) == (403, "ingest")
    assert lacking.json["type"] == "/api/v1/problems/missing-scope"
    nobody = client.post(address, json=[VIEW], headers={"Authorization": "Bearer ff_wrong"})
    assert (nobody.status_code, nobody.mimetype) == (401, "application/problem+json")
    assert nobody.json["type"] == "/api/v1/problems/no-key" and "WWW-Authenticate" in nobody.headers
    with house.database.session() as session:
        token = create_key(session, "old", ["ingest"], shop.id)
        session.query(ApiKey).filter_by(name="old").one().expires_at = utc_now() - timedelta(days=1)
    expired = client.post(address, json=[VIEW], headers={"Authorization": f"Bearer {token}"})
    assert (expired.status_code, expired.json["type"]) == (401, "/api/v1/problems/expired-key")
    other = make_site(house, "cookieless")
    assert send(other, VIEW).status_code == 202
    with house.database.session() as session:
        token = create_key(session, "another's", ["ingest"], other.id)
    elsewhere = client.post(address, json=[VIEW], headers={"Authorization": f"Bearer {token}"})
    assert (elsewhere.status_code, elsewhere.json["type"]) == (403, "/api/v1/problems/forbidden")
    with house.database.session() as session:
        token = create_key(session, "all sites'", ["ingest"])
    unknown = client.post("/api/v1/sites/nosuch/events", json=[VIEW], headers={"Authorization": f"Bearer {token}"})
    assert (unknown.status_code, unknown.json["reason"]) == (404, "unknown_site")


@pytest.fixture
def one_a_second(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each address call once a second, on a clock that stands still."""
    house.settings.address_rate = 1
    monkeypatch.setattr("collectors.server.routes.Rates", partial(Rates, clock=lambda: 1000.0))


@pytest.mark.usefixtures("one_a_second")
def test_whoever_guesses_keys_has_to_wait(shop: SiteInfo, client: FlaskClient) -> None:
    wrong = {"Authorization": "Bearer ff_wrong"}
    asked = [client.post(f"/api/v1/sites/{shop.key}/events", json=[VIEW], headers=wrong) for _ in range(21)]
    assert [one.status_code for one in asked] == [401] * 20 + [429]
    assert asked[-1].headers["Retry-After"] == "1"


def test_a_site_that_is_switched_off_takes_nothing(send: Send, house: House, shop: SiteInfo) -> None:
    with house.database.session() as session:
        session.get_one(Site, shop.id).enabled = False
    house.sites.forget()
    answer = send(shop, VIEW)
    assert (answer.status_code, answer.json["reason"]) == (404, "disabled_site")


def test_what_cannot_be_kept_now_may_come_again(send: Send, house: House, shop: SiteInfo) -> None:
    house.spool.close()
    answer = send(shop, VIEW)
    assert (answer.status_code, answer.json["reason"], answer.headers["Retry-After"]) == (503, "closing", "5")


@pytest.mark.usefixtures("one_a_second")
def test_above_the_rate_it_says_when_to_come_again(send: Send, shop: SiteInfo) -> None:
    answers = [send(shop, VIEW) for _ in range(11)]
    assert [one.status_code for one in answers] == [202] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "1"


def test_a_full_batch_is_kept_whole(send: Send, house: House, shop: SiteInfo) -> None:
    answer = send(shop, *({**VIEW, "ip": f"198.51.{number % 7}.1"} for number in range(MOST_EVENTS)))
    assert answer.json["accepted"] == MOST_EVENTS
    assert len({one.visitor_id for one in kept(house)}) == 7
    house.loader.run_once()
    assert house.store.query(select(func.count()).select_from(event)).rows[0][0] == MOST_EVENTS
