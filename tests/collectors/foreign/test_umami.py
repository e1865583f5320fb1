"""Umami's events, field by field, and its answers."""

import json
from typing import Any

import pytest

from tests.kit.collect import HEADERS, Knock, Reply, footprints
from tests.kit.entrance import Entrance
from tests.kit.foreign import UMAMI_ID, know
from tracker.clock import now_ms
from tracker.sites import SiteInfo

SERVERS: dict[str, str] = {"User-Agent": "Mozilla/5.0 Umami/v22.0.0", "Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def known(entrance: Entrance, site: SiteInfo) -> None:
    know(entrance, site, "umami")


def send(knock: Knock, kind: str = "event", headers: dict[str, str] = HEADERS, **payload: Any) -> Reply:
    told = {"type": kind, "payload": {"website": UMAMI_ID, "hostname": "shop.example", "url": "/", **payload}}
    return knock("POST", "/api/send", json.dumps(told).encode(), headers)


def test_a_view_with_all_that_it_tells(knock: Knock, entrance: Entrance) -> None:
    reply = send(knock, url="/lamps", title="Lamps", referrer="https://x.org/b", language="pl-PL", screen="1920x1080")
    assert (reply.status, reply.json) == (200, {"cache": "", "sessionId": "", "visitId": ""})
    [footprint] = footprints(entrance)
    [view] = footprint.events
    assert (view.kind, view.url, view.title) == ("view", "https://shop.example/lamps", "Lamps")
    assert (view.referrer, footprint.language) == ("x.org/b", "pl-PL")
    assert footprint.viewport is None  # a screen is not a window


def test_a_custom_event_with_its_data(knock: Knock, entrance: Entrance) -> None:
    send(knock, name="order", data={"value": 12.5, "items": ["a"], "paid": True})
    [event] = footprints(entrance)[0].events
    assert (event.kind, event.name, event.properties) == ("custom", "order", {"value": 12.5, "paid": True})


def test_a_server_may_say_nothing_of_where_it_happened(knock: Knock, entrance: Entrance) -> None:
    assert send(knock, headers=SERVERS, name="order", hostname=None, url=None).status == 200
    [event] = footprints(entrance)[0].events
    assert (event.name, event.url) == ("order", "https://shop.example/")


@pytest.mark.usefixtures("noon")
def test_a_server_may_say_whose_browser_it_was(knock: Knock, entrance: Entrance) -> None:
    for agent in ("Firefox/140.0", "Firefox/141.0", "Firefox/140.0"):
        send(knock, headers=SERVERS, userAgent=f"Mozilla/5.0 (X11; Linux x86_64) {agent}")
    first, second, again = footprints(entrance)
    assert first.user_agent and first.user_agent.endswith("Firefox/140.0")
    assert first.visitor_id == again.visitor_id != second.visitor_id


@pytest.mark.usefixtures("noon")
def test_an_event_of_an_hour_ago_is_of_an_hour_ago(knock: Knock, entrance: Entrance) -> None:
    send(knock, timestamp=(now_ms() - 3_600_000) // 1000)
    [footprint] = footprints(entrance)
    assert footprint.sent_at and footprint.sent_at - footprint.events[0].at == 3_600_000


def test_identify_alone_is_kept_for_whom_it_names(knock: Knock, entrance: Entrance) -> None:
    assert send(knock, "identify", id="ann", data={"plan": "pro"}).status == 200
    [event] = footprints(entrance)[0].events
    assert (event.kind, event.engaged_ms, event.properties) == ("engagement", None, None)


def test_what_is_not_taken_is_counted_by_its_name(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    assert send(knock, "performance", lcp=1200).status == 200
    assert footprints(entrance) == []
    assert entrance.refusals.take() == {(site.id, "not_taken performance"): 1}


def test_a_website_that_nobody_has(knock: Knock) -> None:
    reply = send(knock, website="00000000-1111-4222-8333-0123456789ab")
    assert (reply.status, reply.json["error"]["message"]) == (400, "Website not found.")


def test_what_is_no_event_is_told_with_its_field(knock: Knock) -> None:
    reply = knock("POST", "/api/send", b'{"type":"event","payload":{"url":"/"}}')
    assert (reply.status, reply.json["error"]["message"][:15]) == (400, "payload.website")
