"""The overlay's two addresses: a token once, in time, from its own site's pages; a session for heatmaps alone."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import travel
from werkzeug.test import TestResponse

from tests.kit.pages import Person, dead_click, load, member, visit_of
from tracker.access import create_key
from tracker.clock import utc_now
from tracker.house import House
from tracker.models import OverlayToken
from tracker.overlays import SESSION_LASTS, TOKEN_LASTS, create_overlay_token
from tracker.sites import SiteInfo, create_site, describe

HOME = "https://shop.example"
SCOPE = "path=%2Flamp&screen=all&range=7d"


@pytest.fixture
def other(house: House) -> SiteInfo:
    with house.database.session() as session:
        return describe(create_site(session, "Other", ["other.example"]))


def token_for(house: House, site: SiteInfo) -> str:
    with house.database.session() as session:
        return create_overlay_token(session, site.id, SCOPE)


def trade(client: FlaskClient, token: str, origin: str | None = HOME) -> TestResponse:
    headers = {"Origin": origin} if origin else {}
    return client.post("/overlay/session", data=token, headers=headers)


def session_of(client: FlaskClient, house: House, site: SiteInfo) -> str:
    traded = trade(client, token_for(house, site), f"https://{site.hosts[0]}")
    assert traded.status_code == 200
    return str(traded.json["session"])


def heatmap(client: FlaskClient, session: str, origin: str = HOME, **query: str) -> TestResponse:
    headers = {"Origin": origin, "Authorization": f"Bearer {session}"}
    return client.get("/overlay/heatmap", query_string={"path": "/lamp", **query}, headers=headers)


def test_a_token_opens_its_sites_heatmap(client: FlaskClient, house: House, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {"url": f"{HOME}/lamp"}, dead_click("main>button", "Buy now", url=f"{HOME}/lamp")))
    traded = trade(client, token_for(house, shop), "https://www.shop.example")
    assert traded.headers["Access-Control-Allow-Origin"] == "https://www.shop.example"
    assert traded.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Credentials" not in traded.headers
    assert (traded.json["scope"], traded.json["site"], traded.json["expires_s"]) == (SCOPE, shop.name, 3600)
    found = heatmap(client, traded.json["session"], range="7d", screen="all")
    assert found.headers["Access-Control-Allow-Origin"] == HOME
    assert [(one["element"], one["dead"]) for one in found.json["elements"]] == [("main>button", 1)]


def test_a_token_works_once(client: FlaskClient, house: House, shop: SiteInfo) -> None:
    token = token_for(house, shop)
    assert [trade(client, token).status_code for _ in range(3)] == [200, 403, 403]


def test_a_token_gets_too_old(client: FlaskClient, house: House, shop: SiteInfo) -> None:
    token = token_for(house, shop)
    with travel(utc_now() + TOKEN_LASTS + timedelta(seconds=1), tick=False):
        assert trade(client, token).status_code == 403


def test_a_session_gets_too_old(client: FlaskClient, house: House, shop: SiteInfo) -> None:
    session = session_of(client, house, shop)
    with travel(utc_now() + SESSION_LASTS - timedelta(minutes=1), tick=False):
        assert heatmap(client, session).status_code == 200
    with travel(utc_now() + SESSION_LASTS + timedelta(seconds=1), tick=False):
        assert heatmap(client, session).status_code == 403


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "https://shop.example.evil.example", "https://other.example", "x"]
)
def test_a_token_is_for_pages_of_its_own_site(
    client: FlaskClient, house: House, shop: SiteInfo, other: SiteInfo, origin: str | None
) -> None:
    token = token_for(house, shop)
    refused = trade(client, token, origin)
    assert refused.status_code == 403
    # only pages of this house may read why
    readable = refused.headers.get("Access-Control-Allow-Origin")
    assert readable == (origin if origin == "https://other.example" else None)
    assert trade(client, token).status_code == 200, "a refusal does not use it up"


def test_a_session_is_for_pages_of_its_own_site(
    client: FlaskClient, house: House, shop: SiteInfo, other: SiteInfo
) -> None:
    session = session_of(client, house, shop)
    for origin in ("https://evil.example", "https://other.example", "null"):
        assert heatmap(client, session, origin).status_code == 403
    assert heatmap(client, session).status_code == 200


def test_a_session_reads_its_own_sites_heatmap_alone(
    client: FlaskClient, house: House, shop: SiteInfo, other: SiteInfo
) -> None:
    load(house, visit_of(other, {"url": "https://other.example/lamp"}))
    session = session_of(client, house, shop)
    assert heatmap(client, session).json["views"] == 0
    bearer = {"Authorization": f"Bearer {session}", "Origin": HOME}
    for path in (
        "/api/v1/sites",
        f"/api/v1/sites/{shop.key}/heatmap?path=/lamp",
        f"/api/v1/sites/{shop.key}/reports/overview",
        f"/api/v1/sites/{shop.key}/events",
    ):
        assert client.get(path, headers=bearer).status_code == 401
    assert client.get(f"/sites/{shop.key}/", headers=bearer).status_code == 302


def test_no_other_word_opens_a_heatmap(client: FlaskClient, house: House, shop: SiteInfo, owner: Person) -> None:
    with house.database.session() as session:
        key = create_key(session, "all", ["read"])
    for word in ("", "x" * 43, key, token_for(house, shop)):
        assert heatmap(client, word).status_code == 403
    # nor does being signed in
    assert owner.get("/overlay/heatmap?path=/lamp", headers={"Origin": HOME}).status_code == 403
    for word in ("", "x" * 43, "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), "x" * 100_000):
        assert trade(client, word).status_code == 403
    assert trade(client, session_of(client, house, shop)).status_code == 403


def test_only_hashes_are_kept_and_old_ones_go(house: House, shop: SiteInfo, client: FlaskClient) -> None:
    token = token_for(house, shop)
    opened = session_of(client, house, shop)
    with house.database.session() as session:
        kept = session.scalars(select(OverlayToken.token_hash)).all()
    assert len(kept) == 2
    assert not {token, opened} & set(kept)
    with travel(utc_now() + timedelta(hours=2), tick=False):
        token_for(house, shop)
        with house.database.session() as session:
            assert len(session.scalars(select(OverlayToken)).all()) == 1


@pytest.mark.parametrize("path", ["/overlay/session", "/overlay/heatmap"])
def test_a_browser_may_ask_before_from_a_page_of_any_site(client: FlaskClient, shop: SiteInfo, path: str) -> None:
    asked = client.options(path, headers={"Origin": HOME})
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == HOME
    assert asked.headers["Access-Control-Allow-Headers"] == "authorization"
    refused = client.options(path, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_other_methods_are_refused(client: FlaskClient, house: House, shop: SiteInfo) -> None:
    headers = {"Origin": HOME}
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        assert client.open("/overlay/session", method=method, headers=headers).status_code == 405
    for method in ("POST", "PUT", "DELETE"):
        assert client.open("/overlay/heatmap", method=method, headers=headers).status_code == 405


def test_wrong_words_are_told(client: FlaskClient, house: House, shop: SiteInfo) -> None:
    session = session_of(client, house, shop)
    for wrong in ({"screen": "huge"}, {"range": "never"}, {"path": "lamp"}, {"filter": "x"}, {"site": "other"}):
        refused = heatmap(client, session, **wrong)
        assert refused.status_code == 422, wrong
        assert refused.headers["Access-Control-Allow-Origin"] == HOME


def test_who_may_read_the_site_may_open_it(house: House, owner: Person, shop: SiteInfo, stranger: Person) -> None:
    page, to = f"/sites/{shop.key}/heatmap", f"/sites/{shop.key}/heatmap/open"
    load(house, visit_of(shop, {"url": f"{HOME}/lamp"}))
    form = {"address": f"{HOME}/lamp?open=1", "scope": SCOPE}
    opened = owner.send(page, form, to=to)
    assert opened.status_code == 303
    address, _, token = opened.location.partition("#footfall-overlay=")
    assert address == f"{HOME}/lamp?open=1"
    assert trade(owner.client, token).json["scope"] == SCOPE
    assert owner.client.post(to, data=form).status_code == 400, "without the form's token"
    assert stranger.client.post(to, data=form).status_code in (302, 400)


def test_it_speaks_the_language_of_the_page_that_it_was_opened_from(
    house: House, owner: Person, shop: SiteInfo
) -> None:
    load(house, visit_of(shop, {"url": f"{HOME}/lamp"}))
    page = f"/sites/{shop.key}/heatmap"
    form = {"address": f"{HOME}/lamp", "scope": "path=%2Flamp&screen=all&filter="}
    opened = owner.send(page, form, to=f"{page}/open", headers={"Accept-Language": "fa"})
    found = trade(owner.client, opened.location.partition("=")[2]).json
    assert (found["language"], found["direction"]) == ("fa", "rtl")
    assert found["words"]["close"] != "Close"
    assert found["scope"] == form["scope"], "what is asked stays as it was, blanks too"
    refused = heatmap(owner.client, found["session"], screen="huge")
    assert "screen" in refused.json["field"]
    assert "must be" not in refused.json["detail"]


def test_a_scope_that_is_too_long_is_refused_rather_than_cut(house: House, owner: Person, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {"url": f"{HOME}/lamp"}))
    page = f"/sites/{shop.key}/heatmap"
    longest = "path=%2F".ljust(4096, "a")
    opened = owner.send(page, {"address": HOME, "scope": longest}, to=f"{page}/open")
    assert trade(owner.client, opened.location.partition("=")[2]).json["scope"] == longest
    refused = owner.send(page, {"address": HOME, "scope": f"{longest}a"}, to=f"{page}/open")
    assert (refused.status_code, "4,096" in refused.text) == (400, True)


def test_a_viewer_may_open_it(house: House, owner: Person, shop: SiteInfo) -> None:
    viewer = member(house, owner.client.application, shop, "viewer")
    load(house, visit_of(shop, {"url": f"{HOME}/lamp"}))
    sent = viewer.send(f"/sites/{shop.key}/heatmap", {"address": HOME}, to=f"/sites/{shop.key}/heatmap/open")
    assert sent.status_code == 303


@pytest.mark.parametrize(
    "address",
    [
        "", "javascript:alert(1)", "https://evil.example/", "https://shop.example@evil.example/", "//evil.example",
        "https://evil.example/shop.example", "https://shop.example\\@evil.example", "ftp://shop.example/", "/lamp",
        "https://xshop.example/", "https://[", "https://shop.example/\r\nX: y", "https://shop.example/" + "x" * 3000,
    ],
)  # fmt: skip
def test_the_way_leads_nowhere_but_to_the_site(house: House, owner: Person, shop: SiteInfo, address: str) -> None:
    load(house, visit_of(shop, {"url": f"{HOME}/lamp"}))
    page = f"/sites/{shop.key}/heatmap"
    assert owner.send(page, {"address": address, "scope": SCOPE}, to=f"{page}/open").status_code == 400
    with house.database.session() as session:
        assert not session.scalars(select(OverlayToken)).all()
