"""Matomo's hits, parameter by parameter, one by one and in bulk, and its answers."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.kit.collect import HEADERS, Knock, Reply, footprints
from tests.kit.entrance import Entrance
from tests.kit.foreign import know
from tracker.clock import now_ms
from tracker.event import Event
from tracker.sites import SiteInfo

HIT = {"idsite": "7", "rec": "1", "url": "https://shop.example/lamps", "apiv": "1", "rand": "0.5"}
FORM = {**HEADERS, "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
NODE = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def known(entrance: Entrance, site: SiteInfo) -> None:
    know(entrance, site, "matomo")


def query(**told: Any) -> str:
    return urlencode({**HIT, **told})


def get(knock: Knock, **told: Any) -> Reply:
    return knock("GET", f"/matomo.php?{query(**told)}")


def kept(knock: Knock, entrance: Entrance, **told: Any) -> Event:
    assert get(knock, **told).status == 200
    [event] = footprints(entrance)[0].events
    return event


def bulk(knock: Knock, *requests: Any) -> Reply:
    return knock("POST", "/matomo.php", json.dumps({"requests": requests}).encode(), NODE)


def test_a_view_and_a_picture_for_an_answer(knock: Knock, entrance: Entrance) -> None:
    reply = get(knock, action_name="Lamps", urlref="https://x.org/b", lang="pl", res="1920x1080")
    assert (reply.status, reply.headers["content-type"]) == (200, "image/gif")
    assert reply.headers["cache-control"] == "no-store" and reply.body.startswith(b"GIF89a")
    [footprint] = footprints(entrance)
    [view] = footprint.events
    assert (view.kind, view.url, view.title) == ("view", HIT["url"], "Lamps")
    assert (view.referrer, footprint.language, footprint.viewport) == ("x.org/b", "pl", None)


@pytest.mark.parametrize("path", ["/matomo.php", "/piwik.php"])
def test_a_form_and_nothing_for_an_answer(path: str, knock: Knock, entrance: Entrance) -> None:
    reply = knock("POST", path, query(send_image="0").encode(), FORM)
    assert (reply.status, reply.body) == (204, b"")
    assert [event.url for event in footprints(entrance)[0].events] == [HIT["url"]]


EVENTS: dict[str, tuple[dict[str, str], str, str | None, dict[str, Any] | None]] = {
    "an event": (
        {"e_c": "Videos", "e_a": "Play", "e_n": "Lamp", "e_v": "1.5"},
        "custom",
        "Videos / Play",
        {"name": "Lamp", "value": 1.5},
    ),
    "a goal": ({"idgoal": "3", "revenue": "9"}, "custom", "goal 3", {"value": 9.0}),
    "an order": ({"idgoal": "0", "ec_id": "A1", "revenue": "19.9"}, "custom", "order", {"id": "A1", "value": 19.9}),
    "a cart": ({"idgoal": "0", "revenue": "5"}, "custom", "cart", {"value": 5.0}),
    "a search": ({"search": "red lamp", "search_count": "3"}, "search", None, {"query": "red lamp", "results": 3}),
    "a link out": ({"link": "https://x.org/a?b=1"}, "link", None, {"href": "x.org/a"}),
    "a download": ({"download": "https://x.org/a.pdf"}, "link", None, {"href": "x.org/a.pdf", "download": 1}),
}  # fmt: skip


@pytest.mark.parametrize("what", EVENTS)
def test_what_else_is_taken(what: str, knock: Knock, entrance: Entrance) -> None:
    told, kind, name, properties = EVENTS[what]
    event = kept(knock, entrance, **told)
    assert (event.kind, event.name, event.properties) == (kind, name, properties)


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"ping": "1"}, "ping"),
        ({"c_n": "ad"}, "content"),
        ({"fa_vid": "a1", "fa_fields": "[]"}, "form"),
        ({"hsr_vid": "a1"}, "recording"),
        ({"ca": "1"}, "other"),
    ],
)
def test_what_is_not_taken_is_counted_by_its_name(
    told: dict[str, str], word: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    assert get(knock, **told).status == 200
    assert footprints(entrance) == []
    assert entrance.refusals.take() == {(site.id, f"not_taken {word}"): 1}


def test_an_event_that_is_marked_as_no_view_is_taken(knock: Knock, entrance: Entrance) -> None:
    event = kept(knock, entrance, e_c="Video", e_a="Play", ca="1")
    assert (event.kind, event.name) == ("custom", "Video / Play")


def test_its_own_names_of_campaigns_are_understood(knock: Knock, entrance: Entrance) -> None:
    told = "https://shop.example/?mtm_campaign=spring&mtm_kwd=lamp&pk_source=letter&a=b"
    assert kept(knock, entrance, url=told).url == (
        "https://shop.example/?utm_campaign=spring&utm_term=lamp&utm_source=letter"
    )


@pytest.mark.parametrize("form", ["seconds", "text"])
def test_a_hit_of_an_hour_ago_is_of_an_hour_ago(form: str, knock: Knock, entrance: Entrance) -> None:
    then = (now_ms() - 3_600_000) // 1000
    moment = datetime.fromtimestamp(then, UTC)
    assert kept(knock, entrance, cdt=then if form == "seconds" else f"{moment:%Y-%m-%d %H:%M:%S}").at == then * 1000


def test_many_hits_are_each_its_visitors(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    reply = bulk(knock, f"?{query()}", f"?{query(e_c='a')}", query(ua=agent), {**HIT, "ua": agent}, "?idsite=7")
    assert (reply.status, reply.json) == (200, {"status": "success", "tracked": 4, "invalid": 1})
    own, others = footprints(entrance)
    assert [len(own.events), len(others.events)] == [2, 2]
    assert own.visitor_id != others.visitor_id
    assert entrance.refusals.take() == {(site.id, "schema rec"): 1}


def test_of_many_hits_those_of_unknown_sites_are_invalid(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    reply = bulk(knock, f"?{query()}", f"?{query(idsite='8')}")
    assert reply.json == {"status": "success", "tracked": 1, "invalid": 1}
    assert entrance.refusals.take() == {(site.id, "unknown_id"): 1}


@pytest.mark.parametrize("requests", [[], ["?idsite=7"], [7], [f"?{urlencode({**HIT, 'idsite': 8})}"]])
def test_of_which_none_is_good_is_an_error(requests: list[Any], knock: Knock) -> None:
    reply = bulk(knock, *requests)
    assert (reply.status, reply.json["status"], reply.json["tracked"]) == (400, "error", 0)


@pytest.mark.parametrize("told", [{"rec": "0"}, {"idsite": ""}, {"idsite": "8"}])
def test_a_hit_that_is_none_gets_its_picture_with_a_400(told: dict[str, str], knock: Knock) -> None:
    reply = get(knock, **told)
    assert (reply.status, reply.headers["content-type"]) == (400, "image/gif")


def test_many_hits_that_cannot_be_kept_now_are_refused_together(knock: Knock, entrance: Entrance) -> None:
    entrance.spool.close()
    reply = bulk(knock, f"?{query()}", f"?{query(ua='Firefox/140.0')}")
    assert (reply.status, reply.json["status"], reply.headers["retry-after"]) == (503, "error", "5")
    assert footprints(entrance) == []
