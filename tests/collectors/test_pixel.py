"""The pixel: one view a request, the page told by `url` or by Referer."""

from collections.abc import Iterator
from threading import Thread
from urllib.parse import urlencode

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from collectors.routes import blueprint
from reports.dashboard.tag import picture
from tests.kit.browser import Web
from tests.kit.collect import Knock, footprints
from tests.kit.entrance import Entrance
from tracker.sites import SiteInfo, create_site, describe

PAGE = "https://shop.example/basket"


def ask(knock: Knock, referer: str | None = None, **query: str) -> tuple[int, str | None]:
    headers = {"Referer": referer} if referer else {}
    reply = knock("GET", f"/pixel.gif?{urlencode(query)}", headers=headers)
    assert reply.headers["content-type"] == "image/gif"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.body.startswith(b"GIF89a")
    return reply.status, reply.headers.get("x-footfall-reason")


def test_a_view_is_kept(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    told = {"url": PAGE, "title": "Basket", "referrer": "https://search.example/"}
    assert ask(knock, site=site.key, **told) == (200, None)
    (kept,) = footprints(entrance)
    (view,) = kept.events
    assert (kept.site_id, view.kind, view.url, view.title) == (site.id, "view", PAGE, "Basket")
    assert view.referrer == "search.example/"


def test_without_url_the_referer_is_the_page(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    assert ask(knock, PAGE, site=site.key) == (200, None)
    assert footprints(entrance)[0].events[0].url == PAGE


def test_with_a_name_it_is_a_custom_event_and_no_view(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    assert ask(knock, PAGE, site=site.key, name="order sent") == (200, None)
    (event,) = footprints(entrance)[0].events
    assert (event.kind, event.name, event.url) == ("custom", "order sent", PAGE)
    assert ask(knock, PAGE, site=site.key, name="a" * 65) == (422, "schema")


def test_two_requests_are_two_views(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    for _ in range(2):
        ask(knock, PAGE, site=site.key)
    first, second = footprints(entrance)
    assert first.events[0].id != second.events[0].id


@pytest.mark.parametrize(
    ("referer", "query", "answer"),
    [
        (None, {"url": PAGE}, (422, "schema")),
        (None, {"site": "SITE"}, (422, "schema")),
        (None, {"site": "nosuchsite", "url": PAGE}, (404, "unknown_site")),
        (None, {"site": "SITE", "url": "https://evil.example/"}, (403, "origin")),
        ("https://evil.example/", {"site": "SITE", "url": PAGE}, (403, "origin")),
        (None, {"site": "SITE", "url": "https://shop.example/" + "a" * 5000}, (422, "schema")),
        (None, {"site": "SITE", "url": PAGE, "title": "a" * 20_000}, (413, "too_large")),
        (None, {"site": "SITE", "url": "javascript:alert(1)"}, (403, "origin")),
    ],
)
def test_refused(
    referer: str | None,
    query: dict[str, str],
    answer: tuple[int, str],
    knock: Knock,
    entrance: Entrance,
    site: SiteInfo,
) -> None:
    given = {name: site.key if value == "SITE" else value for name, value in query.items()}
    assert ask(knock, referer, **given) == answer
    assert sum(entrance.refusals.take().values()) == 1
    assert footprints(entrance) == []


@pytest.mark.parametrize("query", ["", "%", "site=%ff", "site=a&" * 30, "&&==;;", "site[]=1", "url=%00"])
def test_no_query_makes_a_5xx(query: str, knock: Knock) -> None:
    assert knock("GET", f"/pixel.gif?{query}", headers={}).status in (400, 404, 422)


@pytest.fixture
def door(entrance: Entrance) -> Iterator[str]:
    """The collectors at an address of their own."""
    app = Flask("collect")
    app.extensions["footfall"] = entrance
    app.register_blueprint(blueprint)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
def test_a_browser_without_scripts_counts_the_page_it_is_on(
    browser: Browser, web: Web, door: str, entrance: Entrance
) -> None:
    with entrance.database.session() as session:
        here = describe(create_site(session, "Here", ["127.0.0.1"]))
    entrance.sites.forget()
    web.tag = None
    page = web.page(f"<h1>Basket</h1>{picture(door, here)}", "/basket")
    for scripts, views in ((True, []), (False, [page])):
        context = browser.new_context(java_script_enabled=scripts)
        context.new_page().goto(page)
        context.close()
        assert [event.url for one in footprints(entrance) for event in one.events] == views
