"""Consent given, withdrawn, refused by the browser, run out: what is stored then, and what is sent."""

import re
from threading import Event

import pytest
from playwright.sync_api import Page

from tests.kit.browser import STATIC_JS, Response, Web
from tests.snippet.further import HIDE, have_further
from tests.snippet.identity import MARK, STUB, beacon_of, keep, keep_before, mark, send, sent_with, stored, visit, wish

pytestmark = pytest.mark.browser

GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true, configurable: true })"


def test_without_consent_nothing_is_stored_and_no_cookie_set(web: Web, page: Page) -> None:
    visit(web, page)
    have_further(page)
    wish(page, "identify", "user-42")
    assert sent_with(web, page) == (None, None)
    assert stored(page) is None
    assert page.context.cookies() == []
    assert page.evaluate("indexedDB.databases()") == []


@pytest.mark.parametrize("word", ["granted", True])
def test_consent_makes_a_mark_of_today_that_goes_with_every_beacon(web: Web, page: Page, word: str | bool) -> None:
    visit(web, page)
    wish(page, "consent", word)
    made = stored(page)
    assert made and MARK.fullmatch(made)
    assert made.split(".")[1] == mark(page).split(".")[1]
    assert sent_with(web, page, "one") == (made, None)
    assert sent_with(web, page, "two") == (made, None)
    visit(web, page, path="/later")
    assert sent_with(web, page, "three") == (made, None)


def test_consent_given_again_keeps_its_mark_and_its_day(web: Web, page: Page) -> None:
    visit(web, page)
    keep(page, mark(page, days_ago=300))
    wish(page, "consent", "granted")
    assert stored(page) == mark(page, days_ago=300)


def test_two_browsers_get_different_marks(web: Web, page: Page) -> None:
    visit(web, page)
    made = set()
    for _ in range(20):
        wish(page, "consent", "denied")
        wish(page, "consent", "granted")
        made.add((stored(page) or "").split(".")[0])
    assert len(made) == 20


@pytest.mark.parametrize("word", ["denied", False])
def test_consent_withdrawn_takes_the_mark_and_the_login_away(web: Web, page: Page, word: str | bool) -> None:
    visit(web, page)
    wish(page, "consent", "granted")
    wish(page, "identify", "user-42")
    page.evaluate("footfall('waits')")
    wish(page, "consent", word)
    assert stored(page) == "denied"
    assert sent_with(web, page) == ("denied", None)
    # What waited goes as denied, too.
    assert beacon_of(web, "waits")["consent"] == "denied"
    assert "login" not in beacon_of(web, "waits")
    visit(web, page, path="/later")
    assert sent_with(web, page, "later") == ("denied", None)


def test_consent_after_denial_makes_a_fresh_id(web: Web, page: Page) -> None:
    visit(web, page)
    wish(page, "consent", "granted")
    before = stored(page)
    wish(page, "consent", "denied")
    wish(page, "consent", "granted")
    after = stored(page)
    assert before and after and MARK.fullmatch(after)
    assert before.split(".")[0] != after.split(".")[0]
    assert sent_with(web, page) == (after, None)


def test_denial_holds_at_once_even_while_the_further_file_is_coming(web: Web, page: Page) -> None:
    visit(web, page)
    keep(page, mark(page))
    page.evaluate("footfall('waits')")
    page.evaluate(
        """(hide) => { footfall('consent', 'denied'); footfall('after'); (0, eval)('(' + hide + ')')(true) }""", HIDE
    )
    assert beacon_of(web, "waits")["consent"] == "denied"
    assert beacon_of(web, "after")["consent"] == "denied"


BROKEN: dict[str, Response] = {
    "missing": (404, "text/plain", b"", {}),
    "no script": (200, "text/html", b"<p>Sign in to this network</p>", {}),
    "broken": (200, "text/javascript", b"export default (kit) => { throw Error('no') }", {}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_no_event_is_lost_and_denial_holds_where_the_further_file_never_comes(web: Web, page: Page, name: str) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    web.pages["/js/identity.js"] = lambda path: BROKEN[name]
    visit(web, page)
    keep(page, mark(page))
    wish(page, "identify", "user-42")
    assert sent_with(web, page, "one") == (mark(page), None)
    wish(page, "consent", "denied")
    page.evaluate("for (let i = 0; i < 10; i++) footfall('seen' + i)")
    assert beacon_of(web, "seen9")["consent"] == "denied"
    assert said == []


def test_events_wait_for_wishes_that_were_made_before_them(web: Web, page: Page) -> None:
    looked = Event()

    def late(path: str) -> Response:
        assert looked.wait(20)
        return 200, "text/javascript", (STATIC_JS / "identity.js").read_bytes(), {}

    web.pages["/js/identity.js"] = late
    visit(web, page)
    page.evaluate(
        """() => { footfall('consent', 'granted'); footfall('identify', 'user-42')
            for (let i = 0; i < 12; i++) footfall('e' + i) }"""
    )
    page.wait_for_timeout(300)
    assert web.beacons == []
    looked.set()
    body = beacon_of(web, "e11")
    assert (body["consent"], body["login"]) == (stored(page), "user-42")
    assert len(web.events("custom")) == 12


def test_a_page_that_goes_waits_for_nobody(web: Web, page: Page) -> None:
    page.route(re.compile("/identity"), lambda route: None)
    visit(web, page)
    page.evaluate("footfall('identify', 'user-42'), footfall('last')")
    page.goto("about:blank")
    assert "login" not in beacon_of(web, "last")


def test_wishes_of_before_the_script_has_come_are_heard_in_their_order(web: Web, page: Page) -> None:
    calls = (
        "footfall('early'); footfall('consent', 'denied'); footfall('consent', 'granted'); footfall('identify', 'me')"
    )
    visit(web, page, f"{STUB}; {calls}</script>")
    body = beacon_of(web, "early")
    assert (body["consent"], body["login"]) == (stored(page), "me")
    assert MARK.fullmatch(body["consent"])


def test_wishes_are_heard_where_only_clicks_are_wanted(web: Web, page: Page) -> None:
    web.tag = web.tag and web.tag.replace("data-site", "data-only=clicks data-site")
    visit(web, page)
    wish(page, "consent", "granted")
    made = stored(page)
    assert made and sent_with(web, page) == (made, None)


def test_a_browser_that_refuses_gets_no_mark(web: Web, page: Page) -> None:
    page.add_init_script(GPC)
    visit(web, page)
    wish(page, "consent", "granted")
    wish(page, "identify", "user-42")
    assert stored(page) is None
    assert sent_with(web, page) == (None, None)


def test_a_browser_that_begins_to_refuse_loses_its_mark(web: Web, page: Page) -> None:
    visit(web, page)
    keep_before(page, mark(page))
    page.add_init_script(GPC)
    visit(web, page, path="/later")
    page.wait_for_function("!localStorage.footfall")
    assert sent_with(web, page) == (None, None)


@pytest.mark.parametrize(("days", "holds"), [(0, True), (395, True), (396, False), (4000, False), (-30, False)])
def test_a_mark_holds_for_thirteen_months_and_is_never_extended(web: Web, page: Page, days: int, holds: bool) -> None:
    visit(web, page)
    old = mark(page, days_ago=days, printed_days_ago=days)
    keep_before(page, old)
    visit(web, page, path="/later")
    have_further(page)
    page.wait_for_function("performance.getEntriesByType('resource').some(({ name }) => name.includes('/identity'))")
    if holds:
        page.wait_for_timeout(500)
        assert (stored(page) or "").split(".")[:2] == old.split(".")[:2]
    else:
        page.wait_for_function("!localStorage.footfall")
        assert sent_with(web, page) == (None, None)
        wish(page, "consent", "granted")
        assert (stored(page) or old).split(".")[0] != old.split(".")[0]


def test_what_another_tab_withdraws_is_withdrawn_here(web: Web, page: Page) -> None:
    visit(web, page)
    wish(page, "consent", "granted")
    wish(page, "identify", "user-42")
    other = page.context.new_page()
    visit(web, other, path="/other")
    wish(other, "consent", "denied")
    # What one tab stores, another may see late; and a tab behind another has no frames to look at each.
    page.wait_for_function("localStorage.footfall == 'denied'", polling=20)
    assert sent_with(web, page) == ("denied", None)


def test_being_left_out_is_a_wish_too(web: Web, page: Page) -> None:
    visit(web, page)
    wish(page, "consent", "granted")
    send(page, "before")
    beacon_of(web, "before")
    page.evaluate("footfall('waited')")
    wish(page, "optout", True)
    assert stored(page) == "ignore-me"
    send(page, "hidden")
    wish(page, "consent", "granted")
    assert stored(page) == "ignore-me"
    visit(web, page, path="/later")
    send(page, "later")
    wish(page, "optout", False)
    assert stored(page) is None
    assert sent_with(web, page, "after") == (None, None)
    assert {event["name"] for event in web.events("custom")} == {"before", "after"}


OFF = {
    "no storage": "{ get() { throw new DOMException('denied', 'SecurityError') } }",
    "storage that takes nothing": "{ value: new Proxy({}, { set() { throw Error('full') } }) }",
    "nothing for storage": "{ value: null }",
}


@pytest.mark.parametrize("name", OFF)
def test_where_storage_is_off_nobody_is_recognised_and_denial_holds_for_the_page(
    web: Web, page: Page, name: str
) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script(f"Object.defineProperty(window, 'localStorage', {OFF[name]})")
    visit(web, page)
    wish(page, "consent", "granted")
    wish(page, "identify", "user-42")
    assert sent_with(web, page, "granted") == (None, None)
    wish(page, "consent", "denied")
    assert sent_with(web, page, "denied") == ("denied", None)
    wish(page, "consent", "granted")
    assert sent_with(web, page, "again") == (None, None)
    wish(page, "optout", True)
    send(page, "hidden")
    wish(page, "optout", False)
    assert sent_with(web, page, "after") == (None, None)
    assert "hidden" not in {event["name"] for event in web.events("custom")}
    assert said == []


def test_what_it_does_not_know_is_told_once_and_sent_never(web: Web, page: Page) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"{message.type} {message.text}"))
    web.pages["/favicon.ico"] = lambda path: (200, "image/png", b"", {})
    visit(web, page)
    for call in (["consent", "perhaps"], ["toString", "x"], ["optout", "yes"], ["signup", "pro"]):
        wish(page, *call)
    assert len(heard) == 1
    assert heard[0].startswith("warning Footfall: ")
    assert sent_with(web, page) == (None, None)
    assert stored(page) is None
    assert {event["name"] for event in web.events("custom")} == {"now"}
