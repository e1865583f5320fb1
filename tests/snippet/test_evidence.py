"""What follows a click, seen in a real browser: one click a page, all pages at once."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.kit.browser import Web
from tests.snippet.cases import CASES, Case

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # all clicks are made before the first test

RAW = {"any_mutation_ms", "watched_before_ms", "watched_after_ms"}
WATCHED_MS = 3300
TOGETHER = 10


def _click(web: Web, browser: Browser, cases: Sequence[Case], paths: dict[str, str]) -> list[BrowserContext]:
    """Click once for every case; each has a window of its own, for what is behind others hardly moves."""
    pages = []
    for case in cases:
        page = browser.new_context(viewport={"width": 1000, "height": 700}).new_page()
        page.goto(web.page(f"<body>{case.body}</body>", paths[case.name]))
        page.wait_for_function("window.footfall?.live")
        if case.name == "button after typing":
            page.locator("#name").press_sequentially("abc")
        pages.append(page)
    for page in pages:  # only now: a page that nobody touches while the others open is watched no longer
        page.mouse.move(900, 600, steps=3)
    pages[-1].wait_for_timeout(WATCHED_MS)
    for case, page in zip(cases, pages, strict=True):
        page.locator(case.click).click(force=True, no_wait_after=True)
    return [page.context for page in pages]


@pytest.fixture(scope="module")
def clicks(browser: Browser) -> Iterator[dict[str, dict[str, Any]]]:
    """Every case's click event, by the case's name."""
    web = Web()
    paths = {case.name: f"/{number}" for number, case in enumerate(CASES)}
    web.pages["/api"] = lambda path: (200, "application/json", b"{}", {})
    names = {web.url + path: name for name, path in paths.items()}

    def come(wanted: set[str]) -> dict[str, dict[str, Any]] | None:
        found = {names[event["url"]]: event for event in web.events("click") if event["url"] in names}
        return found if found.keys() >= wanted else None

    watched: list[BrowserContext] = []
    wanted: set[str] = set()
    for start in range(0, len(CASES), TOGETHER):
        cases = CASES[start : start + TOGETHER]
        clicked = _click(web, browser, cases, paths)
        web.wait(partial(come, set(wanted)), "a click of every case before")
        for window in watched:  # pages that move cost the others their time
            window.close()
        watched, wanted = clicked, wanted | {case.name for case in cases}
    yield web.wait(partial(come, wanted), "a click of every case")
    for window in watched:
        window.close()
    web.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_evidence_of_a_click(clicks: dict[str, dict[str, Any]], case: Case) -> None:
    event = clicks[case.name]
    evidence = {name for name in event if name.endswith("_ms")} - RAW
    assert evidence == case.evidence
    assert event["element"] == case.element
    assert event.get("exempt") == case.exempt
    assert event.get("disabled", False) == case.disabled
    assert event["trusted"] is True
    if case.affordance:
        assert event.get("affordance", "none") == case.affordance


def test_a_slow_answer_is_timed(clicks: dict[str, dict[str, Any]]) -> None:
    assert 1400 <= clicks["slow mutation"]["mutation_ms"] <= 2500


def test_a_click_tells_where_it_fell(clicks: dict[str, dict[str, Any]]) -> None:
    event = clicks["button"]
    assert (event["element_tag"], event["element_text"]) == ("button", "Buy")
    assert 400 <= event["offset_x"] <= 600 and 400 <= event["offset_y"] <= 600
    assert 0 < event["page_x"] < 100 and 0 < event["page_y"] < 60


def test_a_click_tells_how_long_it_was_watched(clicks: dict[str, dict[str, Any]]) -> None:
    event = clicks["button beside a clock"]
    assert event["watched_before_ms"] >= WATCHED_MS
    assert event["watched_after_ms"] >= 6900
    assert 15 <= event["mutation_pace"] <= 25
    assert event["any_mutation_ms"] <= 600


def test_scrolling_up_at_a_click_is_an_answer_however_much_was_scrolled_before(web: Web, page: Page) -> None:
    page.goto(web.page("<div style='height:3000px'></div><button id=x onclick='window.scrollTo(0, 0)'>Top</button>"))
    page.wait_for_function("window.footfall?.live")
    page.mouse.move(100, 100)
    for _ in range(30):
        page.mouse.wheel(0, 100)
        page.evaluate("() => new Promise(requestAnimationFrame)")
    page.locator("#x").click()
    [event] = web.wait(lambda: web.events("click"))
    assert event["scroll_ms"] < 300


TURNING = """<ul id=slides><li>1<li>2<li>3</ul><main><button id=x>Buy</button></main><script>
let shown = 0; window.turned = 0
setInterval(() => { slides.children[shown++ % 3].classList.toggle('on'); turned = performance.now() }, 3000)
</script>"""


def test_turning_a_carousel_by_hand_is_an_answer_though_it_turns_by_itself(web: Web, page: Page) -> None:
    by_hand = """<button id=x onclick="slides.children[0].classList.toggle('on')">"""
    page.goto(web.page(TURNING.replace("3000", "1500").replace("<button id=x>", by_hand)))
    page.wait_for_function("window.footfall?.live")
    page.mouse.move(900, 600, steps=3)
    page.wait_for_function("() => shown == 4 && performance.now() - turned > 300", polling=5)
    page.locator("#x").click()
    [event] = web.wait(lambda: web.events("click"))
    assert event["mutation_ms"] < 300


SLIDING = """<div style='width:300px;height:50px;overflow:hidden'><ul id=slides style='width:900px;position:relative'>
<li>1<li>2<li>3</ul></div><main><button id=x>Next</button></main><script>
let turns = 0, turned = 0
const turn = () => {
    const began = turned = performance.now(), from = -300 * (turns++ % 3)
    const step = setInterval(() => {
        const part = Math.min(1, (performance.now() - began) / 300)
        slides.style.left = from - 300 * part + 'px'
        if (part == 1) clearInterval(step)
    }, 13)
}
setInterval(turn, 1500)
NEXT
</script>"""


def _click_between_two_turns(web: Web, page: Page, body: str) -> dict[str, Any]:
    page.goto(web.page(body))
    page.wait_for_function("window.footfall?.live")
    page.mouse.move(900, 600, steps=3)
    page.wait_for_function("() => turns == 4 && performance.now() - turned > 900", polling=5)
    page.locator("#x").click()
    [event] = web.wait(lambda: web.events("click"))
    return dict(event)


def test_next_of_slides_that_a_script_moves_is_an_answer(web: Web, page: Page) -> None:
    event = _click_between_two_turns(web, page, SLIDING.replace("NEXT", "x.onclick = turn"))
    assert event["mutation_ms"] < 200


def test_slides_that_a_script_moves_are_no_answer(web: Web, page: Page) -> None:
    event = _click_between_two_turns(web, page, SLIDING.replace("NEXT", ""))
    assert "mutation_ms" not in event
    assert 0 < event["any_mutation_ms"] < 1500


def test_what_a_script_typed_once_can_be_typed_again(web: Web, page: Page) -> None:
    body = """<p id=out></p><main><button id=x>Again</button></main><script>
        let turns = 0, turned = 0
        const type = () => {
            let typed = 0
            const step = setInterval(() => {
                out.textContent = 'Hello to everybody'.slice(0, ++typed)
                if (typed < 18) return
                clearInterval(step); turns = 4; turned = performance.now()
            }, 70)
        }
        setTimeout(x.onclick = type, 1000)
    </script>"""
    assert _click_between_two_turns(web, page, body)["mutation_ms"] < 200


def _click_before_it_turns(web: Web, page: Page) -> dict[str, Any]:
    page.goto(web.page(TURNING))
    page.wait_for_function("window.footfall?.live")
    place = page.locator("#x").bounding_box()
    assert place
    page.mouse.move(900, 600, steps=3)
    page.wait_for_function("() => shown == 2 && performance.now() - turned > 2860", polling=5)
    page.mouse.click(place["x"] + 5, place["y"] + 5)
    known = len(web.events("click"))
    event: dict[str, Any] = web.wait(lambda: web.events("click")[known:])[0]
    return event


def test_a_carousel_that_turns_at_the_click_is_no_answer(web: Web, page: Page) -> None:
    for _ in range(4):  # a busy machine may click after it turned
        event = _click_before_it_turns(web, page)
        if event["any_mutation_ms"] < 180:
            break
    assert event["any_mutation_ms"] < 180
    assert "mutation_ms" not in event
