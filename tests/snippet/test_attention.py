"""For how long each twentieth of a page was on the screen."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page

from tests.kit.browser import Web
from tests.snippet.further import HIDE, leave, visit

pytestmark = pytest.mark.browser


def _bands(web: Web) -> list[int]:
    """The sums of all engagement events, by band."""
    every: Sequence[list[int]] = [event.get("attention_ms", [0] * 20) for event in web.events("engagement")]
    assert all(len(bands) == 20 for bands in every)
    return [sum(band) for band in zip(*every, strict=True)]


def test_time_is_counted_where_the_page_stood(web: Web, page: Page) -> None:
    visit(web, page, "<style>body { margin: 0 }</style><div style='height:14000px'>Much to read</div>")
    page.wait_for_timeout(600)
    page.mouse.move(500, 300)
    page.mouse.wheel(0, 7000)
    page.wait_for_function("scrollY == 7000")
    page.wait_for_timeout(1200)
    page.evaluate("document.hasFocus = () => false; dispatchEvent(new Event('blur'))")
    page.wait_for_timeout(900)
    leave(page)
    web.wait(lambda: web.events("engagement"))
    bands = _bands(web)
    assert 550 <= bands[0] <= 1800
    assert 1150 <= bands[10] <= 2000
    assert max(bands[12:]) == 0
    engaged = sum(event["engaged_ms"] for event in web.events("engagement"))
    assert bands[0] + bands[10] <= engaged + 300


def test_a_page_on_one_screen_is_seen_as_a_whole(web: Web, page: Page) -> None:
    visit(web, page, "<p>Short</p>")
    page.wait_for_timeout(500)
    page.evaluate(HIDE, True)
    web.wait(lambda: web.events("engagement"))
    bands = _bands(web)
    assert min(bands) == max(bands) >= 450


def test_a_library_that_writes_arrays_as_text_does_not_change_them(web: Web, page: Page) -> None:
    page.add_init_script("Array.prototype.toJSON = () => '[bent]'")
    visit(web, page, "<p>Short</p>")
    page.wait_for_timeout(300)
    leave(page)
    web.wait(lambda: web.events("engagement"))
    assert _bands(web)[0] > 0


def test_portions_do_not_count_twice(web: Web, page: Page) -> None:
    visit(web, page, "<p>Short</p>")
    for _ in range(3):
        page.wait_for_timeout(300)
        page.evaluate("for (let n = 0; n < 10; n++) footfall('tick')")
    leave(page)
    web.wait(lambda: len(web.events("engagement")) >= 3)
    engaged = sum(event["engaged_ms"] for event in web.events("engagement"))
    assert 900 <= _bands(web)[0] <= engaged + 50
