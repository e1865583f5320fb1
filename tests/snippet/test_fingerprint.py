"""The description of a browser: when it is made at all, what is in it, and that nobody notices."""

import gzip
import json
import re
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.kit.browser import JSON, STATIC_JS, Response, Web
from tests.snippet.further import have_further
from tests.snippet.identity import heard, keep_before, mark, send, sent_with, serve_mode, stored, visit, wish

pytestmark = pytest.mark.browser

FIELDS = {
    "platform", "architecture", "model", "platform_version", "gpu_vendor", "gpu_renderer", "screen", "pixel_ratio",
    "languages", "fonts", "canvas", "touch", "storage", "cores", "memory", "color_gamut", "plugins",
}  # fmt: skip
TEXT_OF = {
    "screen": r"\d+x\d+x\d+",
    "fonts": r"[0-9a-f]{1,8}",
    "canvas": r"[0-9a-f]{16}",
    "plugins": r"[0-9a-f]{16}",
    "gpu_vendor": r"[0-9a-f]{16}",
    "gpu_renderer": r"[0-9a-f]{16}",
}
NUMBERS = {"touch", "storage", "cores", "memory"}
# How often it asks for idle time when the clock goes on by so many ms at each look.
TURNS = """async (step) => {
    const { default: describe } = await import('/js/fingerprint.js?' + Math.random())
    const idle = window.requestIdleCallback, now = performance.now.bind(performance)
    let turns = 0, clock = now()
    performance.now = () => (clock += step)
    window.requestIdleCallback = (work) => { turns++; idle(work) }
    await describe()
    window.requestIdleCallback = idle
    performance.now = now
    return turns }"""
DESCRIBE = "async () => (await import('/js/fingerprint.js')).default()"


def _asked(page: Page, name: str) -> int:
    count: int = page.evaluate(
        "(name) => performance.getEntriesByType('resource').filter((one) => one.name.includes(name)).length", name
    )
    return count


def _fingerprint(web: Web) -> JSON:
    found: JSON = web.wait(
        lambda: next((one.body["fingerprint"] for one in web.beacons if "fingerprint" in one.body), None),
        "a fingerprint",
    )
    return found


def _describe(page: Page) -> JSON:
    fields: JSON = page.evaluate(DESCRIBE)
    return fields


def test_it_is_small() -> None:
    assert len(gzip.compress((STATIC_JS / "fingerprint.js").read_bytes(), 9)) <= 3072


def test_what_a_strict_policy_forbids_and_what_asks_the_visitor_is_not_in_it() -> None:
    code = (STATIC_JS / "fingerprint.js").read_text()
    for word in ("eval(", "innerHTML", "new Function", "document.write", ".cookie", ".style", "blob:", "Worker",
                 "append", "queryLocalFonts", "getUserMedia", "geolocation", "permissions", "setItem"):  # fmt: skip
        assert word not in code.replace(".cookieEnabled", "")


def test_after_consent_a_site_that_stitches_gets_it_once_a_day(web: Web, page: Page) -> None:
    asked = serve_mode(web, "stitched")
    visit(web, page)
    wish(page, "consent", "granted")
    page.wait_for_function("localStorage.footfall.split('.').length == 3")
    send(page, "now")
    fields = _fingerprint(web)
    made = (stored(page) or "").split(".")
    assert made[1] == made[2]
    assert len(asked) == 1
    visit(web, page, path="/later")
    have_further(page)
    page.wait_for_function("performance.getEntriesByType('resource').some(({ name }) => name.includes('/identity'))")
    heard(page)
    page.wait_for_timeout(800)
    assert _asked(page, "identity") == 1
    assert (_asked(page, "fingerprint"), len(asked)) == (0, 1)
    # Tomorrow again, and the mark's day stays.
    keep_before(page, mark(page, days_ago=3, printed_days_ago=1))
    web.beacons.clear()
    visit(web, page, path="/tomorrow")
    page.wait_for_function("(mark) => localStorage.footfall == mark", arg=mark(page, days_ago=3, printed_days_ago=0))
    send(page, "now")
    assert _fingerprint(web) == fields


@pytest.mark.parametrize("mode", ["count", "cookieless", "consented"])
def test_no_other_mode_loads_it(web: Web, page: Page, mode: str) -> None:
    asked = serve_mode(web, mode)
    visit(web, page)
    wish(page, "consent", "granted")
    page.wait_for_function("localStorage.footfall.split('.').length == 3")  # it has heard which mode it is
    assert (_asked(page, "fingerprint"), len(asked)) == (0, 1)
    sent_with(web, page)
    assert not any("fingerprint" in beacon.body for beacon in web.beacons)


@pytest.mark.parametrize("word", [None, "denied", "ignore-me"])
def test_without_consent_neither_it_nor_the_mode_is_asked_for(web: Web, page: Page, word: str | None) -> None:
    asked = serve_mode(web, "stitched")
    visit(web, page)
    if word:
        keep_before(page, word)
    visit(web, page, path="/later")
    wish(page, "identify", "user-42")
    have_further(page)
    page.wait_for_timeout(800)
    assert (_asked(page, "fingerprint"), asked) == (0, [])


def test_consent_withdrawn_while_it_is_made_keeps_it_here(web: Web, page: Page) -> None:
    withdrawn = Event()

    def mode(path: str) -> Response:
        assert withdrawn.wait(20)
        return 200, "application/json", b'{"mode": "stitched"}', {}

    web.pages["/collect/mode"] = mode
    visit(web, page)
    wish(page, "consent", "granted")
    wish(page, "consent", "denied")
    withdrawn.set()
    page.wait_for_function("performance.getEntriesByType('resource').some(({ name }) => name.includes('/fingerprint'))")
    _describe(page)  # which is done after the one that began before
    page.wait_for_timeout(300)
    assert sent_with(web, page) == ("denied", None)
    assert not any("fingerprint" in beacon.body for beacon in web.beacons)
    assert stored(page) == "denied"


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"mode": 1}', b"<p>Sign in</p>"])
def test_an_answer_that_says_nothing_is_asked_for_again_or_taken_for_no(web: Web, page: Page, answer: bytes) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    web.pages["/collect/mode"] = lambda path: (200, "application/json", answer, {})
    visit(web, page)
    wish(page, "consent", "granted")
    page.wait_for_timeout(800)
    assert _asked(page, "fingerprint") == 0
    assert said == []


def test_its_fields_are_short_texts_and_whole_numbers_of_known_names(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>"))
    fields = _describe(page)
    assert fields.keys() <= FIELDS
    assert fields.keys() >= TEXT_OF.keys() | NUMBERS - {"memory"} | {"platform", "languages"}
    for name, value in fields.items():
        if name in NUMBERS:
            assert isinstance(value, int)
        else:
            assert re.fullmatch(TEXT_OF.get(name, r".{1,256}"), value), (name, value)
    assert len(json.dumps(fields)) < 1200


def test_it_is_the_same_again_and_in_another_tab_and_after_a_restart(web: Web, browser: Browser) -> None:
    found = []
    for _ in range(2):
        context = browser.new_context(viewport={"width": 1000, "height": 700})
        for _ in range(2):
            page = context.new_page()
            page.goto(web.page("<body>Hello</body>"))
            found.append(_describe(page))
            found.append(_describe(page))
        context.close()
    assert all(one == found[0] for one in found)


def _emulate(page: Page, **metrics: Any) -> None:
    session = page.context.new_cdp_session(page)
    shown = {"mobile": False, "deviceScaleFactor": 1, **metrics}
    session.send("Emulation.setDeviceMetricsOverride", shown)
    page.wait_for_function(
        "([width, ratio]) => screen.width == width && Math.abs(devicePixelRatio - ratio) < 0.001",
        arg=[shown["screenWidth"], shown["deviceScaleFactor"]],
    )


def test_it_survives_zoom_and_a_window_of_another_size(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>"))
    screen = {"screenWidth": 1920, "screenHeight": 1080}
    _emulate(page, width=1600, height=900, **screen)
    before = _describe(page)
    assert before["screen"].startswith("1920x1080x")
    # Zoom makes the page's pixels larger and fewer; the screen stays.
    for zoom in (0.8, 1.5, 2):
        _emulate(page, width=int(1600 / zoom), height=int(900 / zoom), deviceScaleFactor=zoom, **screen)
        assert page.evaluate("devicePixelRatio") == pytest.approx(zoom)
        assert _describe(page) == before
    _emulate(page, width=640, height=480, **screen)
    assert _describe(page) == before


def test_a_phone_on_its_side_is_the_same_phone(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>"))
    found = []
    for angle, kind, width, height in ((0, "portraitPrimary", 412, 915), (90, "landscapePrimary", 915, 412)):
        turned = {"type": kind, "angle": angle}
        sizes = {"width": width, "height": height, "screenWidth": width, "screenHeight": height}
        _emulate(page, mobile=True, deviceScaleFactor=2.625, screenOrientation=turned, **sizes)
        found.append(_describe(page)["screen"])
    assert found[0] == found[1]
    assert found[0].startswith("412x915x")


def test_fonts_of_the_page_change_nothing(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>"))
    before = _describe(page)
    page.goto(web.page("<head><style>* { font: 40px monospace; zoom: 1.5; letter-spacing: 9px }</style></head>Hello"))
    assert _describe(page) == before


def test_it_knows_a_font_that_is_there(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>"))
    fonts = int(_describe(page)["fonts"], 16)
    names = re.findall(r'"([^"]*Aptos[^"]*)"', (STATIC_JS / "src" / "fingerprint" / "fonts.js").read_text())
    assert names
    page.evaluate(
        """() => { const measure = CanvasRenderingContext2D.prototype.measureText
            CanvasRenderingContext2D.prototype.measureText = function (text) {
                return this.font.includes('Aptos') ? { width: 1 } : measure.call(this, text) } }"""
    )
    assert int(_describe(page)["fonts"], 16) == fonts | 1


BENT = {
    "no canvas": "HTMLCanvasElement.prototype.getContext = () => null",
    "a canvas that throws": "HTMLCanvasElement.prototype.getContext = () => { throw Error('bent') }",
    "no hints": "Object.defineProperty(Navigator.prototype, 'userAgentData', { value: undefined })",
    "hints that fail": """Object.defineProperty(Navigator.prototype, 'userAgentData',
        { value: { getHighEntropyValues: async () => { throw Error('no') } } })""",
    "no plugins": "Object.defineProperty(Navigator.prototype, 'plugins', { value: undefined })",
    "no storage": """for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
        Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } })""",
    "no observers of idleness": "delete window.requestIdleCallback",
    "no screen": "Object.defineProperty(window, 'screen', { value: undefined })",
    "frozen prototypes": """for (const name of Object.getOwnPropertyNames(window)) {
        let it; try { it = window[name] } catch {}
        if (typeof it == 'function' && it.prototype) Object.freeze(it.prototype) }""",
}


@pytest.mark.parametrize("name", BENT)
def test_it_never_throws(web: Web, page: Page, name: str) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(BENT[name])
    web.pages["/favicon.ico"] = lambda path: (200, "image/png", b"", {})
    page.goto(web.page("<body>Hello</body>"))
    fields = _describe(page)
    assert len(fields) >= 2
    assert said == []


def test_a_canvas_that_the_browser_alters_is_left_out(web: Web, page: Page) -> None:
    page.add_init_script(
        """const read = CanvasRenderingContext2D.prototype.getImageData
        CanvasRenderingContext2D.prototype.getImageData = function (...given) {
            const image = read.apply(this, given)
            image.data[Math.floor(Math.random() * image.data.length)] ^= 1
            return image }"""
    )
    page.goto(web.page("<body>Hello</body>"))
    assert "canvas" not in _describe(page)


def test_a_strict_policy_is_kept_and_nobody_sees_a_thing(web: Web, page: Page) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    web.pages["/favicon.ico"] = lambda path: (200, "image/png", b"", {})
    web.headers = {
        "Content-Security-Policy": f"default-src 'none'; script-src {web.url}; connect-src {web.url}; img-src 'self'; "
        "require-trusted-types-for 'script'; trusted-types 'none'",
        "Permissions-Policy": "geolocation=(), camera=(), microphone=(), local-fonts=()",
    }
    serve_mode(web, "stitched")
    visit(web, page)
    before = page.evaluate("document.documentElement.outerHTML")
    page.evaluate(
        """() => { window.shifts = []
            new PerformanceObserver((list) => shifts.push(...list.getEntries()))
                .observe({ type: 'layout-shift', buffered: true })
            window.changes = []
            new MutationObserver((records) => changes.push(...records.map(({ type }) => type)))
                .observe(document, { subtree: true, childList: true, attributes: true, characterData: true }) }"""
    )
    wish(page, "consent", "granted")
    assert _fingerprint(web).keys() >= {"canvas", "fonts", "gpu_renderer"}
    assert page.evaluate("[shifts.length, changes.length]") == [0, 0]
    assert page.evaluate("document.documentElement.outerHTML") == before
    assert said == []


def test_it_gives_the_page_its_turn_after_every_five_milliseconds(web: Web, page: Page) -> None:
    """How long its pieces take is measured by `python -m bench fingerprint`; here the page's clock is ours."""
    page.goto(web.page("<body>Hello</body>"))
    at_once, slowly, between = (page.evaluate(TURNS, step_ms) for step_ms in (0, 6, 3))
    assert at_once == 1
    assert slowly > 20
    assert slowly / 3 < between < slowly
