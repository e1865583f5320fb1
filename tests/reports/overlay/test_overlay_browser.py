"""The heatmap over a live page, in Chromium: real clicks through a real server, seen again where they fell."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.kit.browser import STATIC_JS, Web
from tests.kit.house import Server, view_event
from tests.reports.overlay.desk import (
    colour_at,
    colour_on_screen,
    is_hot,
    open_overlay,
    place_of,
    press,
    wait_for_drawing,
    wait_for_words,
    words_of,
)
from tests.reports.overlay.live import LIVE, SCRIPT, STRICT, STYLE
from tests.snippet.further import HIDE
from tracker.clock import now_ms

pytestmark = pytest.mark.browser

Events = Callable[[], list[dict[str, Any]]]
CLASSES = {"small": 390, "large": 1280, "wide": 1500}
HEIGHT = 800


@pytest.fixture(scope="session")
def person(server: Server) -> tuple[str, str]:
    return server.add_owner("heat@example.org")


@pytest.fixture
def live(server: Server, web: Web) -> str:
    """The live page under a policy that allows next to nothing, with the tag of a site; returns the site's key."""
    key = server.add_site("Lamps", "127.0.0.1")
    web.tag = f'<script async data-site="{key}" src="{server.url}/js/footfall.js"></script>'
    web.pages["/live.css"] = lambda _: (200, "text/css", STYLE.encode(), {})
    web.pages["/live.js"] = lambda _: (200, "text/javascript", SCRIPT.encode(), {})
    web.headers = {"Content-Security-Policy": STRICT.format(server=server.url), "X-Frame-Options": "DENY"}
    web.page(LIVE, "/lamps")
    return key


@pytest.fixture(scope="module")
def desk(browser: Browser, server: Server, person: tuple[str, str]) -> Iterator[BrowserContext]:
    """The owner's browser, signed in."""
    context = browser.new_context(viewport={"width": CLASSES["large"], "height": HEIGHT}, base_url=server.url)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#email", person[0])
    page.fill("#password", person[1])
    page.click("main button")
    page.wait_for_url("**/sites**")
    yield context
    context.close()


def visitor(browser: Browser, web: Web, width: int, work: Callable[[Page], None]) -> None:
    """Look at the live page in a window of that width, do something, and go away."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT})
    page = context.new_page()
    page.goto(web.url + "/lamps")
    page.wait_for_function("() => Boolean(window.footfall)")
    work(page)
    # what a page sends as it goes would be broken off when its browser goes as well
    with page.expect_response(lambda answer: '"click"' in (answer.request.post_data or "")):
        page.evaluate(HIDE, True)
    context.close()


def click_about(page: Page) -> None:
    for selector in ("#buy", "#switch >> button", "#gone", "#buy"):
        page.locator(selector).click()
        page.wait_for_timeout(80)


@pytest.fixture(scope="session")
def key(server: Server) -> str:
    return server.add_key()


@pytest.fixture
def events(server: Server, live: str, key: str) -> Events:
    """Return what was stored of the live page."""

    def stored() -> list[dict[str, Any]]:
        server.wait_until_loaded()
        headers = {"Authorization": f"Bearer {key}"}
        status, body = server.request("GET", f"/api/v1/sites/{live}/events", headers=headers)
        assert status == 200, body
        return [json.loads(line) for line in body.splitlines()]

    return stored


def wait_for_clicks(events: Events, clicks: int) -> None:
    until = time.monotonic() + 20
    while sum(event["kind"] == "click" for event in events()) < clicks:
        assert time.monotonic() < until, f"not {clicks} clicks: {events()}"
        time.sleep(0.05)


def send_clicks(server: Server, web: Web, site: str, *clicks: dict[str, Any]) -> None:
    """Send one view of the live page with these clicks, as from a window of the large class."""
    view = view_event(web.url + "/lamps")
    genuine = {"kind": "click", "affordance": "native", "trusted": True, "watched_after_ms": 7000, "at": now_ms()}
    made = [{**view, **genuine, "id": f"{view['id'][:-2]}-{n}", **told} for n, told in enumerate(clicks, 1)]
    assert server.post(site, [view, *made], web.url, viewport=[CLASSES["large"], HEIGHT])[0] == 202
    server.wait_until_loaded()


@pytest.mark.parametrize("screen", CLASSES)
def test_clicks_are_seen_where_they_fell(
    browser: Browser, web: Web, live: str, desk: BrowserContext, events: Events, screen: str
) -> None:
    visitor(browser, web, CLASSES[screen], click_about)
    wait_for_clicks(events, 4)
    seen_before = len(events())
    page = open_overlay(desk, web, live, screen=screen)
    page.set_viewport_size({"width": CLASSES[screen], "height": HEIGHT})
    page.wait_for_function("width => innerWidth == width", arg=CLASSES[screen])
    wait_for_drawing(page)
    said = wait_for_words(page, "Views: 1. Clicks: 4, on elements: 3.")
    assert any("Buy now" in name and name.endswith("2") for name in said), said
    assert any("“Light”" in name or "“Dark”" in name for name in said), said
    press(page, "Fold")
    wait_for_words(page, "Unfold")
    for selector, hot in {"#buy": True, "#switch >> button": True, "#gone": True, "button.quiet": False}.items():
        assert is_hot(colour_at(page, selector)) is hot, selector

    # nothing of the link is left, and the visit of whoever looks is none
    assert "footfall-overlay" not in page.url
    page.keyboard.press("Escape")
    expect(page.locator("footfall-overlay")).to_have_count(0)
    assert not is_hot(colour_at(page, "#gone"))
    page.locator("#buy").click()
    page.close()
    assert len(events()) == seen_before


def test_layers_and_the_list(server: Server, web: Web, live: str, desk: BrowserContext) -> None:
    middle = {"offset_x": 500, "offset_y": 500}
    works = {"element": "#gone", "element_text": "Only today", "mutation_ms": 20, **middle}
    send_clicks(server, web, live, {"element": "#buy", "element_text": "Buy now", **middle}, works, works)
    read = {"kind": "engagement", "engaged_ms": 4000, "scroll_permille": 500, "attention_ms": [3000] * 10 + [0] * 10}
    view = view_event(web.url + "/lamps")
    assert server.post(live, [view, {**view, **read, "id": f"{view['id'][:-2]}-1"}], web.url)[0] == 202
    server.wait_until_loaded()
    page = open_overlay(desk, web, live, screen="all", layer="dead")
    said = wait_for_words(page, "“Buy now”")
    assert not any("“Only today”" in name for name in said), "it answered"
    assert is_hot(colour_at(page, "#buy"))
    press(page, "Clicks")
    said = wait_for_words(page, "“Only today”")
    assert [name[:6] for name in said if "“" in name and "#" in name][:2] == ["“Only ", "“Buy n"]
    page.mouse.move(*place_of(page, "“Only today”"))
    page.keyboard.press("Tab")
    for _ in range(40):  # the whole panel is walked by the keyboard alone, and ends in the page
        page.keyboard.press("Tab")
    press(page, "“Only today”")
    page.wait_for_function("scrollY > 500")

    press(page, "Scrolling")
    wait_for_words(page, "45–50% of the page 100%", "50–55% of the page 0%")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    seen, unseen = colour_on_screen(page, 700, 300), (255, 255, 255)
    assert seen != unseen
    press(page, "Attention")
    wait_for_words(page, "45–50% of the page 3.0 s")

    with page.expect_download() as download:
        press(page, "PNG")
    assert download.value.suggested_filename == "heatmap-attention.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    wait_for_words(page, "no script may read a page's own pixels")
    page.close()


def test_what_is_gone_is_drawn_where_it_was(server: Server, web: Web, live: str, desk: BrowserContext) -> None:
    send_clicks(
        server,
        web,
        live,
        {"element": "main>aside>button", "element_text": "Old", "page_x": 600, "page_y": 640},
        {"element": "#oldbar>a", "element_text": "Fixed", "fixed": True, "page_x": 300, "page_y": 640},
    )
    page = open_overlay(desk, web, live, screen="all")
    wait_for_words(page, "Of those listed, not on the page now: 2.", "Not here now: main>aside>button")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert is_hot(colour_on_screen(page, 0.6 * wide, 640))
    assert not is_hot(colour_on_screen(page, 0.3 * wide, 640)), "what stayed on the screen has no place on the page"
    page.close()


HOSTILE = (
    '"><img src=x onerror=alert(1)>',
    "<script>alert(1)</script>",
    '[data-testid="x"],body',
    "#buy,#gone",
    "body:has(#buy)",
    ">>>>>>",
    "a:nth-of-type(999999999999999999999)",
    "constructor>__proto__",
    "#bar>nav>a\\",
)


def test_words_of_visitors_stay_words(server: Server, web: Web, live: str, desk: BrowserContext) -> None:
    send_clicks(server, web, live, *({"element": text, "element_text": text[:64]} for text in HOSTILE))
    page = open_overlay(desk, web, live, screen="all")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("dialog", lambda dialog: broken.append(dialog.message))
    said = wait_for_words(page, "<img src=x onerror=alert(1)>")
    assert any("#buy,#gone" in name for name in said)
    assert any(f"Of those listed, not on the page now: {len(HOSTILE)}." in name for name in said)
    assert page.locator("img").count() == 0
    assert not is_hot(colour_at(page, "#buy"))
    assert broken == []
    page.close()


def test_a_link_works_once_and_says_so(server: Server, web: Web, live: str, desk: BrowserContext) -> None:
    page = desk.new_page()
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    page.goto(f"/sites/{live}/heatmap?path=/lamps&screen=all")
    page.get_by_label("See it on the live page").fill(web.url + "/lamps#own")
    token: list[str] = []
    desk.on("response", lambda response: token.append(response.headers.get("location", "")))
    with desk.expect_page() as opened:
        page.get_by_role("button", name="Open on the live page").click()
    live_page = opened.value
    wait_for_words(live_page, "Views: 0. Clicks: 0")
    assert live_page.url == web.url + "/lamps#own", "the page's own hash stays"
    [location] = [one for one in token if "#" in one]
    live_page.goto("about:blank")
    live_page.goto(location)
    wait_for_words(live_page, "This link was used already")
    secret = location.partition("=")[2]
    assert not [url for url in asked if secret in url.partition("#")[0]], "never in a query"
    page.close()


def test_what_no_answer_came_for_is_drawn_no_more_and_can_be_asked_for_again(
    server: Server, web: Web, live: str, desk: BrowserContext
) -> None:
    send_clicks(server, web, live, {"element": "#buy", "element_text": "Buy now", "offset_x": 500, "offset_y": 500})
    page = open_overlay(desk, web, live, screen="all")
    assert is_hot(colour_at(page, "#buy"))
    page.route("**/overlay/heatmap*", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    page.evaluate("history.pushState(null, '', '/chairs')")
    said = wait_for_words(page, "Footfall does not answer just now.")
    assert not any("“Buy now”" in name or "/lamps" in name for name in said), "they are another page's"
    assert not is_hot(colour_at(page, "#buy"))
    page.unroute("**/overlay/heatmap*")
    page.evaluate("history.pushState(null, '', '/lamps')")
    wait_for_words(page, "“Buy now”")
    page.close()


def test_what_was_chosen_last_is_drawn_though_an_earlier_answer_came_later(
    server: Server, web: Web, live: str, desk: BrowserContext
) -> None:
    page = open_overlay(desk, web, live, screen="all")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/overlay/heatmap*path=%2Fchairs*", hold)
    with page.expect_request("**/overlay/heatmap*path=%2Fchairs*"):
        page.evaluate("history.pushState(null, '', '/chairs')")
    page.evaluate("history.pushState(null, '', '/tables')")
    wait_for_words(page, "Heatmap of /tables")
    with page.expect_request_finished(lambda request: "path=%2Fchairs" in request.url):
        held[0].continue_()
    page.evaluate("new Promise(requestAnimationFrame)")  # what came is looked at by then
    wait_for_words(page, "Heatmap of /tables", "Views: 0.")
    assert not any("/chairs" in name for name in words_of(page))
    page.close()


def test_a_pinned_tag_loads_its_own_overlay(server: Server, web: Web, live: str, desk: BrowserContext) -> None:
    newest = json.loads((STATIC_JS / "versions.json").read_text())[0]
    web.tag = (
        f'<script async data-site="{live}" src="{server.url}/js/{newest["file"]}" '
        f'integrity="{newest["integrity"]}" crossorigin="anonymous"></script>'
    )
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    page = open_overlay(desk, web, live, screen="all")
    assert "Heatmap of /lamps" in words_of(page)
    assert [url for url in asked if "/js/versions/overlay-" in url]
    page.close()
