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

# Looks for the first tick of the clock after a click.
TICK = """() => { addEventListener('click', ({ timeStamp }) => { window.clicked = timeStamp })
    new MutationObserver(() => { if (window.clicked) window.ticked ??= performance.now() })
        .observe(document.getElementById('clock'), { childList: true }) }"""

# True once the further files have come; and what waits until they run, with what they begin in a turn of their own.
# Of imports that wait for one file none is told first for certain, but one that follows is told last.
CAME = """() => ['more', 'vitals'].every((file) =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('/' + file)))"""
RUN = """async () => { for (const { name } of performance.getEntriesByType('resource'))
    if (/\\/(more|vitals)[^/]*js$/.test(name)) for (const time of [1, 2]) await import(name)
    await new Promise((done) => setTimeout(done)) }"""

# Keeps what is to be done after so many ms or more, and does it when it is let go.
HOLD = """{ const [begin, end, held] = [setTimeout, clearTimeout, new Map()]
    let last = 0
    window.setTimeout = (work, ms, ...given) =>
        ms >= LEAST ? (held.set(--last, [work, ms]), last) : begin(work, ms, ...given)
    window.clearTimeout = (number) => held.delete(number) || end(number)
    window.letGo = () => {
        const every = [...held.values()]
        held.clear()
        return every.map(([work, ms]) => (work(), ms)) } }"""


def start(page: Page, url: str) -> None:
    """Open a page, and wait until the core runs."""
    page.goto(url)
    page.wait_for_function("window.footfall?.live")


def visit(web: Web, page: Page, body: str, path: str = "/", query: str = "") -> None:
    """Open a page with this body, and wait until its further files run."""
    page.goto(web.page(PAGE.format(body), path) + query)
    have_further(page)


def have_further(page: Page) -> None:
    """Wait until the further files run."""
    page.wait_for_function(CAME)
    page.evaluate(RUN)


def hold(page: Page, least_ms: int) -> None:
    """Let no page from here on do by itself what it puts off for so long or longer."""
    page.add_init_script(HOLD.replace("LEAST", str(least_ms)))


def let_go(page: Page) -> list[float]:
    """Have the page do at once all that is held, and return for how many ms each was put off."""
    put_off_ms: list[float] = page.evaluate("letGo()")
    return put_off_ms


def leave(page: Page) -> None:
    """Go away, as a visitor does."""
    page.goto("about:blank")


def run_out(pages: Sequence[Page]) -> None:
    """Leave pages when the clicks on them are final, which takes their events along."""
    pages[-1].wait_for_timeout(FINAL_MS)
    for page in pages:
        leave(page)


def next_tick_ms(page: Page) -> float:
    """Wait for what `TICK` looks for; return how long after the click it came."""
    ticked_ms: float = page.wait_for_function("window.ticked - window.clicked", polling=50).json_value()
    return ticked_ms


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
