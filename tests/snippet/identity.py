"""What the tests of consent and identity share: a page that wishes, what is stored, what is sent of it."""

import json
import re
import time
from typing import Any

from playwright.sync_api import Page

from tests.kit.browser import JSON, Web
from tests.snippet.further import HIDE

DAY_MS = 86_400_000
MARK = re.compile(r"[0-9a-f]{16}\.[0-9a-z]{1,5}")
STUB = "<script>window.footfall = window.footfall || function () { (footfall.q = footfall.q || []).push(arguments) }"
# For a page it stays one day's noon, so that no midnight comes between what is stored and what is compared.
NOON = f"Date.now = () => {int(time.time() * 1000) // DAY_MS * DAY_MS + DAY_MS // 2}"


def visit(web: Web, page: Page, body: str = "Hello", path: str = "/") -> None:
    """Open a page and wait for the core."""
    page.add_init_script(NOON)
    page.goto(web.page(f"<body>{body}</body>", path))
    page.wait_for_function("window.footfall?.live")


def wish(page: Page, *call: Any) -> None:
    """Call footfall() and wait until the further file has done it."""
    page.evaluate("(call) => footfall(...call)", list(call))
    heard(page)


def heard(page: Page) -> None:
    """Wait until the further file has done what was wished.

    Of imports that wait for one file none is told first for certain, but one that follows is told last.
    """
    page.evaluate(
        """async () => {
            const core = document.querySelector('script[data-site]').src
            for (const time of [1, 2]) await import(core.replace(/footfall(?!.*[/])/, 'identity')).catch(() => {})
            await new Promise((done) => setTimeout(done)) }"""
    )


def stored(page: Page) -> str | None:
    """Return all that the page's storages hold: one entry at most, by the name of footfall."""
    held: list[list[list[str]]] = page.evaluate(
        "[localStorage, sessionStorage].map((storage) => Object.entries({ ...storage }))"
    )
    local, session = held
    assert session == []
    assert [name for name, _ in local] in ([], ["footfall"])
    return local[0][1] if local else None


def keep(page: Page, text: str) -> None:
    """Store a text as an earlier visit would have."""
    page.evaluate("(text) => { localStorage.footfall = text }", text)


def keep_before(page: Page, text: str) -> None:
    """Have a text stored when the next page begins: what one page stores, a page of another process may see late."""
    page.add_init_script(f"localStorage.footfall = {json.dumps(text)}")


def mark(page: Page, days_ago: int = 0, printed_days_ago: int | None = None) -> str:
    """Return a mark that was given some days ago."""
    today = page.evaluate("Math.floor(Date.now() / 864e5)")
    days = [today - days_ago] + ([] if printed_days_ago is None else [today - printed_days_ago])
    return ".".join(["0123456789abcdef", *map(base36, days)])


def base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def send(page: Page, name: str) -> None:
    """Send what waits, and an event of this name with it, as a change of tabs does."""
    page.evaluate("(name) => footfall(name)", name)
    page.evaluate(HIDE, True)
    page.evaluate(HIDE, False)


def beacon_of(web: Web, name: str) -> JSON:
    """Wait for the beacon with the custom event of this name; return its body."""

    def found() -> JSON | None:
        bodies = (beacon.body for beacon in web.beacons)
        return next((body for body in bodies if any(event.get("name") == name for event in body["events"])), None)

    body: JSON = web.wait(found, f"the event {name}")
    return body


def sent_with(web: Web, page: Page, name: str = "now") -> tuple[Any, Any]:
    """Send an event; return the consent and the login that went with it."""
    send(page, name)
    body = beacon_of(web, name)
    return body.get("consent"), body.get("login")


def serve_mode(web: Web, mode: str) -> list[str]:
    """Answer for the collector which mode the site has; return the list of what was asked."""
    asked: list[str] = []

    def answer(path: str) -> tuple[int, str, bytes, dict[str, str]]:
        asked.append(path)
        return 200, "application/json", json.dumps({"mode": mode}).encode(), {}

    web.pages["/collect/mode"] = answer
    return asked
