"""What holds for every other tracker's beacons: off unless switched on, the same rules, no 5xx."""

import gzip
import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from collectors import COLLECTORS
from collectors.rates import Rates
from collectors.reception import Reception
from tests.kit.collect import HEADERS, Knock, Loop, flask_knock, footprints, lane_knock
from tests.kit.entrance import ROOT, Entrance
from tests.kit.foreign import IDS, know
from tracker import foreign
from tracker.event import Footprint
from tracker.identity.identifiers import identifier_id
from tracker.models import Site
from tracker.settings import load_settings
from tracker.sites import SiteInfo

PAGE = "https://shop.example/lamps"
Sent = tuple[str, str, bytes]


def as_json(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode()


def plausible(url: str = PAGE, **more: Any) -> Sent:
    return "POST", "/api/event", as_json({"n": "pageview", "u": url, "d": "shop.example", **more})


def umami(url: str = PAGE, **more: Any) -> Sent:
    payload = {"website": IDS["umami"], "url": url, "hostname": "shop.example", **more}
    return "POST", "/api/send", as_json({"type": "event", "payload": payload})


def matomo(url: str = PAGE, **more: Any) -> Sent:
    return "GET", "/matomo.php?" + urlencode({"idsite": 7, "rec": 1, "url": url, **more}), b""


def goatcounter(url: str = PAGE, **more: Any) -> Sent:
    return "GET", "/count/shop?" + urlencode({"p": "/" + url.split("/", 3)[3], **more}), b""


def posthog(url: str = PAGE, **more: Any) -> Sent:
    properties = {"$current_url": url, **more}
    return "POST", "/e/", as_json({"event": "$pageview", "api_key": IDS["posthog"], "properties": properties})


def snowplow(url: str = PAGE, **more: Any) -> Sent:
    event = {"e": "pv", "aid": IDS["snowplow"], "url": url, "p": "web", **more}
    return "POST", "/com.snowplowanalytics.snowplow/tp2", as_json({"schema": "iglu:…", "data": [event]})


def ga4(url: str = PAGE, **more: Any) -> Sent:
    told = {"v": 2, "tid": IDS["ga4"], "en": "page_view", "dl": url, **more}
    return "POST", "/g/collect?" + urlencode(told), b""


VIEWS: dict[str, Callable[..., Sent]] = {
    "plausible": plausible,
    "umami": umami,
    "matomo": matomo,
    "goatcounter": goatcounter,
    "posthog": posthog,
    "snowplow": snowplow,
    "ga4": ga4,
}
# The statuses with which each answers: a view that is taken, one under an id that nobody has, nonsense.
STATUSES = {
    "plausible": (202, 202, 400),
    "umami": (200, 400, 400),
    "matomo": (200, 400, 400),
    "goatcounter": (200, 400, 400),
    "posthog": (200, 401, 400),
    "snowplow": (200, 200, 200),
    "ga4": (204, 204, 204),
}
PRODUCTS = tuple(VIEWS)
# By what each knows a browser and its user, as far as it does.
NAMED: dict[str, tuple[dict[str, str], str]] = {
    "umami": ({"vid": "v1", "id": "ann"}, "umami:v1"),
    "matomo": ({"_id": "0123456789abcdef", "uid": "ann"}, "matomo:0123456789abcdef"),
    "posthog": ({"$device_id": "d1", "distinct_id": "ann", "$is_identified": "true"}, "posthog:d1"),
    "snowplow": ({"duid": "d1", "uid": "ann"}, "snowplow:d1"),
    "ga4": ({"cid": "1.2", "uid": "ann"}, "ga4:1.2"),
}


@pytest.fixture(params=PRODUCTS)
def product(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def send(knock: Knock, sent: Sent, headers: dict[str, str] = HEADERS) -> tuple[int, str | None]:
    reply = knock(*sent, headers)
    return reply.status, reply.headers.get("x-footfall-reason")


def set_mode(entrance: Entrance, site: SiteInfo, mode: str) -> None:
    with entrance.database.session() as session:
        session.get_one(Site, site.id).privacy_mode = mode
    entrance.sites.forget()


def test_every_product_has_its_collector_its_view_here_and_its_rows() -> None:
    names = [one.name for one in foreign.PRODUCTS]
    assert set(names) <= {collector.__name__.rpartition(".")[2] for collector in COLLECTORS}
    assert names == list(VIEWS) and set(NAMED) == {one.name for one in foreign.PRODUCTS if one.keeps_ids}
    told = (ROOT / "docs" / "other-trackers.md").read_text()
    for one in foreign.PRODUCTS:
        assert told.count(f"| {one.title} |") == 2 + one.keeps_ids


def test_a_view_is_taken_as_our_own(product: str, knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    know(entrance, site, product)
    assert send(knock, VIEWS[product]()) == (STATUSES[product][0], None)
    [kept] = footprints(entrance)
    [view] = kept.events
    # GoatCounter tells a path alone, which is on the page that sends it
    page = f"{HEADERS['Origin']}/lamps" if product == "goatcounter" else PAGE
    assert (kept.site_id, view.kind, view.url) == (site.id, "view", page)
    assert kept.visitor_id is not None and kept.sent_at is not None
    assert entrance.refusals.take() == {}


def test_nothing_is_taken_until_it_is_switched_on_and_the_owner_is_told(
    product: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    assert send(knock, VIEWS[product]()) == (STATUSES[product][1], "unknown_id")
    assert footprints(entrance) == []
    assert entrance.refusals.take() == {(site.id, "unknown_id"): 1}


def test_from_pages_that_are_not_the_sites_nothing_is_taken_and_nothing_said(
    product: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    know(entrance, site, product)
    for origin in ("https://evil.example", "null"):
        headers = {**HEADERS, "Origin": origin}
        assert send(knock, VIEWS[product](), headers) == (STATUSES[product][0], "origin")
    assert footprints(entrance) == []
    assert entrance.refusals.take() == {(site.id, "origin"): 2}


def test_a_site_that_is_switched_off_takes_nothing(
    product: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    know(entrance, site, product)
    with entrance.database.session() as session:
        session.get_one(Site, site.id).enabled = False
    entrance.sites.forget()
    assert send(knock, VIEWS[product]()) == (STATUSES[product][0], "disabled_site")
    assert footprints(entrance) == []


def test_whoever_sends_gpc_is_not_told_apart(product: str, knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    know(entrance, site, product, consented=True)
    set_mode(entrance, site, "stitched")
    told = NAMED.get(product, ({}, ""))[0]
    send(knock, VIEWS[product](**told), {**HEADERS, "Sec-GPC": "1"})
    [kept] = footprints(entrance)
    assert (kept.visitor_id, kept.login_id, kept.consent) == (None, None, None)


def named(knock: Knock, entrance: Entrance, site: SiteInfo, product: str, mode: str) -> Footprint:
    set_mode(entrance, site, mode)
    send(knock, VIEWS[product](**NAMED[product][0]))
    return footprints(entrance)[-1]


@pytest.mark.parametrize("product", NAMED)
@pytest.mark.parametrize("mode", ["count", "cookieless", "consented", "stitched"])
def test_an_id_on_the_device_names_nobody_unless_the_site_says_that_visitors_agreed(
    product: str, mode: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    know(entrance, site, product)
    kept = named(knock, entrance, site, product, mode)
    assert (kept.consent, kept.login_id, kept.daily_id) == (None, None, None)
    assert (kept.visitor_id is None) == (mode == "count")


@pytest.mark.parametrize("product", NAMED)
def test_with_consent_the_mode_decides_what_of_it_is_kept(
    product: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    know(entrance, site, product, consented=True)
    device = identifier_id(site.identity_key, "first_party", NAMED[product][1])
    ann = identifier_id(site.identity_key, "login", "ann")
    expected = {"count": (False, None), "cookieless": (False, None), "consented": (True, None), "stitched": (True, ann)}
    for mode, (is_known, login) in expected.items():
        kept = named(knock, entrance, site, product, mode)
        assert ((kept.visitor_id == device), kept.login_id) == (is_known, login), mode


def test_its_properties_and_addresses_are_cleaned_as_ours(
    product: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    know(entrance, site, product)
    send(knock, VIEWS[product](f"{PAGE}?utm_source=letter&secret=1&to=" + quote("ann@example.org")))
    assert footprints(entrance)[0].events[0].url.endswith("shop.example/lamps?utm_source=letter")


def test_the_rate_holds(
    product: str, entrance: Entrance, loop: Loop, site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(entrance, site, product)
    monkeypatch.setattr("collectors.reception.Rates", partial(Rates, clock=lambda: 1000.0))
    entrance.settings = load_settings({"FOOTFALL_DATA": str(entrance.settings.data), "FOOTFALL_ADDRESS_RATE": "1"})
    knock = lane_knock(entrance, loop)
    answers = [send(knock, VIEWS[product]()) for _ in range(11)]
    assert answers == [(STATUSES[product][0], None)] * 10 + [(429, "rate")]


def test_a_flood_is_turned_away_before_it_is_read_whatever_it_says(
    product: str, entrance: Entrance, site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(entrance, site, product)
    method, target, body = VIEWS[product]()
    nonsense = (method, target, b"{") if body else (method, target.partition("?")[0], b"")
    monkeypatch.setattr("collectors.reception.Rates", partial(Rates, clock=lambda: 1000.0))
    entrance.settings = load_settings({"FOOTFALL_DATA": str(entrance.settings.data), "FOOTFALL_ADDRESS_RATE": "1"})
    knock = flask_knock(entrance)
    answers = [send(knock, nonsense) for _ in range(20)]
    assert {status for status, _ in answers} == {STATUSES[product][2]}
    entrance.refusals.take()
    [collector] = [one for one in COLLECTORS if one.__name__ == f"collectors.foreign.{product}"]
    monkeypatch.setattr(collector, "read", None)  # whoever reads on would fail
    assert send(knock, nonsense) == send(knock, VIEWS[product]()) == (429, "rate")
    assert entrance.refusals.take() == {(0, "rate"): 2}


def bulk(*hits: dict[str, Any]) -> Sent:
    told = [f"?{urlencode({'idsite': 7, 'rec': 1, 'url': PAGE, **hit})}" for hit in hits]
    return "POST", "/matomo.php", as_json({"requests": told})


def test_a_batch_is_taken_as_a_whole_or_sent_again(
    entrance: Entrance, loop: Loop, site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(entrance, site, "matomo")
    monkeypatch.setattr("collectors.reception.Rates", partial(Rates, clock=lambda: 1000.0))
    entrance.settings = load_settings({"FOOTFALL_DATA": str(entrance.settings.data), "FOOTFALL_ADDRESS_RATE": "1"})
    knock = lane_knock(entrance, loop)
    visitors = bulk(*({"ua": f"browser {number}"} for number in range(12)))
    answers = [knock(*visitors, HEADERS) for _ in range(11)]
    assert [reply.status for reply in answers] == [200] * 10 + [429]
    assert answers[-1].json == {"status": "error", "tracked": 0, "invalid": 12}
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert len(footprints(entrance)) == 12 * 10
    assert entrance.refusals.take() == {(site.id, "rate"): 1}


def test_a_batch_that_fails_half_way_is_refused_whole_and_sent_again_counts_once(
    knock: Knock, entrance: Entrance, site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(entrance, site, "matomo")
    visitors = bulk(*({"ua": f"browser {number}"} for number in range(3)))
    enrich = Reception._enrich
    calls = iter((True, False))

    def fail_once(*told: Any) -> Any:
        if not next(calls, True):
            raise OperationalError("SELECT", {}, Exception("disk I/O error"))
        return enrich(*told)

    monkeypatch.setattr(Reception, "_enrich", fail_once)
    refused = knock(*visitors, HEADERS)
    assert (refused.status, refused.headers["x-footfall-reason"]) == (503, "database")
    assert refused.json == {"status": "error", "tracked": 0, "invalid": 3}
    assert footprints(entrance) == []
    again = knock(*visitors, HEADERS)
    assert again.json == {"status": "success", "tracked": 3, "invalid": 0}
    assert [kept.user_agent for kept in footprints(entrance)] == [f"browser {number}" for number in range(3)]


def test_a_batch_that_the_disk_takes_half_of_is_kept_not_at_all(
    knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    know(entrance, site, "matomo")
    visitors = bulk(*({"ua": f"browser {number}", "e_c": "a" * 64} for number in range(12)))
    assert knock(*bulk({}), HEADERS).status == 200
    segment = entrance.spool._segment
    assert segment is not None
    (pages,) = segment._connection.execute("PRAGMA page_count").fetchone()
    segment._connection.execute(f"PRAGMA max_page_count={pages + 1}")
    refused = knock(*visitors, HEADERS)
    assert (refused.status, refused.headers["x-footfall-reason"]) == (503, "commit_failed")
    assert len(footprints(entrance)) == 1
    assert knock(*visitors, HEADERS).json == {"status": "success", "tracked": 12, "invalid": 0}
    assert len(footprints(entrance)) == 1 + 12


def test_a_request_that_grows_beyond_bounds_is_refused(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    know(entrance, site, "matomo")
    told = [f"?idsite=7&rec=1&e_c=a&ua={number}" for number in range(400)]
    headers = {**HEADERS, "Referer": f"{PAGE}/{'a' * 3900}"}
    reply = knock("POST", "/matomo.php", as_json({"requests": told}), headers)
    assert (reply.status, reply.headers["x-footfall-reason"]) == (413, "too_large")
    assert footprints(entrance) == []
    assert entrance.refusals.take() == {(site.id, "too_large"): 1}


def test_nonsense_is_answered_as_there_and_counted(product: str, knock: Knock, entrance: Entrance) -> None:
    method, target, body = VIEWS[product]()
    nonsense = (method, target, b"{") if body else (method, target.partition("?")[0], b"")
    status, reason = send(knock, nonsense)
    assert status == STATUSES[product][2] and reason in ("malformed", "schema")
    assert sum(entrance.refusals.take().values()) == 1


def test_a_page_may_ask_before_it_sends_and_read_the_answer(
    product: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    know(entrance, site, product)
    method, target, body = VIEWS[product]()
    asked = knock("OPTIONS", target)
    assert asked.status == 204 and asked.headers["access-control-allow-credentials"] == "true"
    assert "content-type" in asked.headers["access-control-allow-headers"]
    reply = knock(method, target, body)
    assert reply.headers["access-control-allow-origin"] == HEADERS["Origin"]
    assert reply.headers["access-control-allow-credentials"] == "true"
    assert "access-control-allow-credentials" not in knock(method, target, body, {"Origin": "null"}).headers


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
RELAXED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
FIELDS = {
    "plausible": ["n", "u", "d", "r", "p", "props", "m", "h", "w", "e", "sd", "$", "revenue"],
    "umami": ["website", "url", "hostname", "title", "name", "data", "id", "vid", "timestamp", "language"],
    "matomo": ["url", "cdt", "e_c", "e_v", "search", "search_count", "link", "download", "idgoal", "revenue", "ua"],
    "goatcounter": ["p", "e", "b", "q", "r", "t"],
    "posthog": ["$current_url", "$timezone", "$viewport_width", "$viewport_height", "title", "$referrer"],
    "snowplow": ["e", "ue_pr", "ue_px", "dtm", "stm", "vp", "tr_tt", "se_va", "se_ca", "lang", "duid", "uid", "refr"],
    "ga4": ["en", "dl", "_et", "epn.value", "ep.name", "gcs", "ul", "cid", "uid"],
}


@trying(max_examples=60, deadline=None, suppress_health_check=RELAXED)
@given(data=st.data())
def test_no_value_of_a_field_makes_a_5xx(
    data: st.DataObject, product: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    if not site_knows(entrance, product):
        know(entrance, site, product, consented=True)
    value: st.SearchStrategy[Any] = st.text() if product in ("matomo", "goatcounter", "ga4") else ANY_JSON
    fields = data.draw(st.dictionaries(st.sampled_from(FIELDS[product]), value, max_size=4))
    path = data.draw(st.sampled_from([PAGE, "https://shop.example/" + "a" * 5000, "https://shop.example/\0"]))
    assert send(knock, with_fields(product, path, fields))[0] < 500
    assert b"\\u0000" not in msgspec.json.encode(footprints(entrance))  # and all that is kept can be loaded


def with_fields(product: str, url: str, fields: dict[str, Any]) -> Sent:
    """Return a view with fields in the place of its own; lone surrogates as they can come over the wire."""
    method, target, body = VIEWS[product](url)
    if body:
        told = json.loads(body)
        inner: dict[str, Any] = told.get("payload") or told.get("properties") or told.get("data", [told])[0]
        inner.update(fields)
        return method, target, json.dumps(told).encode()
    return method, f"{target}&" + urlencode(fields, errors="replace"), body


def site_knows(entrance: Entrance, product: str) -> bool:
    return entrance.sites.by_foreign_id(product, IDS[product]) is not None


@trying(max_examples=60, deadline=None, suppress_health_check=RELAXED)
@given(noise=st.binary(max_size=200), at=st.floats(0, 1))
def test_no_bytes_make_a_5xx(
    noise: bytes, at: float, product: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    if not site_knows(entrance, product):
        know(entrance, site, product)
    method, target, body = VIEWS[product]()
    place = int(at * len(body))
    for hostile in (noise, gzip.compress(noise), body[:place] + noise + body[place:], b"[" * 40_000):
        assert send(knock, ("POST" if method == "GET" else method, target.partition("?")[0], hostile))[0] < 500
    assert send(knock, (method, f"{target}&{quote(noise)}", body))[0] < 500
