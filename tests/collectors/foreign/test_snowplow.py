"""Snowplow's events by post and by pixel, field by field, and its answers."""

import json
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.kit.collect import Knock, Reply, footprints
from tests.kit.entrance import Entrance
from tests.kit.foreign import know
from tracker.event import Event
from tracker.sites import SiteInfo

TP2 = "/com.snowplowanalytics.snowplow/tp2"
VIEW = {"e": "pv", "aid": "shop", "url": "https://shop.example/lamps", "p": "web", "dtm": "1000000", "stm": "1003000"}


@pytest.fixture(autouse=True)
def known(entrance: Entrance, site: SiteInfo) -> None:
    know(entrance, site, "snowplow", consented=True)


def post(knock: Knock, *events: dict[str, Any]) -> Reply:
    told = {"schema": "iglu:…/payload_data/jsonschema/1-0-4", "data": [{**VIEW, **one} for one in events]}
    return knock("POST", TP2, json.dumps(told).encode())


def kept(knock: Knock, entrance: Entrance, **fields: Any) -> Event:
    assert post(knock, fields).status == 200
    [event] = footprints(entrance)[0].events
    return event


def described(schema: str, data: object) -> str:
    return json.dumps({"schema": "iglu:…/unstruct_event/jsonschema/1-0-0", "data": {"schema": schema, "data": data}})


ORDER = described("iglu:com.acme/order/jsonschema/1-0-0", {"value": 3, "items": [1]})
LINK = described("iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1", {"targetUrl": "https://x.org/a?b"})


def test_a_view_with_all_that_it_tells(knock: Knock, entrance: Entrance) -> None:
    whose = {"lang": "pl", "tz": "Europe/Warsaw", "vp": "1280x720"}
    reply = post(knock, {"page": "Lamps", "refr": "https://x.org/b", **whose})
    assert (reply.status, reply.body) == (200, b"ok")
    [footprint] = footprints(entrance)
    [view] = footprint.events
    assert (view.kind, view.url, view.title, view.referrer) == ("view", VIEW["url"], "Lamps", "x.org/b")
    assert (footprint.language, footprint.zone, footprint.viewport) == ("pl", "Europe/Warsaw", (1280, 720))
    assert (footprint.sent_at, view.at) == (1_003_000, 1_000_000)


def test_a_view_by_pixel(knock: Knock, entrance: Entrance) -> None:
    reply = knock("GET", f"/i?{urlencode(VIEW)}")
    assert (reply.status, reply.headers["content-type"]) == (200, "image/gif")
    assert [event.url for event in footprints(entrance)[0].events] == [VIEW["url"]]


EVENTS: dict[str, tuple[dict[str, str], str, str | None, dict[str, Any] | None]] = {
    "structured": (
        {"e": "se", "se_ca": "Videos", "se_ac": "Play", "se_la": "Lamp", "se_va": "1.5"},
        "custom",
        "Videos / Play",
        {"label": "Lamp", "value": 1.5},
    ),
    "described": ({"e": "ue", "ue_pr": ORDER}, "custom", "order", {"value": 3}),
    "described, packed": (
        {"e": "ue", "ue_px": urlsafe_b64encode(ORDER.encode()).decode().rstrip("=")},
        "custom",
        "order",
        {"value": 3},
    ),
    "described badly": ({"e": "ue", "ue_pr": '{"data":[]}'}, "custom", "event", None),
    "an order": ({"e": "tr", "tr_id": "A1", "tr_tt": "19.9"}, "custom", "order", {"id": "A1", "value": 19.9}),
    "a link": ({"e": "ue", "ue_pr": LINK}, "link", None, {"href": "x.org/a"}),
}


@pytest.mark.parametrize("what", EVENTS)
def test_what_else_is_taken(what: str, knock: Knock, entrance: Entrance) -> None:
    told, kind, name, properties = EVENTS[what]
    event = kept(knock, entrance, **told)
    assert (event.kind, event.name, event.properties) == (kind, name, properties)


def test_an_event_that_is_sent_again_has_its_id_again(knock: Knock, entrance: Entrance) -> None:
    for _ in range(2):
        post(knock, {"eid": "a"}, {"eid": "b"})
    first, second = ([event.id for event in footprint.events] for footprint in footprints(entrance))
    assert first == second and len(set(first)) == 2


def test_each_visitor_is_kept_apart_and_each_app_is_a_site(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    assert post(knock, {"duid": "a"}, {"duid": "b"}, {"duid": "a", "uid": "ann"}, {"aid": "other"}).status == 200
    assert [len(footprint.events) for footprint in footprints(entrance)] == [1, 1, 1]
    assert entrance.refusals.take() == {(site.id, "unknown_id"): 1}


@pytest.mark.parametrize(("kind", "word"), [("pp", "page ping"), ("ti", "order item"), ("x", "other")])
def test_what_is_not_taken_is_counted_by_its_name(
    kind: str, word: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    assert post(knock, {"e": kind}).body == b"ok"
    assert entrance.refusals.take() == {(site.id, f"not_taken {word}"): 1}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("change_form", {"formId": "pay", "elementId": "card", "nodeName": "INPUT", "value": "4111 1111"}),
        ("focus_form", {"formId": "pay", "elementId": "card", "value": "4111 1111"}),
        ("submit_form", {"formId": "pay", "elements": [{"name": "card", "value": "4111 1111"}]}),
    ],
)
def test_what_people_type_into_forms_is_not_taken(
    name: str, data: dict[str, Any], knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    told = described(f"iglu:com.snowplowanalytics.snowplow/{name}/jsonschema/1-0-0", data)
    post(knock, {"e": "ue", "ue_pr": told}, {"e": "ue", "ue_px": urlsafe_b64encode(told.encode()).decode()})
    assert footprints(entrance) == []
    assert entrance.refusals.take() == {(site.id, "not_taken form"): 2}


def test_a_pages_own_event_of_a_forms_name_is_its_own(knock: Knock, entrance: Entrance) -> None:
    told = described("iglu:com.acme/submit_form/jsonschema/1-0-0", {"plan": "big"})
    event = kept(knock, entrance, e="ue", ue_pr=told)
    assert (event.name, event.properties) == ("submit_form", {"plan": "big"})


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"data":[]}', b'{"data":[{"e":"pv"}]}'])
def test_what_is_no_event_is_ok_too_and_counted(body: bytes, knock: Knock, entrance: Entrance) -> None:
    reply = knock("POST", TP2, body)
    assert (reply.status, reply.body) == (200, b"ok")
    assert reply.headers["x-footfall-reason"] in ("malformed", "schema")
    assert sum(entrance.refusals.take().values()) == 1
