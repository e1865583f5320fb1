"""Views: loads, reloads, routes, hashes, the back button, and the time people gave them."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from reports.dashboard.tag import script
from tests.kit.browser import Web
from tests.snippet.further import have_further, hold
from tracker.sites import SiteInfo

pytestmark = pytest.mark.browser


def _leave(page: Page) -> None:
    page.goto("about:blank")


def _ready(page: Page) -> None:
    page.wait_for_function("window.footfall?.live")


def _views(web: Web, count: int) -> list[tuple[str, str]]:
    web.wait(lambda: len(web.events("view")) >= count, f"{count} views")
    return [(view["url"].removeprefix(web.url), view["navigation"]) for view in web.events("view")]


def test_a_load_and_a_reload_are_views(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>", "/shop") + "?utm_source=a&token=b")
    _ready(page)
    page.reload()
    _ready(page)
    _leave(page)
    assert _views(web, 2) == [("/shop?utm_source=a", "navigate"), ("/shop?utm_source=a", "reload")]


def test_parameters_that_the_tag_names_are_told_and_no_others(page: Page, web: Web, site: SiteInfo) -> None:
    web.tag = script(f"{web.url}/js/footfall.js", replace(site, query_parameters=frozenset(("page", "f[]", "a.b"))))
    page.goto(
        web.page("<body>Hello</body>", "/shop") + "?token=b&f[]=lamp&page=2&pages=3&axb=4&a.b=5&undefined=6#page=7"
    )
    _ready(page)
    _leave(page)
    assert _views(web, 1) == [("/shop?f[]=lamp&page=2&a.b=5", "navigate")]


def test_a_batch_says_what_its_events_share(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>"))
    _ready(page)
    _leave(page)
    web.wait(lambda: web.beacons)
    body = web.beacons[0].body
    assert {"site", "sent_at", "zone", "language", "viewport", "automated", "events"} == body.keys()
    assert (body["viewport"], body["automated"]) == ([1000, 700], True)
    assert "cookie" not in web.beacons[0].headers
    assert web.beacons[0].headers["content-type"].startswith("text/plain")
    view = body["events"][0]
    assert view["title"] == "Test"
    assert len(view["id"]) == 18 and view["id"].endswith("-0")


def test_routes_are_views_and_hashes_are_not(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>", "/a"))
    _ready(page)
    page.evaluate("history.pushState(0, 0, '/b')")
    page.evaluate("document.title = 'Bee'")
    page.evaluate("location.hash = 'part'")
    page.evaluate("history.replaceState(0, 0, '/c')")
    page.evaluate("history.replaceState(0, 0, '/c')")
    page.go_back()
    _leave(page)
    assert _views(web, 4) == [("/a", "navigate"), ("/b", "history"), ("/c", "history"), ("/b", "back_forward")]
    views = web.events("view")
    assert [view["title"] for view in views] == ["Test", "Bee", "Bee", "Bee"]
    assert views[1]["referrer"] == web.url + "/a"
    assert len({view["id"] for view in views}) == 4


def test_hashes_are_views_where_the_tag_says_so(web: Web, page: Page) -> None:
    web.tag = web.tag and web.tag.replace("data-site", "data-hash data-site")
    page.goto(web.page("<body>Hello</body>", "/a"))
    _ready(page)
    page.evaluate("location.hash = '#/basket?secret=1'")
    page.wait_for_function("location.hash")
    _leave(page)
    assert [url for url, _ in _views(web, 2)] == ["/a", "/a#/basket"]


def test_coming_back_from_the_cache_is_a_view(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>", "/a"))
    _ready(page)
    page.evaluate("""() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))""")
    _leave(page)
    assert _views(web, 2) == [("/a", "navigate"), ("/a", "bfcache")]


def test_a_page_made_ready_in_advance_waits_until_it_is_seen(web: Web, page: Page) -> None:
    page.add_init_script("""Object.defineProperty(document, 'prerendering', { value: true, configurable: true })""")
    page.goto(web.page("<body>Hello</body>", "/a"))
    _ready(page)
    page.evaluate("window.footfall('early')")
    page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))")
    _leave(page)
    assert [url for url, _ in _views(web, 1)] == ["/a"]


def test_only_time_seen_and_focused_counts(web: Web, page: Page) -> None:
    hold(page, 5000)  # all is told at the end, however late that is
    page.goto(web.page("<body style='height:2800px'>Hello</body>"))
    have_further(page)
    page.wait_for_timeout(600)
    page.evaluate("scrollTo(0, 700)")
    seen_ms = page.evaluate(
        """() => { document.hasFocus = () => false; dispatchEvent(new Event('blur'))
            return performance.now() - performance.getEntriesByType('navigation')[0].domInteractive }"""
    )
    page.wait_for_timeout(1500)
    _leave(page)
    web.wait(lambda: web.events("engagement"))
    engaged = web.events("engagement")
    assert 500 <= sum(event["engaged_ms"] for event in engaged) <= seen_ms
    assert max(event["scroll_permille"] for event in engaged) in range(490, 511)


def test_time_belongs_to_the_view_that_had_it(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>", "/a"))
    have_further(page)
    page.wait_for_timeout(400)
    page.evaluate("history.pushState(0, 0, '/b')")
    page.wait_for_timeout(200)
    _leave(page)
    web.wait(lambda: len(web.events("engagement")) >= 2)
    views = {view["id"].split("-")[0]: view["url"] for view in web.events("view")}
    for event in web.events("engagement"):
        assert views[event["id"].split("-")[0]] == event["url"]


def test_custom_events_keep_their_properties(web: Web, page: Page) -> None:
    stub = (
        "<script>window.footfall = window.footfall || function () { (footfall.q = footfall.q || []).push(arguments) };"
    )
    page.goto(web.page(f"{stub} footfall('early', {{ step: 1 }})</script><body>Hello</body>"))
    _ready(page)
    page.evaluate("footfall('signup', { plan: 'pro', paid: false, seats: 3 })")
    page.evaluate("const loop = {}; loop.loop = loop; footfall('broken', loop)")
    _leave(page)
    web.wait(lambda: len(web.events("custom")) == 2)
    assert [(event["name"], event["properties"]) for event in web.events("custom")] == [
        ("early", {"step": 1}),
        ("signup", {"plan": "pro", "paid": False, "seats": 3}),
    ]


def test_own_visits_can_be_left_out_and_counted_again(web: Web, page: Page) -> None:
    url = web.page("<body>Hello</body>", "/a")
    marked = "(mark) => localStorage.footfall == mark"
    page.goto(url + "#footfall-ignore-me")
    page.wait_for_function(marked, arg="ignore-me")
    page.goto(url + "?again")
    _ready(page)
    page.evaluate("footfall('nothing')")
    page.goto(url + "?more#footfall-count-me")
    page.wait_for_function("!localStorage.footfall")
    page.goto(url)
    _ready(page)
    _leave(page)
    assert _views(web, 1) == [("/a", "navigate")]
    assert web.events("custom") == []
