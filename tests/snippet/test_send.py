"""How beacons get to the collector, and what each of its answers changes."""

import pytest
from playwright.sync_api import Page

from tests.kit.browser import Answer, Beacon, Web
from tests.snippet.further import hold

pytestmark = pytest.mark.browser

# Counts the answers that the page has heard, each after whoever asked has had it.
LISTEN = """{ const ask = fetch
    window.heard = 0
    window.fetch = (...given) => ask(...given).finally(() => setTimeout(() => heard++)) }"""


def _open(web: Web, page: Page) -> None:
    page.goto(web.page("<body>Hello</body>"))
    page.wait_for_function("window.footfall?.live")


def _send(page: Page, count: int, size: int = 0) -> None:
    page.evaluate(
        "([count, size]) => { for (let i = 0; i < count; i++) footfall('e' + i, { text: 'x'.repeat(size) }) }",
        [count, size],
    )


def _ids(beacon: Beacon) -> set[str]:
    return {event["id"] for event in beacon.body["events"]}


def _names(web: Web) -> list[str]:
    return sorted(event["name"] for event in web.events("custom"))


def test_ten_events_go_at_once(web: Web, page: Page) -> None:
    hold(page, 5000)  # no quiet time sends them
    _open(web, page)
    _send(page, 9)
    web.wait(lambda: web.beacons)
    assert len(web.beacons[0].body["events"]) >= 10


def test_fewer_go_after_five_quiet_seconds(web: Web, page: Page) -> None:
    _open(web, page)
    web.wait(lambda: web.beacons)
    event = web.beacons[0].body["events"][0]
    assert 4500 <= web.beacons[0].body["sent_at"] - event["at"] <= 9000


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_busy_collector_is_left_alone_for_as_long_as_it_asks(web: Web, page: Page, status: int) -> None:
    web.answers = [Answer(status, {"Retry-After": "2"})]
    page.add_init_script(LISTEN)
    _open(web, page)
    _send(page, 10)
    page.wait_for_function("heard")
    _send(page, 10)
    web.wait(lambda: len(web.beacons) >= 2)
    first, later = web.beacons[0], web.beacons[1:]
    assert min(beacon.at for beacon in later) - first.at >= 1.9
    assert _ids(first) <= set().union(*map(_ids, later))
    assert len(web.events("custom")) == 20


def test_a_batch_is_tried_four_times_and_no_more(web: Web, page: Page) -> None:
    web.always = Answer(503, {"Retry-After": "0.1"})
    _open(web, page)
    _send(page, 10)
    tries = web.wait(lambda: len(web.beacons) >= 4 and list(web.beacons))
    page.wait_for_timeout(500)
    assert sum(_ids(tries[0]) <= _ids(beacon) for beacon in web.beacons) == 4


def test_a_page_that_goes_sends_what_waits_for_a_busy_collector(web: Web, page: Page) -> None:
    web.answers = [Answer(503, {"Retry-After": "60"})]
    page.add_init_script(LISTEN)
    _open(web, page)
    _send(page, 10)
    page.wait_for_function("heard")
    _send(page, 2)
    page.goto("about:blank")
    web.wait(lambda: len(web.beacons) >= 2 and len(_ids(web.beacons[-1])) >= 12)


def test_an_unknown_site_ends_it_for_the_page(web: Web, page: Page) -> None:
    web.answers = [Answer(404)]
    page.add_init_script(LISTEN)
    _open(web, page)
    _send(page, 10)
    page.wait_for_function("heard")
    _send(page, 10)
    page.wait_for_timeout(700)
    page.goto("about:blank")
    page.wait_for_timeout(300)
    assert len(web.beacons) == 1


def test_no_body_reaches_48_kib(web: Web, page: Page) -> None:
    _open(web, page)
    page.evaluate("for (let i = 0; i < 60; i++) footfall('e' + i, { text: '\u20ac'.repeat(500) })")
    web.wait(lambda: len(_names(web)) == 60)
    assert max(len(beacon.raw) for beacon in web.beacons) < 48 * 1024


def test_nothing_is_lost_when_the_page_goes_away(web: Web, page: Page) -> None:
    _open(web, page)
    page.evaluate("footfall('last')")
    page.goto("about:blank")
    web.wait(lambda: _names(web) == ["last"])


def test_a_click_is_sent_at_once_when_the_page_goes_away(web: Web, page: Page) -> None:
    page.goto(web.page("<body><a id=x href='/next'>Next</a></body>"))
    web.page("<body>Next</body>", "/next")
    page.wait_for_function("window.footfall?.live")
    page.click("#x")
    [click] = web.wait(lambda: web.events("click"))
    assert click["navigation_ms"] < 3000
    assert click["watched_after_ms"] < 3000


def test_the_endpoint_can_be_another(web: Web, page: Page) -> None:
    other = Web()
    web.tag = web.tag and web.tag.replace("data-site", f'data-endpoint="{other.url}/collect" data-site')
    _open(web, page)
    page.goto("about:blank")
    other.wait(lambda: other.events("view"))
    assert web.beacons == []
    other.close()
