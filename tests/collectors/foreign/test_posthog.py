"""PostHog's events in their wrappings, field by field, what its script asks first, and its answers."""

import gzip
import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.kit.collect import HEADERS, Knock, Reply, footprints
from tests.kit.entrance import Entrance
from tests.kit.foreign import IDS, know
from tracker.event import Event, Footprint
from tracker.foreign import WantedId, add_foreign_id
from tracker.house import House
from tracker.sites import SiteInfo

PAGE = "https://shop.example/lamps"
SENT_AT, THEN = "2026-03-01T12:00:10.000Z", "2026-03-01T12:00:00.000Z"
NODE = {"User-Agent": "posthog-node/5.70.0", "Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def known(request: pytest.FixtureRequest) -> None:
    if "entrance" in request.fixturenames:
        know(request.getfixturevalue("entrance"), request.getfixturevalue("site"), "posthog", consented=True)


def event(name: str = "$pageview", **fields: Any) -> dict[str, Any]:
    properties = {"$current_url": PAGE, "token": IDS["posthog"], **fields.pop("properties", {})}
    return {"event": name, "uuid": f"u{name}", "timestamp": THEN, "properties": properties, **fields}


def batch(*events: dict[str, Any]) -> dict[str, Any]:
    return {"api_key": IDS["posthog"], "batch": list(events), "sent_at": SENT_AT}


def send(knock: Knock, told: Any, path: str = "/e/", headers: dict[str, str] = HEADERS) -> Reply:
    return knock("POST", path, json.dumps(told).encode(), headers)


def kept(knock: Knock, entrance: Entrance, told: dict[str, Any]) -> tuple[Footprint, Event]:
    assert send(knock, batch(told)).status == 200
    [footprint] = footprints(entrance)
    return footprint, footprint.events[0]


WRAPPINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "as it is": ("/e/", bytes),
    "gzipped": ("/i/v0/e/?compression=gzip-js", gzip.compress),
    "in a form": ("/e/?compression=base64", lambda raw: b"data=" + quote(b64encode(raw)).encode()),
    "in base 64": ("/e/", b64encode),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("shape", ["batch", "list", "one"])
def test_it_is_read_in_every_wrapping(wrapping: str, shape: str, knock: Knock, entrance: Entrance) -> None:
    path, wrap = WRAPPINGS[wrapping]
    told = {"batch": batch(event()), "list": [event()], "one": event()}[shape]
    reply = knock("POST", path, wrap(json.dumps(told).encode()))
    assert (reply.status, reply.json) == (200, {"status": "Ok"})
    assert [one.url for one in footprints(entrance)[0].events] == [PAGE]


def test_a_view_with_all_that_it_tells(knock: Knock, entrance: Entrance) -> None:
    told = {
        "title": "Lamps", "$referrer": "https://x.org/b", "$browser_language": "pl-PL", "$timezone": "Europe/Warsaw",
        "$viewport_width": 1280, "$viewport_height": 720, "$browser_type": "bot",
    }  # fmt: skip
    footprint, view = kept(knock, entrance, event(properties=told))
    assert (view.kind, view.title, view.referrer) == ("view", "Lamps", "x.org/b")
    assert (footprint.language, footprint.zone, footprint.viewport) == ("pl-PL", "Europe/Warsaw", (1280, 720))
    assert footprint.automated and footprint.sent_at is not None
    assert footprint.sent_at - view.at == 10_000


def test_direct_is_no_referrer(knock: Knock, entrance: Entrance) -> None:
    assert kept(knock, entrance, event(properties={"$referrer": "$direct"}))[1].referrer is None


def test_a_custom_event_has_its_own_properties_alone(knock: Knock, entrance: Entrance) -> None:
    told = event("order", properties={"value": 12.5, "items": [1], "$lib": "web", "distinct_id": "d"})
    _, custom = kept(knock, entrance, told)
    assert (custom.kind, custom.name, custom.properties) == ("custom", "order", {"value": 12.5})


def test_an_event_that_is_sent_again_has_its_id_again(knock: Knock, entrance: Entrance) -> None:
    for _ in range(2):
        send(knock, batch(event("a"), event("b")))
    first, second = ([one.id for one in footprint.events] for footprint in footprints(entrance))
    assert first == second and len(set(first)) == 2


def test_each_visitor_of_a_batch_is_kept_apart(knock: Knock, entrance: Entrance) -> None:
    people = [event(str(n), distinct_id=f"p{n % 2}", properties={"$device_id": f"d{n % 2}"}) for n in range(4)]
    assert send(knock, batch(*people), "/batch/", NODE).status == 200
    assert [len(footprint.events) for footprint in footprints(entrance)] == [2, 2]


def test_a_server_may_say_nothing_of_where_it_happened(knock: Knock, entrance: Entrance) -> None:
    told = {"event": "order", "distinct_id": "ann", "properties": {"value": 1}}
    assert send(knock, {"api_key": IDS["posthog"], "batch": [told]}, "/batch/", NODE).status == 200
    [custom] = footprints(entrance)[0].events
    assert (custom.url, custom.properties) == ("https://shop.example/", {"value": 1})


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("$autocapture", "autocapture"),
        ("$copy_autocapture", "autocapture"),
        ("$pageleave", "pageleave"),
        ("$snapshot", "recording"),
        ("survey sent", "survey"),
        ("$set", "other"),
    ],
)
def test_what_is_not_taken_is_counted_by_its_name(
    name: str, word: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    assert send(knock, batch(event(name), event()), "/s/").status == 200
    assert [len(footprint.events) for footprint in footprints(entrance)] == [1]
    assert entrance.refusals.take() == {(site.id, f"not_taken {word}"): 1}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"data=%%%",
        b"not base64",
        b"\x1f\x8bnothing",
        gzip.compress(json.dumps(event()).encode(), mtime=0)[:-4],  # cut; equal in every process of the tests
        b'{"batch":[]}',
        b'{"batch":[{"event":1}]}',
        b"[]",
    ],
)
def test_what_is_no_event_is_a_400(body: bytes, knock: Knock) -> None:
    assert knock("POST", "/e/", body).status == 400


def test_more_than_can_be_unpacked_is_refused(knock: Knock) -> None:
    for size in (256 * 1024 + 1, 20_000_000):
        reply = knock("POST", "/e/", gzip.compress(b"[" * size))
        assert (reply.status, reply.headers["x-footfall-reason"]) == (413, "too_large")


def test_its_script_is_told_what_not_to_collect(house: House, client: FlaskClient, shop: SiteInfo) -> None:
    with house.database.session() as session:
        add_foreign_id(session, shop.id, WantedId("posthog", IDS["posthog"]), "ann")
    house.sites.forget()
    path, origin = f"/array/{IDS['posthog']}/config", {"Origin": "https://shop.example"}
    settings = client.get(path, headers=origin)
    assert settings.json is not None and settings.json["autocapture_opt_out"] is True
    assert settings.json["sessionRecording"] is settings.json["hasFeatureFlags"] is False
    assert settings.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert settings.headers["Access-Control-Allow-Credentials"] == "true"
    for elsewhere in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {}):
        told = client.get(path, headers=elsewhere).headers
        assert (told["Access-Control-Allow-Origin"], told.get("Access-Control-Allow-Credentials")) == ("*", None)
    script = client.get(f"{path}.js")
    assert script.mimetype == "text/javascript" and f'["{IDS["posthog"]}"] = {{"config"' in script.text
    assert [client.get(f"/array/unknown{end}").status_code for end in ("/config", "/config.js")] == [404, 404]


@pytest.mark.parametrize("path", ["/flags/?v=2", "/decide/?v=3"])
def test_no_feature_is_on(path: str, client: FlaskClient) -> None:
    answer = client.post(path, data={"data": "e30="}, headers={"Origin": "https://shop.example"})
    assert answer.json is not None and answer.json["featureFlags"] == answer.json["flags"] == {}
