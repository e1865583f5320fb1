"""Plausible's events, field by field, and its answers."""

import json
from typing import Any

import pytest

from tests.kit.collect import Knock, Reply, footprints
from tests.kit.entrance import Entrance
from tests.kit.foreign import know
from tracker.event import Event
from tracker.foreign import WantedId, add_foreign_id
from tracker.sites import SiteInfo, create_site

VIEW = {"n": "pageview", "u": "https://shop.example/", "d": "shop.example"}


@pytest.fixture(autouse=True)
def known(entrance: Entrance, site: SiteInfo) -> None:
    know(entrance, site, "plausible")


def send(knock: Knock, **fields: Any) -> Reply:
    return knock("POST", "/api/event", json.dumps({**VIEW, **fields}).encode())


def kept(knock: Knock, entrance: Entrance, **fields: Any) -> Event:
    assert (send(knock, **fields).status, send(knock, **fields).body) == (202, b"ok")
    return footprints(entrance)[0].events[0]


def test_long_names_of_fields_mean_the_same(knock: Knock, entrance: Entrance) -> None:
    told = {
        "name": "pageview",
        "url": "https://shop.example/a",
        "domain": "www.shop.example",
        "referrer": "https://x.org/b",
    }
    assert knock("POST", "/api/event", json.dumps(told).encode()).status == 202
    [view] = footprints(entrance)[0].events
    assert (view.kind, view.url, view.referrer) == ("view", "https://shop.example/a", "x.org/b")


def test_without_a_domain_the_pages_host_is_the_site(knock: Knock, entrance: Entrance) -> None:
    assert kept(knock, entrance, d=None, u="https://www.shop.example/").kind == "view"


@pytest.mark.parametrize(
    ("fields", "properties"),
    [
        ({"p": {"plan": "pro", "seats": 3, "trial": True}}, {"plan": "pro", "seats": 3, "trial": True}),
        ({"p": '{"plan": "pro"}'}, {"plan": "pro"}),
        ({"props": {"plan": "pro", "list": [1], "map": {}, "none": None}}, {"plan": "pro"}),
        ({"$": {"amount": "12.50", "currency": "EUR"}}, {"revenue": 12.5, "currency": "EUR"}),
        ({"p": "not json", "$": "nothing"}, None),
    ],
)
def test_a_custom_event_with_its_properties(
    fields: dict[str, Any], properties: dict[str, Any] | None, knock: Knock, entrance: Entrance
) -> None:
    event = kept(knock, entrance, n="signup", **fields)
    assert (event.kind, event.name, event.properties) == ("custom", "signup", properties)


def test_more_than_an_event_can_hold_is_cut(knock: Knock, entrance: Entrance) -> None:
    event = kept(knock, entrance, n="n" * 100, p={f"p{n}": "v" * 600 for n in range(40)})
    assert event.name == "n" * 64 and event.properties is not None
    assert len(event.properties) == 30 and {len(str(value)) for value in event.properties.values()} == {512}


def test_engaged_time_and_depth(knock: Knock, entrance: Entrance) -> None:
    event = kept(knock, entrance, n="engagement", e=4200, sd=75)
    assert (event.kind, event.engaged_ms, event.scroll_permille) == ("engagement", 4200, 750)


def test_in_hash_mode_the_fragment_is_a_part_of_the_path(knock: Knock, entrance: Entrance) -> None:
    assert kept(knock, entrance, h=1, u="https://shop.example/app?utm_source=a#/cart").url == (
        "https://shop.example/app/cart?utm_source=a"
    )


def test_an_event_for_several_domains_is_each_ones(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    with entrance.database.session() as session:
        all_of_them = create_site(session, "All", ["shop.example"])
        add_foreign_id(session, all_of_them.id, WantedId("plausible", "shop.example/all"), "ann")
        number = all_of_them.id
    entrance.sites.forget()
    reply = send(knock, d="shop.example,shop.example/all,unknown.example")
    assert (reply.status, "x-plausible-dropped" in reply.headers) == (202, False)
    assert {one.site_id for one in footprints(entrance)} == {site.id, number}
    assert list(entrance.refusals.take().values()) == [1]


def test_what_is_dropped_is_accepted_with_a_note(knock: Knock, entrance: Entrance) -> None:
    for fields in ({"d": "unknown.example"}, {"u": "app://shop.example/"}):
        reply = send(knock, **fields)
        assert (reply.status, reply.body, reply.headers["x-plausible-dropped"]) == (202, b"ok", "1")
    assert footprints(entrance) == []


@pytest.mark.parametrize(("fields", "field"), [({"n": None}, "n"), ({"u": None}, "u"), ({"u": 7}, "u")])
def test_what_is_no_event_is_told_as_errors(fields: dict[str, Any], field: str, knock: Knock) -> None:
    reply = send(knock, **fields)
    assert (reply.status, list(reply.json["errors"])) == (400, [field])
