"""What the tests of the further files share: a page that has them, real touches, the events of the page left."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

from tests.kit.browser import JSON, Web

FINAL_MS = 7100  # so long after a click, what is known of it is all that will be

PAGE = "<!doctype html><head><title>Test</title></head><body>{}</body>"

# Puts the page out of sight, as a change of tabs does, or back.
HIDE = """(hidden) => {
    if (hidden) Object.defineProperty(document, 'hidden', { value: true, configurable: true })
    else delete document.hidden
    document.dispatchEvent(new Event('visibilitychange')) }"""


def start(page: Page, url: str) -> None:
    """Open a page, and wait until the core runs."""
    page.goto(url)
    page.wait_for_function("window.footfall?.live")


def visit(web: Web, page: Page, body: str, path: str = "/", query: str = "") -> None:
    """Open a page with this body, and wait until its further files run."""
    page.goto(web.page(PAGE.format(body), path) + query)
    have_further(page)


def have_further(page: Page) -> None:
    """Wait until the further files run: the same module again comes after the core has had it."""
    page.wait_for_function(
        """() => ['more', 'vitals'].every((file) =>
            performance.getEntriesByType('resource').some(({ name }) => name.includes('/' + file)))"""
    )
    page.evaluate(
        """async () => { for (const { name } of performance.getEntriesByType('resource'))
            if (/\\/(more|vitals)[^/]*js$/.test(name)) await import(name) }"""
    )


def leave(page: Page) -> None:
    """Go away, as a visitor does."""
    page.goto("about:blank")


def run_out(pages: Sequence[Page]) -> None:
    """Leave pages when the clicks on them are final, which takes their events along."""
    pages[-1].wait_for_timeout(FINAL_MS)
    for page in pages:
        leave(page)


def told(web: Web, kind: str, count: int = 1) -> list[JSON]:
    """Wait for so many events of a kind; return all of them."""
    found: list[JSON] = web.wait(
        lambda: len(web.events(kind)) >= count and web.events(kind), f"{count} events of kind {kind}"
    )
    return found


def untold(web: Web, kind: str) -> bool:
    """Wait until the page that was left has sent its last, and tell that nothing of a kind is in it."""
    web.wait(lambda: web.events("engagement"))
    return not web.events(kind)


def properties(event: JSON, *names: str) -> tuple[Any, ...]:
    """Return an event's properties of these names, None for what is absent."""
    return tuple(event["properties"].get(name) for name in names)


def swipe(page: Page, start: tuple[int, int], end: tuple[int, int], fingers: int = 1) -> None:
    """Move fingers over the screen, as a hand would, in ten steps."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, points: list[tuple[float, float]]) -> None:
        shown = [{"x": x + 40 * number, "y": y, "id": number} for x, y in points for number in range(fingers)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": shown})

    touch("touchStart", [start])
    for step in range(1, 11):
        x, y = (a + (b - a) * step / 10 for a, b in zip(start, end, strict=True))
        touch("touchMove", [(x, y)])
    touch("touchEnd", [])
    session.detach()
