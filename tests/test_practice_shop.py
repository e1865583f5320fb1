"""The practice shop end to end: every planted fault is in the list of struggles, in order, and nothing else above."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from werkzeug.serving import make_server

from tests.chromium import FLAGS, installed
from tests.kit.house import Server
from tracker.demo import create_demo

pytestmark = pytest.mark.browser

MUG = "/product/river-mug"
PATIENCE_S = 30
Act = Callable[[Page], None]
Planned = tuple[str, str, str | None, int]


def press(page: Page, what: Locator) -> None:
    what.scroll_into_view_if_needed()
    page.wait_for_timeout(150)  # a person scrolls first and clicks then; else the scrolling would be the answer
    what.click()
    page.wait_for_timeout(400)


def click(text: str) -> Act:
    return lambda page: press(page, page.get_by_text(text, exact=True).first)


def click_picture(page: Page) -> None:
    press(page, page.locator("figure.zoom"))


def leave_at_once(page: Page) -> None:
    page.get_by_role("link", name="Costs and times").click()
    page.wait_for_url("**/delivery")
    page.wait_for_timeout(1500)
    page.go_back()
    page.wait_for_url("**/basket")
    page.wait_for_timeout(300)


def scroll_about(page: Page) -> None:
    for _ in range(3):
        for turn in (1, -1):
            for _ in range(4):
                page.mouse.wheel(0, 220 * turn)
                page.wait_for_timeout(120)
            page.wait_for_timeout(200)


def pay(page: Page) -> None:
    page.get_by_label("Your name").press_sequentially("Ola")
    page.get_by_label("Phone").press_sequentially("012345")
    for _ in range(2):
        page.get_by_role("button", name="Pay now").click()
        page.wait_for_timeout(500)


def swipe(page: Page) -> None:
    box = page.locator("#slides").bounding_box()
    assert box
    debugger = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2

    def touch(kind: str, *points: dict[str, float]) -> None:
        debugger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for step in range(1, 8):
        touch("touchMove", {"x": x - 15 * step, "y": y})
    touch("touchEnd")
    page.wait_for_timeout(1500)


# Page, what is wrong there by the list's words, how many of the visitors meet it, and how.
PLANTED: tuple[tuple[str, str, str | None, int, Act], ...] = (
    ("/", "dead", "Surprise me", 4, click("Surprise me")),
    (MUG, "false_affordance", None, 3, click_picture),
    ("/basket", "error_click", "Apply coupon", 3, click("Apply coupon")),
    ("/", "dead", "All 214 reviews", 2, click("All 214 reviews")),
    ("/basket", "error_click", "Add gift wrap", 2, click("Add gift wrap")),
    ("/basket", "slow", "Work out delivery", 1, click("Work out delivery")),
    ("/", "false_affordance", None, 1, click("Meet the potters")),
    (MUG, "false_affordance", None, 1, click("Size guide")),
)
# What is counted of a page or a form: where it begins, where it is counted, as what, and how many meet it.
BESIDE: tuple[tuple[str, str, str, int, Act], ...] = (
    ("/", "/", "dead_swipe", 1, swipe),
    ("/basket", "/delivery", "quick_back", 2, leave_at_once),
    ("/delivery", "/delivery", "scroll_hunt", 1, scroll_about),
    ("/checkout", "/checkout", "form_resubmit", 2, pay),
)
# What works: everybody does it, and none of it may be reported.
WORKS: tuple[tuple[str, Act], ...] = (
    ("/", click("How long does delivery take?")),
    ("/teas", click("Cheapest first")),
    (MUG, click("Add to basket")),
)


@pytest.fixture
def shop(server: Server) -> Iterator[tuple[str, str]]:
    """The shop on a port of its own, tagged for a site of the real server: its address and the site's key."""
    key = server.add_site("Practice", "127.0.0.1")
    tag = f'<script async data-site="{key}" src="{server.url}/js/footfall.js"></script>'
    serving = make_server("127.0.0.1", 0, create_demo(tag, slow_s=2.5), threaded=True)
    thread = threading.Thread(target=serving.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}", key
    serving.shutdown()
    serving.server_close()
    thread.join()


def arrive(browser: Browser, number: int) -> BrowserContext:
    """Return the `number`th visitor's window, in a browser of an own kind, by which visitors are told apart."""
    agent = f"Mozilla/5.0 (X11; Linux x86_64; rv:{120 + number}.0) Gecko/20100101 Firefox/140.0"
    own = browser.browser_type.launch(executable_path=installed(), args=[*FLAGS, f"--user-agent={agent}"])
    return own.new_context(has_touch=True)


def todo(path: str, number: int) -> list[Act]:
    """Return what the `number`th visitor does on a page."""
    acts = [act for where, act in WORKS if where == path]
    return acts + [act for where, _signal, _text, visitors, act in PLANTED if where == path and number < visitors]


def walk_about(visitors: Sequence[BrowserContext], shop: str) -> None:
    """Have everybody go from page to page, each in a tab that stays open, so that evidence becomes final."""
    paths = dict.fromkeys(place[0] for place in (*WORKS, *PLANTED))
    rounds = [(path, [todo(path, number) for number in range(len(visitors))]) for path in paths]
    rounds += [
        (start, [[act] if number < many else [] for number in range(len(visitors))])
        for start, _path, _signal, many, act in BESIDE
    ]
    for path, everybody in rounds:
        pages = []
        for visitor, acts in zip(visitors, everybody, strict=True):
            if acts:
                page = visitor.new_page()
                page.goto(shop + path)
                page.wait_for_function("() => Boolean(window.footfall)")
                page.mouse.move(5, 5)
                pages.append((page, acts))
        pages[-1][0].wait_for_timeout(3200 if path == "/" else 300)  # the clock and the quotes are seen to move
        for page, acts in pages:
            for act in acts:
                act(page)
        pages[-1][0].wait_for_timeout(1200)  # a tab that is left sooner would count as an answer


def struggles(server: Server, site: str, token: str) -> list[dict[str, Any]]:
    status, body = server.request(
        "GET",
        f"/api/v1/sites/{site}/reports/struggles?range=today&bots=in",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert status == 200, body
    rows: list[dict[str, Any]] = json.loads(body)["rows"]
    return rows


def fits(rows: Sequence[dict[str, Any]], expected: Sequence[Planned]) -> bool:
    """Tell whether the rows are the planted faults and no others, each met by as many as planned."""
    found = sorted((row["path"], row["signal"], str(row["element_text"]), row["visitors"]) for row in rows)
    return found == sorted((path, signal, str(text), many) for path, signal, text, many in expected)


@pytest.mark.timeout(240)
def test_every_planted_fault_is_found_and_ranked(server: Server, browser: Browser, shop: tuple[str, str]) -> None:
    address, key = shop
    visitors = [arrive(browser, number) for number in range(4)]
    walk_about(visitors, address)
    visitors[0].pages[0].wait_for_timeout(7200)  # what a click's evidence takes to be final
    for visitor in visitors:
        for page in visitor.pages:
            page.goto("about:blank")
    token = server.add_key("--site", key)
    expected: list[Planned] = [planted[:4] for planted in PLANTED]
    # the second time that the phone is refused, nothing is to be seen any more
    expected.append(("/checkout", "dead", "Pay now", 2))
    until = time.monotonic() + PATIENCE_S
    while True:
        rows = struggles(server, key, token)
        named = [row for row in rows if row["signal"] in {signal for _, signal, *_ in PLANTED}]
        if fits(named, expected) or time.monotonic() > until:
            break
        time.sleep(0.3)
    for visitor in visitors:
        assert visitor.browser
        visitor.browser.close()
    assert fits(named, expected), [(row["path"], row["element_text"], row["visitors"]) for row in named]
    # by visitors, of which those that a graver signal met count for more
    for signal in {row["signal"] for row in named}:
        met = [row["visitors"] for row in named if row["signal"] == signal]
        assert met == sorted(met, reverse=True), signal
    met = [row["visitors"] for row in named]
    assert all(one >= later - 1 for number, one in enumerate(met) for later in met[number:])
    beside = {(row["path"], row["signal"]): row["visitors"] for row in rows}
    for _, path, signal, many, _ in BESIDE:
        assert 1 <= beside.get((path, signal), 0) <= many, (path, signal)
    known = {signal for _, signal, *_ in PLANTED} | {signal for _, _, signal, *_ in BESIDE}
    # whoever opens one tab after the other goes to and fro, which is told as well
    assert {row["signal"] for row in rows} <= known | {"script_error", "form_abandon", "loop"}
    assert {row["path"] for row in rows if row["signal"] == "script_error"} <= {"/basket"}
