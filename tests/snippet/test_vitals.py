"""How fast a page came and answered: one event for the view that was loaded."""

import pytest
from playwright.sync_api import Page

from tests.kit.browser import STATIC_JS, Web
from tests.snippet.further import HIDE, hold, leave, told, visit

pytestmark = pytest.mark.browser

# The words come late and are the largest; the button blocks; a line is put above the rest.
BODY = """<h1 id=head>Teas</h1><div id=above></div><button id=slow>Order</button><hr style='height:300px'>
<p id=words></p><script>
slow.onclick = () => { const end = performance.now() + 260; while (performance.now() < end); slow.textContent = 'Done' }
setTimeout(() => { above.style.height = '120px' }, 500)
setTimeout(() => { words.textContent = 'Green tea '.repeat(200) }, 900)
</script>"""
# What browsers tell of in their own time, long after it is to be seen on a busy machine.
FIRST_PAINT = "paint", "name == 'first-contentful-paint'"
LARGEST_PAINT = "largest-contentful-paint", "element?.id == 'words'"
CLICK = "event", "name == 'click' && interactionId"


def _told_of(page: Page, kind: str, which: str) -> tuple[int, int]:
    """Wait until the page was told of an entry, and has had a turn since.

    Return when it began and the longest that any so far took, in ms.
    """
    began_ms, longest_ms = page.evaluate(
        f"""() => new Promise((done) => {{
            let longest = 0
            const observer = new PerformanceObserver((list) => {{
                for (const {{ duration }} of list.getEntries()) longest = Math.max(longest, duration)
                const found = list.getEntries().find(({{ name, element, interactionId }}) => {which})
                if (!found) return
                observer.disconnect()
                setTimeout(() => setTimeout(() => done([found.startTime, longest])))
            }})
            observer.observe({{ type: '{kind}', buffered: true, durationThreshold: 16 }}) }})"""
    )
    return int(began_ms), int(longest_ms)


def test_one_event_tells_all_five(web: Web, page: Page) -> None:
    visit(web, page, BODY)
    first_ms, _ = _told_of(page, *FIRST_PAINT)
    largest_ms, _ = _told_of(page, *LARGEST_PAINT)
    page.click("#slow")
    _, slowest_ms = _told_of(page, *CLICK)  # it lasts until the next frame, and a page left before has none
    leave(page)
    [vitals] = told(web, "vitals")
    assert 0 < vitals["ttfb_ms"] <= vitals["fcp_ms"] == first_ms
    assert first_ms < vitals["lcp_ms"] == largest_ms >= 900
    assert vitals["inp_ms"] == slowest_ms >= 250
    assert 10 <= vitals["cls_permille"] <= 500
    assert vitals["properties"] == {"lcp_element": "#words", "inp_element": "#slow"}
    assert vitals["id"].split("-")[0] == web.events("view")[0]["id"].split("-")[0]


def test_it_goes_along_with_the_last_beacon(web: Web, page: Page) -> None:
    hold(page, 5000)  # no beacon goes before the last, however long it takes to get here
    visit(web, page, BODY)
    leave(page)
    told(web, "vitals")
    page.wait_for_timeout(300)
    assert len(web.beacons) == 1


def test_an_interaction_just_before_leaving_is_in_it(web: Web, page: Page) -> None:
    visit(web, page, BODY)
    page.click("#slow")
    _told_of(page, *CLICK)
    page.evaluate(HIDE, True)
    assert told(web, "vitals")[0]["inp_ms"] >= 250


def test_a_page_that_does_not_shift_tells_nought(web: Web, page: Page) -> None:
    visit(web, page, "<h1>Still</h1>")
    _told_of(page, *FIRST_PAINT)
    leave(page)
    [vitals] = told(web, "vitals")
    assert vitals["cls_permille"] == 0
    assert "inp_ms" not in vitals


def test_only_the_loaded_view_has_one(web: Web, page: Page) -> None:
    visit(web, page, BODY)
    page.evaluate("history.pushState(0, 0, '/soft')")
    page.click("#slow")
    page.evaluate(HIDE, True)
    page.evaluate(HIDE, False)
    leave(page)
    web.wait(lambda: len(web.events("engagement")) >= 2)
    assert [vitals["url"] for vitals in web.events("vitals")] == [web.url + "/"]


def test_the_library_is_named_with_its_licence() -> None:
    first_line = (STATIC_JS / "vitals.js").read_text().splitlines()[0]
    assert first_line.startswith("/*! web-vitals 6.") and "Apache-2.0" in first_line
    assert "Apache License" in (STATIC_JS / "web-vitals.LICENSE.txt").read_text()
