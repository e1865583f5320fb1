"""Who is logged in, as the page says: sent while consent holds, stored never; and Google's consent mode."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.kit.browser import Web
from tests.snippet.further import have_further
from tests.snippet.identity import (
    MARK,
    NOON,
    STUB,
    beacon_of,
    heard,
    keep_before,
    mark,
    send,
    sent_with,
    stored,
    visit,
    wish,
)

pytestmark = pytest.mark.browser


def _consent(web: Web, page: Page) -> str:
    visit(web, page)
    wish(page, "consent", "granted")
    made = stored(page)
    assert made
    return made


@pytest.mark.parametrize(
    ("given", "sent"),
    [("user-42", "user-42"), ("  ann@example.org\n", "ann@example.org"), (42, "42"), ("x" * 256,) * 2],
)
def test_a_login_goes_with_every_beacon_of_the_page_and_is_stored_nowhere(
    web: Web, page: Page, given: str | int, sent: str
) -> None:
    made = _consent(web, page)
    wish(page, "identify", given)
    assert sent_with(web, page, "one") == (made, sent)
    assert sent_with(web, page, "two") == (made, sent)
    assert stored(page) == made
    visit(web, page, path="/later")
    assert sent_with(web, page, "later") == (made, None)


@pytest.mark.parametrize("given", ["", "   ", "x" * 257, True, False, "half \ud800", "NaN"])
def test_what_is_no_login_is_told_once_and_never_sent(web: Web, page: Page, given: Any) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    web.pages["/favicon.ico"] = lambda path: (200, "image/png", b"", {})
    web.pages["/collect/mode"] = lambda path: (200, "application/json", b"{}", {})
    made = _consent(web, page)
    call = "footfall('identify', NaN)" if given == "NaN" else ""
    if given == "half \ud800":
        call = "footfall('identify', 'half \\ud800')"
    for _ in range(2):
        if call:
            page.evaluate(call)
        else:
            wish(page, "identify", given)
    consent, login = sent_with(web, page)
    assert consent.startswith(made)
    assert login is None
    assert len(heard) == 1
    assert heard[0].startswith("Footfall: identify")
    assert "xxx" not in heard[0]


def test_a_login_alone_reaches_the_collector(web: Web, page: Page) -> None:
    _consent(web, page)
    send(page, "before")
    beacon_of(web, "before")
    page.wait_for_timeout(500)
    wish(page, "identify", "user-42")
    body = web.wait(lambda: next((one.body for one in web.beacons if one.body.get("login") == "user-42"), None))
    assert len(body["events"]) >= 1


def test_consent_alone_reaches_the_collector(web: Web, page: Page) -> None:
    visit(web, page)
    send(page, "before")
    beacon_of(web, "before")
    page.wait_for_timeout(500)
    wish(page, "consent", "granted")
    made = stored(page)
    web.wait(lambda: any(one.body.get("consent") == made for one in web.beacons))


def test_logging_out_ends_it_and_what_went_before_keeps_it(web: Web, page: Page) -> None:
    made = _consent(web, page)
    wish(page, "identify", "ann")
    page.evaluate("footfall('as-ann')")
    wish(page, "identify", None)
    page.evaluate("footfall('as-nobody')")
    wish(page, "identify", "bob")
    assert sent_with(web, page, "as-bob") == (made, "bob")
    assert beacon_of(web, "as-ann")["login"] == "ann"
    # Who was nobody may turn out to be Bob.
    assert beacon_of(web, "as-nobody").get("login") != "ann"


def test_one_after_the_other_are_two(web: Web, page: Page) -> None:
    _consent(web, page)
    wish(page, "identify", "ann")
    page.evaluate("footfall('as-ann'), footfall('identify', 'bob'), footfall('as-bob')")
    page.wait_for_timeout(100)
    sent_with(web, page)
    assert beacon_of(web, "as-ann")["login"] == "ann"
    assert beacon_of(web, "as-bob")["login"] == "bob"


def test_a_login_waits_for_consent(web: Web, page: Page) -> None:
    visit(web, page)
    wish(page, "identify", "user-42")
    assert sent_with(web, page, "before") == (None, None)
    wish(page, "consent", "granted")
    assert sent_with(web, page, "after") == (stored(page), "user-42")


def test_a_login_is_given_anew_after_denial(web: Web, page: Page) -> None:
    _consent(web, page)
    wish(page, "identify", "user-42")
    wish(page, "consent", "denied")
    wish(page, "consent", "granted")
    assert sent_with(web, page) == (stored(page), None)


GTAG = "window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments) };"


@pytest.fixture
def google(web: Web, page: Page) -> Callable[[str, str], None]:
    """Open a page whose tag follows Google's consent mode, after these calls."""
    web.tag = web.tag and web.tag.replace("data-site", 'data-consent="google" data-site')
    page.add_init_script(NOON)

    def go(calls: str, path: str = "/") -> None:
        page.goto(web.page(f"<head><script>{GTAG}{calls}</script>{web.tag}</head><body>Hello</body>", path))
        have_further(page)
        page.wait_for_function(
            "performance.getEntriesByType('resource').some(({ name }) => name.includes('/identity'))"
        )
        heard(page)

    return go


DEFAULT = "gtag('consent', 'default', { ad_storage: 'denied', analytics_storage: 'denied', wait_for_update: 500 });"
UPDATE = "gtag('consent', 'update', {{ analytics_storage: '{}' }});"
GRANTED, DENIED = UPDATE.format("granted"), UPDATE.format("denied")

Google = Callable[..., None]


def test_googles_default_of_denied_is_no_consent_yet(web: Web, page: Page, google: Google) -> None:
    google(DEFAULT)
    assert sent_with(web, page) == (None, None)
    assert stored(page) is None
    page.evaluate(GRANTED)
    send(page, "after")
    made = stored(page)
    assert made and MARK.fullmatch(made)
    assert beacon_of(web, "after")["consent"] == made
    page.evaluate(DENIED)
    assert sent_with(web, page, "then") == ("denied", None)
    assert stored(page) == "denied"


def test_a_mark_is_kept_but_not_sent_until_google_knows_the_answer(web: Web, page: Page, google: Google) -> None:
    google("")
    keep_before(page, mark(page))
    google(DEFAULT, "/later")
    assert sent_with(web, page, "before") == (None, None)
    assert (stored(page) or "").startswith(mark(page))
    page.evaluate(GRANTED)
    assert sent_with(web, page, "after") == (stored(page), None)
    assert (stored(page) or "").startswith(mark(page))


@pytest.mark.parametrize(
    ("calls", "granted"),
    [
        (DEFAULT + GRANTED, True),
        (GRANTED + DENIED, False),
        (DENIED + GRANTED, True),
        ("gtag('consent', 'default', { analytics_storage: 'granted' });", True),
        ("gtag('consent', 'default', { analytics_storage: 'granted', region: ['US'] });", None),
        ("gtag('consent', 'default', { analytics_storage: 'granted' });" + DEFAULT, None),
        ("dataLayer.push(['consent', 'update', { analytics_storage: 'granted' }]);", True),
        ("gtag('consent', 'update', { ad_storage: 'granted' });", None),
        ("gtag('js', new Date()); dataLayer.push({ event: 'consent' }, 'consent');", None),
        ("", None),
    ],
)
def test_googles_words_are_understood(web: Web, page: Page, google: Google, calls: str, granted: bool | None) -> None:
    google(calls)
    consent, _ = sent_with(web, page)
    if granted:
        assert MARK.fullmatch(consent)
    else:
        assert consent == (None if granted is None else "denied")


HOSTILE = (
    "dataLayer.push(null, undefined, 1, 'x', Symbol(), () => {}, { get 0() { throw Error('bent') } },"
    " new Proxy({}, { get() { throw Error('bent') } }), ['consent'], ['consent', 'update', null],"
    " ['consent', 'update', { get analytics_storage() { throw Error('bent') } }],"
    " ['consent', { toString() { throw Error('bent') } }, {}]);"
)


@pytest.mark.parametrize(
    "layer", [HOSTILE, "dataLayer = null", "dataLayer = { length: 1e9 }", "dataLayer = 'consent'", "dataLayer = 7"]
)
def test_entries_that_bend_the_rules_do_no_harm(web: Web, page: Page, google: Google, layer: str) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    google(layer)
    assert sent_with(web, page) == (None, None)
    page.evaluate("window.dataLayer = [['consent', 'update', { analytics_storage: 'granted' }]]")
    assert MARK.fullmatch(sent_with(web, page, "after")[0])
    assert said == []


def test_nothing_of_googles_is_wrapped(page: Page, google: Google) -> None:
    google("window.push = dataLayer.push; window.layer = dataLayer; window.called = gtag;" + GRANTED)
    assert page.evaluate("dataLayer == layer && dataLayer.push == push && gtag == called")
    assert page.evaluate("Object.keys(dataLayer)") == ["0"]


def test_entries_that_were_shifted_away_change_nothing(web: Web, page: Page, google: Google) -> None:
    google(GRANTED)
    sent_with(web, page, "before")
    page.evaluate(f"for (let i = 0; i < 300; i++) dataLayer.push({{ event: i }}); dataLayer.splice(0, 250); {DENIED}")
    assert sent_with(web, page, "after") == ("denied", None)


def test_whoever_spoke_last_is_right(web: Web, page: Page, google: Google) -> None:
    google(GRANTED)
    wish(page, "consent", "denied")
    assert sent_with(web, page, "one") == ("denied", None)
    page.evaluate(GRANTED)
    assert MARK.fullmatch(sent_with(web, page, "two")[0])


def test_without_the_attribute_google_is_not_heard(web: Web, page: Page) -> None:
    visit(web, page, f"<script>{GTAG}{GRANTED}</script>")
    have_further(page)
    assert sent_with(web, page) == (None, None)


def test_wishes_wait_in_the_stub_before_the_script(web: Web, page: Page) -> None:
    made = _consent(web, page)
    page.goto(web.page(f"<head>{STUB}; footfall('identify', 'me')</script>{web.tag}</head><body>Hello</body>", "/b"))
    page.wait_for_function("window.footfall?.live")
    heard(page)
    assert sent_with(web, page) == (made, "me")
    assert {one.body.get("login") for one in web.beacons if one.body["events"][0]["url"].endswith("/b")} == {"me"}
