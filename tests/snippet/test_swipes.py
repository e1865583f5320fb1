"""Swipes of one finger: those that nothing followed are told, and no others; a few pages at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.kit.browser import JSON, Web
from tests.snippet.further import leave, properties, swipe, visit

pytestmark = pytest.mark.browser

TOGETHER = 7
KNOWN_MS = 3500  # so long a page is watched before it is known what it does by itself
ANSWERED_MS = 1200  # what comes later is no answer

BOX = "<style>body { margin: 0 } #x { width: 100%; height: 300px; background: #eee }</style>"
STILL = BOX + "<div id=x><img alt=''>Slide 1</div>"
CLOCK = "<b id=clock></b><script>setInterval(() => { clock.textContent = Date.now() }, 300)</script>"


LIVE = {
    "a carousel that follows": STILL
    + "<script>ontouchmove = () => { x.style.transform = 'translateX(-20px)' }</script>",
    "a carousel that turns afterwards": STILL
    + "<script>ontouchend = () => setTimeout(() => { x.textContent = 'Slide 2' }, 500)</script>",
    "a list that scrolls": BOX + "<div id=x style='overflow-x:auto'><p style='width:2000px'>Slides</p></div>",
    "a list at its end": BOX
    + "<div id=x style='overflow-x:auto' dir=rtl><p style='width:2000px'>Slides</p></div>"
    + "<script>onload = () => { x.scrollLeft = -9999 }</script>",
    "a canvas": BOX + "<canvas id=x></canvas>",
    "a video": BOX + "<video id=x></video>",
    "a map": BOX + "<div id=x style='touch-action:none'></div>",
    "a gesture of the page's own": BOX + "<div id=x style='touch-action:pan-y'></div>",
    "what prevents the default": STILL
    + "<script>x.addEventListener('touchmove', (e) => e.preventDefault(), { passive: false })</script>",
    "a slider": BOX + "<input id=x type=range>",
    "left out by the page": BOX + "<div id=x data-footfall-ignore></div>",
}  # fmt: skip


Point = tuple[int, int]


def pinched_first(page: Page, start: Point, end: Point, fingers: int) -> None:
    """Swipe where two fingers have made the page larger: its part that is seen is moved."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 2})
    session.detach()
    page.wait_for_function("visualViewport.scale == 2")
    swipe(page, start, end, fingers)


def by_script(page: Page, start: Point, end: Point, _fingers: int) -> None:
    """Have a script of the page's pretend a swipe, pointer and all."""
    page.evaluate(
        """async (places) => { for (const [index, [clientX, clientY]] of places.entries()) {
            const finger = new Touch({ identifier: 0, target: x, clientX, clientY })
            const told = { bubbles: true, composed: true, changedTouches: [finger], touches: index ? [] : [finger] }
            x.dispatchEvent(new PointerEvent(index ? 'pointerup' : 'pointerdown', { bubbles: true, clientX, clientY }))
            x.dispatchEvent(new TouchEvent(index ? 'touchend' : 'touchstart', told))
            await new Promise(requestIdleCallback) } }""",  # a press is looked at when the browser has time
        [start, end],
    )


@dataclass(frozen=True)
class Swipe:
    """What is swiped, from where to where, with how many fingers, and how if not by a hand alone."""

    body: str
    end: Point = (100, 110)
    start: Point = (300, 100)
    fingers: int = 1
    how: Callable[[Page, Point, Point, int], None] = swipe


DEAD = {
    "left": Swipe(STILL),
    "right": Swipe(STILL, (370, 110)),
    "up": Swipe(STILL, (310, 30)),
    "down": Swipe(STILL, (310, 250)),
}
NONE = {
    **{name: Swipe(body) for name, body in LIVE.items()},
    "a page that scrolls this way": Swipe(STILL + "<p style='height:3000px'>", (310, 250)),
    "a tremor": Swipe(STILL, (290, 100)),
    "a pinch": Swipe(STILL, fingers=2),
    "from the left edge, which is the browser's": Swipe(STILL, (200, 110), (5, 100)),
    "from the right edge, which is the browser's": Swipe(STILL, (200, 110), (395, 100)),
    "a page that was made larger, at its end": Swipe(STILL, (370, 110), how=pinched_first),
    "a script's": Swipe(STILL, how=by_script),
}
BESIDE = {"a clock beside it is no answer": Swipe(STILL + CLOCK)}
SWIPES = {**BESIDE, **DEAD, **NONE}


@pytest.fixture(scope="module")
def swipes(browser: Browser) -> Iterator[dict[str, list[JSON]]]:
    """What was told of every swipe, by its name; pages have a window each, as what is behind hardly moves."""
    web = Web()
    size = {"width": 400, "height": 700}
    phones = [browser.new_context(viewport=size, has_touch=True, is_mobile=True).new_page() for _ in range(TOGETHER)]
    every = list(SWIPES.items())
    for first in range(0, len(every), TOGETHER):
        some = list(zip(phones, every[first : first + TOGETHER], strict=False))
        for phone, (name, one) in some:
            path = f"/{every.index((name, one))}"
            visit(web, phone, "<meta name=viewport content='width=device-width'>" + one.body, path)
        for phone, (name, _) in some:
            if name in BESIDE:  # only now: a page that nobody touches while the others open is watched no longer
                phone.touchscreen.tap(50, 500)
                phone.wait_for_timeout(KNOWN_MS)
        for phone, (_, one) in some:
            one.how(phone, one.start, one.end, one.fingers)
        for phone, _ in some:
            phone.evaluate(f"window.answered = new Promise((done) => setTimeout(done, {ANSWERED_MS})); 0")
        for phone, _ in some:  # by a page's own clock, for a busy one is late with all that it waits for
            phone.evaluate("answered")
            leave(phone)
    web.wait(lambda: len({event["url"] for event in web.events("engagement")}) == len(every))
    told: dict[str, list[JSON]] = {name: [] for name in SWIPES}
    for event in web.events("swipe"):
        told[every[int(event["url"].rpartition("/")[2])][0]].append(event)
    yield told
    for phone in phones:
        phone.context.close()
    web.close()


@pytest.mark.parametrize("direction", DEAD)
def test_a_dead_swipe_is_told(swipes: dict[str, list[JSON]], direction: str) -> None:
    [told_of] = swipes[direction]
    assert told_of["element"] == "#x"
    assert properties(told_of, "direction") == (direction,)
    x, y = DEAD[direction].end
    assert told_of["properties"]["distance_px"] == pytest.approx(((x - 300) ** 2 + (y - 100) ** 2) ** 0.5, abs=2)


@pytest.mark.parametrize("name", BESIDE)
def test_a_dead_swipe_beside_what_moves_is_told(swipes: dict[str, list[JSON]], name: str) -> None:
    assert swipes[name]


@pytest.mark.parametrize("name", NONE)
def test_a_swipe_with_an_answer_or_an_excuse_is_not_told(swipes: dict[str, list[JSON]], name: str) -> None:
    assert swipes[name] == []
