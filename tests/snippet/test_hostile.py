"""Pages that bend the browser: the snippet neither breaks them nor breaks on them."""

import pytest
from playwright.sync_api import Page

from tests.kit.browser import SITE, Web

pytestmark = pytest.mark.browser

BENT = {
    "frozen prototypes": """for (const name of Object.getOwnPropertyNames(window)) {
        let it; try { it = window[name] } catch {}
        if (typeof it == 'function' && it.prototype) Object.freeze(it.prototype) }""",
    "no storage": """for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
        Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } })""",
    "toJSON on every array": """Array.prototype.toJSON = function () { return '[bent]' }""",
    "another JSON": """addEventListener('load', () => { JSON.stringify = () => { throw Error('bent') } })""",
    "another fetch later": """addEventListener('load', () => { window.fetch = () => { throw Error('bent') } })""",
    "a fetch that throws": """window.fetch = () => { throw Error('bent') }""",
    "another footfall": """window.footfall = 1""",
    "an element called footfall": """addEventListener('DOMContentLoaded', () => { document.body.id = 'footfall' })""",
}


@pytest.mark.parametrize("name", BENT)
def test_a_bent_page_is_measured_and_unharmed(web: Web, page: Page, name: str) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(BENT[name])
    web.pages["/favicon.ico"] = lambda path: (200, "image/png", b"", {})
    page.goto(web.page("<body><button id=x>Buy</button></body>"))
    page.wait_for_function("window.footfall?.live")
    page.click("#x")
    page.evaluate("footfall('bought', { price: 1 })")
    page.goto("about:blank")
    web.wait(lambda: {"view", "click", "custom"} <= {event["kind"] for event in web.events()})
    assert said == []


def test_a_strict_policy_is_kept(web: Web, page: Page) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    web.headers = {
        "Content-Security-Policy": f"default-src 'none'; script-src {web.url}; connect-src {web.url}; "
        "require-trusted-types-for 'script'; trusted-types 'none'; img-src 'self'",
    }
    web.pages["/favicon.ico"] = lambda path: (200, "image/png", b"", {})
    page.goto(web.page("<body><button id=x>Buy</button></body>"))
    page.wait_for_selector("#x")
    page.click("#x")
    page.goto("about:blank")
    web.wait(lambda: {"view", "click"} <= {event["kind"] for event in web.events()})
    assert said == []


GLOBALS = """() => Object.fromEntries(Object.getOwnPropertyNames(window).map((name) => {
    let value; try { value = window[name] } catch {}
    return [name, typeof value == 'function' ? String(value) : typeof value] }))"""


def test_no_global_changes_but_footfall(web: Web, page: Page) -> None:
    web.tag = None
    page.goto(web.page("<body><button id=x>Buy</button></body>"))
    before = page.evaluate(GLOBALS)
    page.evaluate(
        """(site) => {
            const tag = document.createElement('script')
            tag.dataset.site = site
            tag.src = '/js/footfall.js'
            document.head.append(tag)
        }""",
        SITE,
    )
    page.wait_for_function("window.footfall?.live")
    page.click("#x")
    after = page.evaluate(GLOBALS)
    assert {name for name in after if after[name] != before.get(name)} == {"footfall"}
    assert before.keys() <= after.keys()


def test_a_second_tag_does_nothing(web: Web, page: Page) -> None:
    page.goto(web.page(f"<head>{web.tag}</head><body>{web.tag}</body>"))
    page.wait_for_function("window.footfall?.live")
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    web.wait(lambda: web.events("view"))
    assert len(web.events("view")) == 1


def test_a_page_handler_that_stops_events_hides_no_click(web: Web, page: Page) -> None:
    page.goto(web.page("<body><div onclick='event.stopPropagation()'><button id=x>Buy</button></div></body>"))
    page.wait_for_function("window.footfall?.live")
    page.click("#x")
    page.goto("about:blank")
    assert web.wait(lambda: web.events("click"))[0]["element"] == "#x"


def test_clicks_of_scripts_are_not_sent(web: Web, page: Page) -> None:
    page.goto(web.page("<body><button id=x>Buy</button></body>"))
    page.wait_for_function("window.footfall?.live")
    page.evaluate("document.getElementById('x').click()")
    page.goto("about:blank")
    web.wait(lambda: web.events("view"))
    assert web.events("click") == []
