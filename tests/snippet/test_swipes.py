"""Swipes of one finger: those that nothing followed are told, and no others."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.kit.browser import Web
from tests.snippet.further import leave, properties, swipe, told, untold, visit

pytestmark = pytest.mark.browser

BOX = "<style>body { margin: 0 } #x { width: 100%; height: 300px; background: #eee }</style>"
STILL = BOX + "<div id=x><img alt=''>Slide 1</div>"
CLOCK = "<b id=clock></b><script>setInterval(() => { clock.textContent = Date.now() }, 300)</script>"


@pytest.fixture(scope="module")
def handset(browser: Browser) -> Iterator[BrowserContext]:
    """A window under fingers that stays open."""
    handset = browser.new_context(viewport={"width": 400, "height": 700}, has_touch=True, is_mobile=True)
    handset.new_page()
    yield handset
    handset.close()


@pytest.fixture
def phone(handset: BrowserContext) -> Iterator[Page]:
    """A page under fingers."""
    page = handset.new_page()
    yield page
    page.close()


def _try(web: Web, phone: Page, body: str, end: tuple[int, int] = (100, 110), fingers: int = 1) -> None:
    visit(web, phone, "<meta name=viewport content='width=device-width'>" + body)
    swipe(phone, (300, 100), end, fingers)
    phone.wait_for_timeout(1200)
    leave(phone)


@pytest.mark.parametrize(
    ("end", "direction"),
    [((100, 110), "left"), ((370, 110), "right"), ((310, 30), "up"), ((310, 250), "down")],
)
def test_a_dead_swipe_is_told(web: Web, phone: Page, end: tuple[int, int], direction: str) -> None:
    _try(web, phone, STILL, end)
    [told_of] = told(web, "swipe")
    assert told_of["element"] == "#x"
    assert properties(told_of, "direction") == (direction,)
    assert told_of["properties"]["distance_px"] == pytest.approx(
        ((end[0] - 300) ** 2 + (end[1] - 100) ** 2) ** 0.5, abs=2
    )


def test_a_clock_beside_it_is_no_answer(web: Web, phone: Page) -> None:
    visit(web, phone, "<meta name=viewport content='width=device-width'>" + STILL + CLOCK)
    phone.touchscreen.tap(50, 500)
    phone.wait_for_timeout(3500)
    swipe(phone, (300, 100), (100, 110))
    phone.wait_for_timeout(1200)
    leave(phone)
    assert told(web, "swipe")


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


@pytest.mark.parametrize("name", LIVE)
def test_a_swipe_with_an_answer_or_an_excuse_is_not_told(web: Web, phone: Page, name: str) -> None:
    _try(web, phone, LIVE[name])
    assert untold(web, "swipe")


def test_a_page_that_scrolls_this_way_is_not_told(web: Web, phone: Page) -> None:
    _try(web, phone, STILL + "<p style='height:3000px'>", (310, 250))
    assert untold(web, "swipe")


@pytest.mark.parametrize(("end", "fingers"), [((290, 100), 1), ((100, 110), 2)])
def test_a_tremor_and_a_pinch_are_no_swipes(web: Web, phone: Page, end: tuple[int, int], fingers: int) -> None:
    _try(web, phone, STILL, end, fingers)
    assert untold(web, "swipe")


def test_a_swipe_from_the_edge_is_the_browsers(web: Web, phone: Page) -> None:
    visit(web, phone, "<meta name=viewport content='width=device-width'>" + STILL)
    swipe(phone, (5, 100), (200, 110))
    phone.wait_for_timeout(1200)
    leave(phone)
    assert untold(web, "swipe")
