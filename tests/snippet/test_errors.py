"""Errors of the page's scripts: what they say without what they may betray, each once a view."""

import time
from threading import Event

import pytest
from playwright.sync_api import Page

from tests.kit.browser import STATIC_JS, Response, Web
from tests.snippet.further import leave, properties, told, untold, visit

pytestmark = pytest.mark.browser


LATE = """<script>addEventListener('load', () => {
    const script = document.createElement('script')
    script.src = '/app/shop.js?token=geheim#x'
    document.body.append(script) })</script>"""


def test_errors_tell_what_and_where_before_and_after_this_file_came(web: Web, page: Page) -> None:
    code = b"const sum = (basket) => basket.total\n\nsum()"
    web.pages["/app/shop.js"] = lambda path: (200, "text/javascript", code, {})
    failed = Event()
    page.on("pageerror", lambda error: failed.set())

    def more(path: str) -> Response:
        assert failed.wait(20)
        return 200, "text/javascript", (STATIC_JS / "more.js").read_bytes(), {}

    web.pages["/js/more.js"] = more
    visit(web, page, LATE + "<button id=x onclick='missing()'>Buy</button>")
    page.click("#x")
    page.click("#x")
    leave(page)
    first, second = told(web, "error", 2)
    host = web.url.removeprefix("http://")
    assert properties(first, "source", "line", "rejection") == (host + "/app/shop.js", 1, None)
    assert first["properties"]["message"].startswith("Uncaught TypeError: Cannot read properties of undefined")
    assert first["properties"]["column"] > 20
    assert properties(second, "message", "source") == ("Uncaught ReferenceError: missing is not defined", None)


def test_rejections_tell_where_they_were_made(web: Web, page: Page) -> None:
    web.pages["/pay.js"] = lambda path: (
        200, "text/javascript", b"\nwindow.pay = async () => { throw new RangeError('too much') }", {},
    )  # fmt: skip
    visit(web, page, "<script src=/pay.js></script>")
    page.evaluate("() => { pay() }")
    page.evaluate("() => { Promise.reject('no such basket') }")
    page.evaluate("() => { Promise.reject({ code: 1 }) }")
    page.evaluate("() => { Promise.reject() }")
    leave(page)
    errors = told(web, "error", 4)
    assert properties(errors[0], "message", "line", "rejection") == ("RangeError: too much", 2, True)
    assert errors[0]["properties"]["source"].endswith("/pay.js")
    assert properties(errors[1], "message", "rejection") == ("no such basket", True)
    assert [error["properties"]["message"] for error in errors[2:]] == ["[object Object]", "undefined"]


def test_a_message_of_a_million_letters_costs_nothing(web: Web, page: Page) -> None:
    visit(web, page, "Hello")
    for long in ("x", 'x"', "x,", "1"):
        page.evaluate("(long) => { Promise.reject(Error(long.repeat(1e6))) }", long)
    begun = time.monotonic()
    leave(page)
    assert len(told(web, "error", 4)) == 4
    assert time.monotonic() - begun < 60
    assert max(len(error["properties"]["message"]) for error in web.events("error")) <= 200


def test_the_same_error_is_told_once_a_view_and_at_most_ten_are(web: Web, page: Page) -> None:
    visit(web, page, "<button id=x onclick='missing()'>Buy</button>")
    fail = "(n) => new Promise((done) => setTimeout(() => { setTimeout(done); throw Error('number ' + n) }))"
    for number in [*"abcdefghijklm", *"abc"]:
        page.evaluate(fail, number)
    page.evaluate("history.pushState(0, 0, '/b')")
    page.evaluate(fail, "a")
    leave(page)
    told(web, "error", 11)
    messages = [(error["url"][-2:], error["properties"]["message"][-1]) for error in web.events("error")]
    assert len(messages) == 11
    assert messages[0][1] == "a" and messages[-1] == ("/b", "a")


NOISE = (
    "dispatchEvent(new ErrorEvent('error', { message: 'Script error.' }))",
    "dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop limit exceeded' }))",
    "dispatchEvent(new ErrorEvent('error', { message: 'x', filename: 'chrome-extension://abc/x.js' }))",
    "Promise.reject(new DOMException('gone', 'AbortError'))",
    "document.body.append(Object.assign(new Image(), { src: '/none.png' }))",
)


def test_noise_is_left_out(web: Web, page: Page) -> None:
    visit(web, page, "Hello")
    for work in NOISE:
        page.evaluate(f"() => {{ {work} }}")
    page.wait_for_timeout(200)
    leave(page)
    assert untold(web, "error")


SECRETS = ("anna.kowalska@example.org", "4111111111111111", "7d4f2c1e9b3a4c5d8e6f0a1b2c3d4e5f", "+48 600 700 800")


def test_no_secret_of_a_message_or_an_address_is_sent(web: Web, page: Page) -> None:
    visit(web, page, "Hello")
    for secret in SECRETS:
        page.evaluate("(secret) => { Promise.reject(Error('No user ' + secret)) }", secret)
        page.evaluate("(secret) => { Promise.reject('for ' + secret) }", secret)
        page.evaluate(
            """(secret) => { dispatchEvent(new ErrorEvent('error', { message: 'x ' + secret.length,
                filename: 'https://cdn.example/' + secret + '/a.js?user=geheim', lineno: 1 })) }""",
            secret,
        )
    page.evaluate(
        "() => new Promise((done) => setTimeout(() => { setTimeout(done); JSON.parse('geheim Kowalska, Anna') }))"
    )
    page.evaluate("() => { dispatchEvent(new ErrorEvent('error', { message: 'data', filename: 'data:geheim' })) }")
    leave(page)
    told(web, "error", 10)
    sent = b"".join(beacon.raw for beacon in web.beacons).decode()
    assert [secret for secret in (*SECRETS, "kowalska", "Kowalska", "geheim") if secret in sent] == []
    assert "No user :id" in sent and "invalid JSON" in sent
