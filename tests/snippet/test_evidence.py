"""What follows a click, seen in a real browser: one click a page, a third of all pages at once."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.kit.browser import VIEWPORT, Web
from tests.snippet.cases import CASES, Case
from tests.snippet.further import TICK, leave, next_tick_ms, run_out, start

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # all clicks are made before the first test

RAW = {"any_mutation_ms", "watched_before_ms", "watched_after_ms"}
WATCHED_MS = 3300
BESIDE_A_CLOCK = "button beside a clock"
ROUNDS = 3


def _moves(case: Case) -> bool:
    return "setInterval" in case.body or "requestAnimationFrame" in case.body


def _click(web: Web, pages: Sequence[Page], cases: Sequence[Case]) -> float:
    """Click once for every case, each on a page of its own, and leave when all evidence is final.

    Return after how many ms the clock beside a button went on, 0 where there is none.
    """
    ticked_ms = 0.0
    for case, page in zip(cases, pages, strict=True):
        start(page, web.page(f"<body>{case.body}</body>", f"/{CASES.index(case)}"))
        if case.name == "button after typing":
            page.locator("#name").press_sequentially("abc")
    for page in pages:  # only now: a page that nobody touches while the others open is watched no longer
        page.mouse.move(900, 600, steps=3)
    pages[-1].wait_for_timeout(WATCHED_MS)
    # What moves comes last, when the others have taken their clicks: what they compute would hold up its clocks.
    for case, page in sorted(zip(cases, pages, strict=True), key=lambda pair: _moves(pair[0])):
        if case.name == BESIDE_A_CLOCK:
            page.evaluate(TICK)
        page.locator(case.click).click(force=True, no_wait_after=True)
        if case.name == BESIDE_A_CLOCK:
            ticked_ms = next_tick_ms(page)
    run_out(pages)
    for page in pages:
        for opened in page.context.pages[1:]:
            opened.close()
    return ticked_ms


@pytest.fixture(scope="module")
def clicks(browser: Browser) -> Iterator[dict[str, dict[str, Any]]]:
    """Every case's click event, by the case's name."""
    web = Web()
    web.pages["/api"] = lambda path: (200, "application/json", b"{}", {})
    # A window each, for what is behind others hardly moves.
    windows = [browser.new_context(viewport=VIEWPORT).new_page() for _ in CASES[::ROUNDS]]
    ticked_ms = 0.0
    for number in range(ROUNDS):
        cases = CASES[number::ROUNDS]
        ticked_ms += _click(web, windows[: len(cases)], cases)
    for window in windows:
        window.context.close()
    names = {f"{web.url}/{number}": case.name for number, case in enumerate(CASES)}

    def come() -> dict[str, dict[str, Any]] | None:
        found = {names[event["url"]]: event for event in web.events("click") if event["url"] in names}
        if len(found) < len(names):
            return None
        return {**found, BESIDE_A_CLOCK: {**found[BESIDE_A_CLOCK], "ticked": ticked_ms}}

    yield web.wait(come, "a click of every case")
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
    event = clicks[BESIDE_A_CLOCK]
    assert event["watched_before_ms"] >= WATCHED_MS
    assert event["watched_after_ms"] >= 6900
    assert 15 <= event["mutation_pace"] <= 25
    assert event["any_mutation_ms"] <= event["ticked"]


def test_scrolling_up_at_a_click_is_an_answer_however_much_was_scrolled_before(web: Web, page: Page) -> None:
    body = "<div style='height:3000px'></div><button id=x onclick='window.scrollTo(0, 0)'>Top</button>"
    start(page, web.page(body))
    page.mouse.move(100, 100)
    for _ in range(30):
        page.mouse.wheel(0, 100)
        page.evaluate("() => new Promise(requestAnimationFrame)")
    page.wait_for_function("() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1")
    page.evaluate(
        """() => { addEventListener('click', ({ timeStamp }) => { window.clicked = timeStamp })
            addEventListener('scroll', () => { if (window.clicked) window.answered = performance.now() }, true) }"""
    )
    page.locator("#x").click()
    answered_ms = page.wait_for_function("() => scrollY == 0 && window.answered - clicked").json_value()
    leave(page)
    [event] = web.wait(lambda: web.events("click"))
    assert event["scroll_ms"] <= answered_ms
