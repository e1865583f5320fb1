"""Both doors give the same answers, and only what was taken is in the spool."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from collectors.rates import Rates
from tests.kit.collect import HEADERS, Knock, Loop, beacon, event, flask_knock, footprints, lane_knock
from tests.kit.entrance import Entrance
from tracker.models import Site
from tracker.settings import load_settings
from tracker.sites import SiteInfo

JSON = {**HEADERS, "Content-Type": "application/json"}
FORM = {**HEADERS, "Content-Type": "application/x-www-form-urlencoded"}
BAD_EVENT = event(2, at="soon")

Body = Callable[[SiteInfo], bytes]


def having(**headers: str) -> dict[str, str]:
    return {**HEADERS, **headers}


# Each name stands for a body, headers, status, reason and field.
REFUSED: dict[str, tuple[Body, dict[str, str], int, str, str | None]] = {
    "nothing": (lambda site: b"", HEADERS, 400, "malformed", None),
    "no json": (lambda site: b"{", HEADERS, 400, "malformed", None),
    "not utf-8": (lambda site: beacon(site).replace(b"view", b"v\xffew"), HEADERS, 400, "malformed", None),
    "a list": (lambda site: b"[]", HEADERS, 422, "schema", ""),
    "no site": (lambda site: b'{"events":[{}]}', HEADERS, 422, "schema", "site"),
    "no events": (lambda site: beacon(site, events=[]), HEADERS, 422, "schema", "events"),
    "101 events": (lambda site: beacon(site, *map(event, range(101))), HEADERS, 422, "schema", "events"),
    "only a bad event": (lambda site: beacon(site, BAD_EVENT), HEADERS, 422, "schema", "events[].at"),
    "no kind": (lambda site: beacon(site, {"id": BAD_EVENT["id"]}), HEADERS, 422, "schema", "events[].kind"),
    "unknown site": (lambda site: beacon("nosuchsite"), HEADERS, 404, "unknown_site", None),
    "origin of another": (beacon, having(Origin="https://evil.example"), 403, "origin", None),
    "origin that ends alike": (beacon, having(Origin="https://notshop.example"), 403, "origin", None),
    "null origin": (beacon, having(Origin="null"), 403, "origin", None),
    "null, good referer": (beacon, having(Origin="null", Referer="https://shop.example/"), 403, "origin", None),
    "neither origin nor referer": (beacon, {"Content-Type": "text/plain"}, 403, "origin", None),
    "file origin": (beacon, having(Origin="file://shop.example"), 403, "origin", None),
    "a form": (beacon, FORM, 415, "content_type", None),
    "48 KiB and a byte": (lambda site: beacon(site).ljust(48 * 1024 + 1), HEADERS, 413, "too_large", None),
    "70 KiB": (lambda site: beacon(site).ljust(70 * 1024), HEADERS, 413, "too_large", None),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_reason_and_nothing_kept(name: str, knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    body, headers, status, reason, field = REFUSED[name]
    reply = knock("POST", "/collect", body(site), headers)
    assert (reply.status, reply.json["reason"], reply.json.get("field")) == (status, reason, field)
    assert reply.headers["x-footfall-reason"] == reason
    assert reply.headers["cache-control"] == "no-store"
    counted = entrance.refusals.take()
    assert list(counted.values()) == [1]
    assert next(iter(counted))[1].split(" ")[0] == reason
    assert footprints(entrance) == []


# Each name stands for a body, headers, and the numbers accepted and rejected.
TAKEN: dict[str, tuple[Body, dict[str, str], int, int]] = {
    "a view": (beacon, HEADERS, 1, 0),
    "as json": (beacon, JSON, 1, 0),
    "without content type": (beacon, {"Origin": "https://shop.example"}, 1, 0),
    "from a port": (beacon, having(Origin="http://shop.example:8080"), 1, 0),
    "from a subdomain": (beacon, having(Origin="https://a.b.shop.example"), 1, 0),
    "with a referer only": (beacon, {"Referer": "https://shop.example/a"}, 1, 0),
    "100 events": (lambda site: beacon(site, *map(event, range(100))), HEADERS, 100, 0),
    "48 KiB": (lambda site: beacon(site).ljust(48 * 1024), HEADERS, 1, 0),
    "a mixed batch": (lambda site: beacon(site, event(1), BAD_EVENT, event(3)), HEADERS, 2, 1),
    "an event of no web page": (lambda site: beacon(site, event(1), event(2, url="about:blank")), HEADERS, 1, 1),
    "unknown fields": (lambda site: beacon(site, event(new=1), newer={"x": [1]}), HEADERS, 1, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_taken_and_on_disk_before_the_answer(name: str, knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    body, headers, accepted, rejected = TAKEN[name]
    reply = knock("POST", "/collect", body(site), headers)
    assert (reply.status, reply.json) == (202, {"accepted": accepted, "rejected": rejected})
    kept = footprints(entrance)
    assert [footprint.site_id for footprint in kept] == [site.id]
    assert len(kept[0].events) == accepted
    assert entrance.spool.statistics.accepted_events == accepted
    assert sum(entrance.refusals.take().values()) == rejected


def test_what_the_batch_shares_is_kept_with_it(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    shared = {"zone": "Europe/Warsaw", "language": "pl-PL", "viewport": [1280, 720], "automated": True}
    knock("POST", "/collect", beacon(site, **shared))
    (kept,) = footprints(entrance)
    assert (kept.sent_at, kept.language, kept.viewport, kept.automated) == (
        1_700_000_000_100,
        "pl-PL",
        (1280, 720),
        True,
    )
    assert kept.user_agent == HEADERS["User-Agent"]
    assert kept.received_at > 1_700_000_000_100
    assert kept.visitor_id is not None


def test_global_privacy_control_leaves_no_visitor(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    knock("POST", "/collect", beacon(site), {**HEADERS, "Sec-GPC": "1"})
    assert [kept.visitor_id for kept in footprints(entrance)] == [None]


def test_a_replay_has_the_same_ids_for_the_store_to_recognise(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    for _ in range(2):
        assert knock("POST", "/collect", beacon(site, event(1), event(2))).status == 202
    first, second = ([one.id for one in kept.events] for kept in footprints(entrance))
    assert first == second == ["00000000000000ab-1", "00000000000000ab-2"]


def test_a_disabled_site_is_as_good_as_none(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    with entrance.database.session() as session:
        session.get_one(Site, site.id).enabled = False
    entrance.sites.forget()
    assert knock("POST", "/collect", beacon(site)).status == 404
    assert entrance.refusals.take() == {(site.id, "disabled_site"): 1}


def test_the_page_may_read_answer_and_retry_after(knock: Knock, site: SiteInfo) -> None:
    for body in (beacon(site), beacon("nosuchsite")):
        reply = knock("POST", "/collect", body)
        assert reply.headers["access-control-allow-origin"] == HEADERS["Origin"]
        assert "retry-after" in reply.headers["access-control-expose-headers"]
        assert reply.headers["vary"] == "origin"


def test_preflight_is_answered_for_origins_of_a_site_only(knock: Knock, site: SiteInfo) -> None:
    reply = knock("OPTIONS", "/collect")
    assert reply.status == 204
    assert reply.headers["access-control-allow-origin"] == HEADERS["Origin"]
    assert reply.headers["access-control-allow-methods"] == "POST"
    assert reply.headers["access-control-allow-headers"] == "content-type"
    assert "access-control-allow-credentials" not in reply.headers
    for origin in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {}):
        refused = knock("OPTIONS", "/collect", headers=origin)
        assert refused.status == 403
        assert "access-control-allow-origin" not in refused.headers


def test_the_spools_refusal_is_a_503_with_retry_after(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    entrance.spool.close()
    reply = knock("POST", "/collect", beacon(site))
    assert (reply.status, reply.json["reason"], reply.headers["retry-after"]) == (503, "closing", "5")
    assert entrance.refusals.take() == {(site.id, "closing"): 1}


@pytest.mark.parametrize("door", ["lane", "flask"])
def test_above_the_rate_429_says_when_to_come_again(
    door: str, entrance: Entrance, loop: Loop, site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.reception.Rates", partial(Rates, clock=lambda: 1000.0))
    entrance.settings = load_settings({"FOOTFALL_DATA": str(entrance.settings.data), "FOOTFALL_ADDRESS_RATE": "1"})
    knock = lane_knock(entrance, loop) if door == "lane" else flask_knock(entrance)
    replies = [knock("POST", "/collect", beacon(site)) for _ in range(11)]
    assert [reply.status for reply in replies] == [202] * 10 + [429]
    assert replies[-1].headers["retry-after"] == "1"
    assert len(footprints(entrance)) == 10


def test_other_methods_do_not_collect(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert knock(method, "/collect", beacon(site)).status in (404, 405)
    assert footprints(entrance) == []


def test_an_unreadable_relational_store_is_a_503(
    knock: Knock, entrance: Entrance, site: SiteInfo, monkeypatch: Any
) -> None:
    def fail(key: str) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(entrance.sites, "by_key", fail)
    reply = knock("POST", "/collect", beacon(site))
    assert (reply.status, reply.json["reason"]) == (503, "database")
