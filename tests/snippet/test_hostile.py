# ruff: noqa: E501 - a page reads best on one line
"""Pages that bend the browser: the snippet neither breaks them nor breaks on them."""

import pytest
from playwright.sync_api import Page

from tests.kit.browser import SITE, Web
from tests.snippet.further import have_further

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
    "more on every prototype": """Object.prototype.more = Array.prototype.extra = () => {}; Function.prototype.q = 1""",
    "no observers of idleness": """delete window.requestIdleCallback""",
    "no navigation API": """Object.defineProperty(window, 'navigation', { value: undefined })""",
    "no Temporal": """delete window.Temporal""",
    "a beacon that throws": """navigator.sendBeacon = () => { throw Error('bent') }""",
    "history frozen": """Object.freeze(history); Object.freeze(History.prototype)""",
    "10,000 changes a second": """addEventListener('DOMContentLoaded', () => { const it = document.createElement('i'); document.body.append(it)
        setInterval(() => { for (let n = 0; n < 100; n++) it.title = n }, 10) })""",
    "20,000 elements": """addEventListener('DOMContentLoaded', () => document.body.append(...Array.from({ length: 2e4 }, () => document.createElement('i'))))""",
    "errors all the time": """addEventListener('DOMContentLoaded', () => setInterval(() => dispatchEvent(new ErrorEvent('error', { message: 'x' })), 5))""",
    "events of no kind": """addEventListener('load', () => { for (const name of ['pointerdown', 'click', 'focusin', 'blur', 'toggle', 'error', 'navigate', 'pageshow', 'transitionrun'])
        for (const at of [window, document, document.body, document.createTextNode('')]) at.dispatchEvent(new Event(name, { bubbles: true })) })""",
}

# Bodies that are hard to describe; what is clicked has the id x or is the page itself.
ODD = {
    "odd ids": """<div id='"]'><div id='\\'><div id='1'><p id='a b'></p><button id=x class='"'>Buy</button></div></div></div>""",
    "a form of clobbered names": """<form id=f><input name=id><input name=control><input name=parentNode><input name=matches><input name=localName>
        <input name=getAttribute><input name=dataset><input name=closest></form><button id=x form=f type=button>Buy</button>""",
    "an svg as a control": """<svg width=90 height=90 id=x role=button style='cursor:pointer'><a href='#y'><g><rect width=90 height=90 /></g></a></svg>""",
    "nested shadow roots": """<x-a id=x></x-a><script>customElements.define('x-a', class extends HTMLElement { connectedCallback() {
        let at = this; for (let n = 0; n < 9; n++) { const root = at.attachShadow({ mode: n == 4 ? 'closed' : 'open' }); at = document.createElement('div'); root.append(at) }
        at.innerHTML = '<button>Buy</button>' } })</script>""",
    "a button that goes when pressed": """<button id=x onpointerdown='this.remove()'>Buy</button>""",
    "a button that moves when pressed": """<button id=x onpointerdown='document.body.append(this)'>Buy</button><p>text</p>""",
    "a control in a closed frame": """<iframe sandbox srcdoc='<button>Buy</button>'></iframe><button id=x>Buy</button>""",
    "a body replaced when clicked": """<button id=x onclick='document.body.replaceWith(document.createElement("body"))'>Buy</button>""",
    "a document opened anew": """<button id=x onclick='document.open(); document.close()'>Buy</button>""",
    "no root left": """<button id=x onclick='document.documentElement.remove()'>Buy</button>""",
    "a page deep as a well": "<div>" * 400 + "<button id=x>Buy</button>",
    "ten thousand siblings": "<i></i>" * 10_000 + "<button id=x>Buy</button>",
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_page_is_measured_and_unharmed(web: Web, page: Page, name: str) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    web.pages["/favicon.ico"] = lambda path: (200, "image/png", b"", {})
    page.goto(web.page(f"<body>{ODD[name]}</body>"))
    page.wait_for_function("window.footfall?.live")
    before = page.evaluate("document.documentElement.outerHTML")
    box = page.locator("#x").bounding_box()
    assert box
    page.mouse.move(1, 1)
    assert page.evaluate("document.documentElement.outerHTML") == before
    page.mouse.click(box["x"] + min(9, box["width"] / 2), box["y"] + min(9, box["height"] / 2))
    page.goto("about:blank")
    assert said == []
    # What is gone at the release gets no click, and document.open() takes every listener away.
    if "anew" in name:
        return
    web.wait(lambda: web.events("view" if "when pressed" in name else "click"))
    assert all(len(click["element"]) <= 512 for click in web.events("click") if "element" in click)


@pytest.mark.parametrize("kind", ["application/xhtml+xml", "image/svg+xml"])
def test_a_document_of_another_kind_is_unharmed(web: Web, page: Page, kind: str) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    tag = f'<script data-site="{SITE}" src="{web.url}/js/footfall.js"></script>'
    text = (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>text</p>{tag}</body></html>'
        if "xhtml" in kind
        else f'<svg xmlns="http://www.w3.org/2000/svg"><rect width="300" height="300"/>{tag.replace("src=", "href=")}</svg>'
    )
    web.pages["/odd"] = lambda path: (200, kind, text.encode(), {})
    page.goto(web.url + "/odd")
    page.mouse.click(40, 40)
    page.goto("about:blank")
    assert said == []


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
    have_further(page)
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
