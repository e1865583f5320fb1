"""For how long each twentieth of a page was on the screen."""

import pytest
from playwright.sync_api import Page

from tests.kit.browser import JSON, Web
from tests.snippet.further import HIDE, hold, leave, visit

pytestmark = pytest.mark.browser


# Notes when the page first stands where it will be scrolled to; gives when it could first be seen, and the time now.
WATCH = """() => {
    window.stood = 0
    addEventListener('scroll', () => { if (scrollY == 7000) stood ||= performance.now() }, true)
    return [performance.getEntriesByType('navigation')[0].domInteractive, performance.now()] }"""
BLUR = "() => { document.hasFocus = () => false; dispatchEvent(new Event('blur')); return performance.now() }"


def _sums(web: Web, count: int = 1) -> tuple[list[int], int]:
    """Wait for so many engagement events; return what all that came say together: by band, and engaged at all."""
    events: list[JSON] = web.wait(lambda: len(web.events("engagement")) >= count and web.events("engagement"))
    every = [event.get("attention_ms", [0] * 20) for event in events]
    assert all(len(bands) == 20 for bands in every)
    return [sum(band) for band in zip(*every, strict=True)], sum(event["engaged_ms"] for event in events)


def test_time_is_counted_where_the_page_stood(web: Web, page: Page) -> None:
    hold(page, 5000)  # all is told at the end, however late that is
    visit(web, page, "<style>body { margin: 0 }</style><div style='height:14000px'>Much to read</div>")
    page.wait_for_timeout(600)
    page.mouse.move(500, 300)
    came_ms, left_ms = page.evaluate(WATCH)
    page.mouse.wheel(0, 7000)
    stood_ms = page.wait_for_function("stood").json_value()
    page.wait_for_timeout(1200)
    blurred_ms = page.evaluate(BLUR)
    page.wait_for_timeout(900)
    leave(page)
    bands, engaged = _sums(web)
    assert 550 <= bands[0] <= stood_ms - came_ms
    assert 1150 <= bands[10] <= blurred_ms - left_ms
    assert max(bands[12:]) == 0
    assert bands[0] + bands[10] <= engaged + 300


def test_a_page_on_one_screen_is_seen_as_a_whole(web: Web, page: Page) -> None:
    visit(web, page, "<p>Short</p>")
    page.wait_for_timeout(500)
    page.evaluate(HIDE, True)
    bands, _ = _sums(web)
    assert min(bands) == max(bands) >= 450


def test_a_library_that_writes_arrays_as_text_does_not_change_them(web: Web, page: Page) -> None:
    page.add_init_script("Array.prototype.toJSON = () => '[bent]'")
    visit(web, page, "<p>Short</p>")
    page.wait_for_timeout(300)
    leave(page)
    bands, _ = _sums(web)
    assert bands[0] > 0


def test_portions_do_not_count_twice(web: Web, page: Page) -> None:
    visit(web, page, "<p>Short</p>")
    for _ in range(3):
        page.wait_for_timeout(300)
        page.evaluate("for (let n = 0; n < 10; n++) footfall('tick')")
    leave(page)
    bands, engaged = _sums(web, 3)
    assert 900 <= bands[0] <= engaged + 50
