"""Scrolling up and down: the evidence of a hunt, and what is none."""

import time

import pytest
from playwright.sync_api import Page

from tests.kit.browser import Web
from tests.snippet.further import hold, leave, let_go, properties, told, untold, visit

pytestmark = pytest.mark.browser

LONG = "<div style='height:6000px'>Much to read</div><button id=more>More</button>"
# Where that stands which scrolls under the mouse.
STANDS = "(document.elementFromPoint(500, 100).closest('[style*=overflow]') || document.scrollingElement).scrollTop"


def _wheel(page: Page, *legs: int) -> None:
    """Scroll to and fro; the page turns round when it stands where a leg ends, and has told of it."""
    page.mouse.move(500, 100)
    place = page.evaluate(STANDS)
    for leg in legs:
        for _ in range(4):
            page.mouse.wheel(0, leg / 4)
            page.wait_for_timeout(20)
        place += leg
        page.wait_for_function(f"(place) => {STANDS} == place", arg=place)
        page.evaluate("() => new Promise(requestAnimationFrame)")  # it is told of before each frame
        page.wait_for_timeout(50)


def test_a_hunt_is_told_with_its_turns_and_lengths(web: Web, page: Page) -> None:
    visit(web, page, LONG)
    _wheel(page, 800, -600, 700, -500, 900)
    leave(page)
    [scroll] = told(web, "scroll")
    assert properties(scroll, "reversals", "grows") == (4, None)
    leg_px, leg_permille, span_ms, pages = properties(scroll, "leg_px", "leg_permille", "span_ms", "pages_permille")
    assert 450 <= leg_px <= 500
    assert leg_permille == pytest.approx(leg_px / 0.7, abs=2)
    assert 500 <= span_ms <= 10_000
    assert 8_500 <= pages <= 9_000
    assert "element" not in scroll


def test_a_small_turn_between_great_ones_is_none(web: Web, page: Page) -> None:
    visit(web, page, LONG)
    _wheel(page, 900, -700, 800, -200, 300, -160, 700, -700, 800)
    leave(page)
    [scroll] = told(web, "scroll")
    assert properties(scroll, "reversals") == (8,)
    assert scroll["properties"]["leg_px"] >= 600


def test_reading_on_with_small_steps_back_is_short_legged(web: Web, page: Page) -> None:
    visit(web, page, LONG)
    _wheel(page, 600, -180, 600, -180, 600, -180, 600)
    leave(page)
    [scroll] = told(web, "scroll")
    assert scroll["properties"]["leg_px"] <= 180


@pytest.mark.parametrize("end", ["click", "input", "selection"])
def test_what_was_found_ends_it(web: Web, page: Page, end: str) -> None:
    visit(web, page, f"<div style='position:fixed'><button id=b>B</button><input id=i><p id=p>words</p></div>{LONG}")
    _wheel(page, 800, -600, 700)
    if end == "click":
        page.click("#b")
    elif end == "input":
        page.locator("#i").press("a")
    else:
        page.locator("#p").dblclick()
    _wheel(page, -500, 900)
    leave(page)
    assert untold(web, "scroll")


def test_a_page_that_scrolls_itself_is_no_hunt(web: Web, page: Page) -> None:
    visit(web, page, LONG)
    page.mouse.move(500, 300)
    for place in (800, 100, 900, 200, 1000, 300):
        page.evaluate("(place) => scrollTo(0, place)", place)
        page.wait_for_timeout(60)
    leave(page)
    assert untold(web, "scroll")


def test_a_list_that_grows_says_so(web: Web, page: Page) -> None:
    visit(web, page, LONG + "<script>onscroll = () => { document.body.append(Object.assign("
        "document.createElement('div'), { style: 'height:300px' })) }</script>")  # fmt: skip
    _wheel(page, 800, -600, 700, -500, 900)
    leave(page)
    assert properties(told(web, "scroll")[0], "grows") == (True,)


def test_a_scrolling_main_part_counts_and_a_small_list_does_not(web: Web, page: Page) -> None:
    body = "<div id={} style='overflow:auto; height:{}px'><p style='height:6000px'>Much to read</div>"
    for name, height in (("main", 600), ("list", 200)):
        visit(web, page, body.format(name, height), f"/{name}")
        _wheel(page, 800, -600, 700, -500, 900)
        leave(page)
    web.wait(lambda: len(web.events("engagement")) >= 2)
    assert [scroll["element"] for scroll in web.events("scroll")] == ["#main"]


def test_half_a_minute_is_the_most_a_hunt_has(web: Web, page: Page) -> None:
    hold(page, 15_000)
    visit(web, page, LONG)
    began = time.monotonic()
    _wheel(page, 800, -600, 700, -500, 900, -800, 600)
    [left_ms] = let_go(page)  # what is left of it at the turn that made it a hunt
    assert 30_000 - (time.monotonic() - began) * 1000 <= left_ms <= 30_000
    told(web, "scroll")
    _wheel(page, 800, -600, 700, -500, 900, -800, 600)
    leave(page)
    assert len(told(web, "scroll", 2)) == 2
