"""Google Analytics 4: the Measurement Protocol with its secret, what its tag sends, and its one answer."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.kit.collect import HEADERS, Knock, Reply, footprints
from tests.kit.entrance import Entrance
from tests.kit.foreign import IDS, know
from tracker.clock import now_ms
from tracker.event import Event
from tracker.models import Site
from tracker.sites import SiteInfo

PAGE = "https://shop.example/lamps"
SERVER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Content-Type": "application/json"}
TAG = {"v": "2", "tid": IDS["ga4"], "cid": "1.2", "en": "page_view", "dl": PAGE, "dt": "Lamps", "gcs": "G111"}


@pytest.fixture(autouse=True)
def known(entrance: Entrance, site: SiteInfo) -> None:
    know(entrance, site, "ga4", secret="s3cret", consented=True)


def measure(knock: Knock, *events: dict[str, Any], secret: str | None = "s3cret", **shared: Any) -> Reply:
    query = {"measurement_id": IDS["ga4"], **({"api_secret": secret} if secret is not None else {})}
    body = json.dumps({"client_id": "1.2", "events": events, **shared}).encode()
    return knock("POST", f"/mp/collect?{urlencode(query)}", body, SERVER)


def happened(name: str, **params: Any) -> dict[str, Any]:
    return {"name": name, "params": {"page_location": PAGE, **params}}


def tag(knock: Knock, body: str = "", headers: dict[str, str] = HEADERS, **told: str) -> Reply:
    return knock("POST", f"/g/collect?{urlencode({**TAG, **told})}", body.encode(), headers)


def kept(entrance: Entrance) -> list[Event]:
    return [event for footprint in footprints(entrance) for event in footprint.events]


def test_a_view_and_an_event_from_a_server(knock: Knock, entrance: Entrance) -> None:
    view = happened("page_view", page_title="Lamps", page_referrer="https://x.org/b")
    reply = measure(knock, view, happened("purchase", value=12.5, currency="EUR", items=[{}], session_id="1"))
    assert (reply.status, reply.body) == (204, b"")
    first, second = kept(entrance)
    assert (first.kind, first.url, first.title, first.referrer) == ("view", PAGE, "Lamps", "x.org/b")
    assert (second.kind, second.name, second.properties) == ("custom", "purchase", {"value": 12.5, "currency": "EUR"})


@pytest.mark.parametrize("secret", [None, "", "wrong"])
def test_without_its_secret_nothing_is_taken_from_a_server(
    secret: str | None, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    assert measure(knock, happened("page_view"), secret=secret).status == 204
    assert kept(entrance) == []
    assert entrance.refusals.take() == {(site.id, "secret"): 1}


def test_a_tags_words_do_not_stand_for_a_servers_secret(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    body = json.dumps({"events": [happened("page_view")]}).encode()
    told = {**TAG, "measurement_id": IDS["ga4"]}
    assert knock("POST", f"/mp/collect?{urlencode(told)}", body, SERVER).status == 204
    assert kept(entrance) == []
    assert entrance.refusals.take() == {(site.id, "secret"): 1}


def test_a_server_may_say_nothing_of_where_it_happened(knock: Knock, entrance: Entrance) -> None:
    measure(knock, {"name": "purchase"})
    assert [(event.name, event.url) for event in kept(entrance)] == [("purchase", "https://shop.example/")]


def test_an_event_of_an_hour_ago_is_of_an_hour_ago(knock: Knock, entrance: Entrance) -> None:
    then = now_ms() - 3_600_000
    earlier = {**happened("b"), "timestamp_micros": (then - 5) * 1000}
    measure(knock, happened("a"), earlier, timestamp_micros=then * 1000)
    assert [event.at for event in kept(entrance)] == [then, then - 5]


def test_time_in_use_is_engaged_time(knock: Knock, entrance: Entrance) -> None:
    measure(knock, happened("user_engagement", engagement_time_msec=4200), happened("a", engagement_time_msec="100"))
    told = [(event.kind, event.engaged_ms) for event in kept(entrance)]
    assert told == [("engagement", 4200), ("engagement", 100), ("custom", None)]


def test_what_a_tag_sends_of_one_event(knock: Knock, entrance: Entrance) -> None:
    reply = tag(knock, ul="pl-pl", dr="https://x.org/b")
    assert (reply.status, reply.body) == (204, b"")
    [view] = kept(entrance)
    assert (view.kind, view.url, view.title, view.referrer) == ("view", PAGE, "Lamps", "x.org/b")
    assert footprints(entrance)[0].language == "pl-pl"


def test_what_a_tag_sends_of_several(knock: Knock, entrance: Entrance) -> None:
    tag(knock, "en=purchase&ep.currency=EUR&epn.value=12.5&_et=900\r\nen=page_view")
    told = [(event.kind, event.name, event.properties) for event in kept(entrance)]
    assert told == [
        ("engagement", None, None),
        ("custom", "purchase", {"currency": "EUR", "value": 12.5}),
        ("view", None, None),
    ]


def test_a_tags_blank_lines_are_no_events(knock: Knock, entrance: Entrance) -> None:
    tag(knock, "\n" * 500)
    tag(knock, "\r\nen=a\r\n\r\n  \r\nen=b\r\n")
    assert [event.name or event.kind for event in kept(entrance)] == ["view", "a", "b"]


def test_a_tags_request_has_fifty_events_at_most(knock: Knock, entrance: Entrance) -> None:
    assert tag(knock, "en=a\n" * 50).status == 204
    reply = tag(knock, "en=a\n" * 51)
    assert (reply.status, reply.headers["x-footfall-reason"]) == (413, "too_large")
    assert len(kept(entrance)) == 50


def test_each_event_is_of_its_own_host(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    tag(knock, "en=a\nen=b&dl=https://evil.example/x\nen=c", SERVER)
    elsewhere = {"name": "e", "params": {"page_location": "https://evil.example/x"}}
    measure(knock, happened("d"), elsewhere)
    assert [event.name for event in kept(entrance)] == ["a", "c", "d"]
    assert entrance.refusals.take() == {(site.id, "origin"): 2}


@pytest.mark.parametrize(
    ("told", "kind", "properties"),
    [
        ({"en": "click", "ep.link_url": "https://x.org/a?b", "ep.outbound": "true"}, "link", {"href": "x.org/a"}),
        ({"en": "file_download", "ep.link_url": "https://x.org/a.pdf"}, "link", {"href": "x.org/a.pdf", "download": 1}),
        ({"en": "view_search_results", "ep.search_term": "red lamp"}, "search", {"query": "red lamp"}),
    ],
)
def test_what_else_is_understood(
    told: dict[str, str], kind: str, properties: dict[str, Any], knock: Knock, entrance: Entrance
) -> None:
    tag(knock, **told)
    assert [(event.kind, event.properties) for event in kept(entrance)] == [(kind, properties)]


@pytest.mark.parametrize(("word", "is_told_apart"), [("G111", True), ("G101", True), ("G100", False), ("G110", False)])
def test_whoever_denied_is_not_told_apart(
    word: str, is_told_apart: bool, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    with entrance.database.session() as session:
        session.get_one(Site, site.id).privacy_mode = "stitched"
    entrance.sites.forget()
    tag(knock, gcs=word, uid="ann")
    [footprint] = footprints(entrance)
    assert (footprint.visitor_id is not None, footprint.login_id is not None) == (is_told_apart, is_told_apart)


def test_of_forms_that_is_kept_which_nobody_typed(knock: Knock, entrance: Entrance) -> None:
    tag(
        knock, **{"en": "form_submit", "ep.form_id": "pay", "ep.user_data.email": "x", "ep.user_data.address.city": "y"}
    )
    assert [event.properties for event in kept(entrance)] == [{"form_id": "pay"}]


def test_what_says_nothing_new_is_not_taken(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    assert tag(knock, en="session_start").status == 204
    assert kept(entrance) == []
    assert entrance.refusals.take() == {(site.id, "not_taken session"): 1}


@pytest.mark.parametrize(
    ("path", "body"),
    [("/mp/collect", b"{"), ("/mp/collect?api_secret=x", b'{"events":[{"name":"a"}]}'), ("/g/collect", b"")],
)
def test_nonsense_is_answered_like_all_else_and_counted(
    path: str, body: bytes, knock: Knock, entrance: Entrance
) -> None:
    assert knock("POST", path, body).status == 204
    assert sum(entrance.refusals.take().values()) == 1
