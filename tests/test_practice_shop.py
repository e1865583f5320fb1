"""The practice shop end to end: every planted fault is in the list of struggles, in order, and nothing else above."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Playwright, async_playwright
from werkzeug.serving import make_server

from tests.chromium import FLAGS, installed
from tests.kit.ground import apart
from tests.kit.house import Server
from tests.snippet.further import CAME, RUN
from tracker.demo import create_demo

pytestmark = pytest.mark.browser

MUG = "/product/river-mug"
PATIENCE_S = 30
Act = Callable[[Page], Awaitable[None]]
Planned = tuple[str, str, str | None, int]


async def press(page: Page, what: Locator) -> None:
    await what.scroll_into_view_if_needed()
    await page.wait_for_timeout(150)  # a person scrolls first and clicks then; else the scrolling would be the answer
    await what.click()
    await page.wait_for_timeout(400)


def click(text: str) -> Act:
    return lambda page: press(page, page.get_by_text(text, exact=True).first)


async def click_picture(page: Page) -> None:
    await press(page, page.locator("figure.zoom"))


async def work_out(page: Page) -> None:
    async with page.expect_response("**/api/delivery"):
        await press(page, page.get_by_role("button", name="Work out delivery"))
    await page.wait_for_timeout(300)


async def leave_at_once(page: Page) -> None:
    await page.get_by_role("link", name="Costs and times").click()
    await page.wait_for_url("**/delivery")
    await page.wait_for_timeout(1500)
    await page.go_back()
    await page.wait_for_url("**/basket")
    await page.wait_for_timeout(300)


async def scroll_about(page: Page) -> None:
    for _ in range(3):
        for turn in (1, -1):
            for _ in range(4):
                await page.mouse.wheel(0, 220 * turn)
                await page.wait_for_timeout(120)
            await page.wait_for_timeout(200)


async def pay(page: Page) -> None:
    await page.get_by_label("Your name").press_sequentially("Ola")
    await page.get_by_label("Phone").press_sequentially("012345")
    for _ in range(2):
        await page.get_by_role("button", name="Pay now").click()
        await page.wait_for_timeout(500)


async def swipe(page: Page) -> None:
    box = await page.locator("#slides").bounding_box()
    assert box
    debugger = await page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2

    async def touch(kind: str, *points: dict[str, float]) -> None:
        await debugger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    await touch("touchStart", {"x": x, "y": y})
    for step in range(1, 8):
        await touch("touchMove", {"x": x - 15 * step, "y": y})
    await touch("touchEnd")
    await page.wait_for_timeout(1500)


# Page, what is wrong there by the list's words, how many of the visitors meet it, and how.
PLANTED: tuple[tuple[str, str, str | None, int, Act], ...] = (
    ("/", "dead", "Surprise me", 4, click("Surprise me")),
    (MUG, "false_affordance", None, 3, click_picture),
    ("/basket", "error_click", "Apply coupon", 3, click("Apply coupon")),
    ("/", "dead", "All 214 reviews", 2, click("All 214 reviews")),
    ("/basket", "error_click", "Add gift wrap", 2, click("Add gift wrap")),
    ("/basket", "slow", "Work out delivery", 1, work_out),
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


def todo(path: str, number: int) -> list[Act]:
    """Return what the `number`th visitor does on a page."""
    acts = [act for where, act in WORKS if where == path]
    return acts + [act for where, _signal, _text, visitors, act in PLANTED if where == path and number < visitors]


async def walk_about(playwright: Playwright, number: int, shop: str) -> None:
    """Go from page to page as the `number`th visitor, in a browser of an own kind, by which visitors are told apart.

    Each page has a tab that stays open until the last click's evidence is final.
    """
    agent = f"Mozilla/5.0 (X11; Linux x86_64; rv:{120 + number}.0) Gecko/20100101 Firefox/140.0"
    browser = await playwright.chromium.launch(executable_path=installed(), args=[*FLAGS, f"--user-agent={agent}"])
    visitor = await browser.new_context(has_touch=True)
    paths = dict.fromkeys(place[0] for place in (*WORKS, *PLANTED))
    rounds = [(path, todo(path, number)) for path in paths]
    rounds += [(start, [act]) for start, _path, _signal, many, act in BESIDE if number < many]
    for path, acts in rounds:
        page = await visitor.new_page()
        await page.goto(shop + path)
        await page.wait_for_function(CAME)  # swipes, scrolling and forms are seen by the further files
        await page.evaluate(RUN)
        await page.mouse.move(5, 5)
        await page.wait_for_timeout(3200 if path == "/" else 300)  # the clock and the quotes are seen to move
        for act in acts:
            await act(page)
        await page.wait_for_timeout(1200)  # a tab that is left sooner would count as an answer
    await page.wait_for_timeout(7200)  # what a click's evidence takes to be final
    for page in visitor.pages:
        await page.goto("about:blank")
    await browser.close()


async def visit(visitors: int, shop: str) -> None:
    """Have everybody walk about in the shop at once."""
    async with async_playwright() as playwright:
        await asyncio.gather(*(walk_about(playwright, number, shop) for number in range(visitors)))


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
@pytest.mark.usefixtures("browser")  # for without a Chromium there is nothing to see
def test_every_planted_fault_is_found_and_ranked(server: Server, shop: tuple[str, str]) -> None:
    address, key = shop
    apart(visit(4, address))
    token = server.add_key(key)
    expected: list[Planned] = [planted[:4] for planted in PLANTED]
    # the second time that the phone is refused, nothing is to be seen any more
    expected.append(("/checkout", "dead", "Pay now", 2))
    until = time.monotonic() + PATIENCE_S
    while True:
        rows = struggles(server, key, token)
        named = [row for row in rows if row["signal"] in {signal for _, signal, *_ in PLANTED}]
        beside = {(row["path"], row["signal"]): row["visitors"] for row in rows}
        every = fits(named, expected) and all((path, signal) in beside for _, path, signal, *_ in BESIDE)
        if every or time.monotonic() > until:
            break
        time.sleep(0.3)
    assert fits(named, expected), [(row["path"], row["element_text"], row["visitors"]) for row in named]
    # by visitors, of which those that a graver signal met count for more
    for signal in {row["signal"] for row in named}:
        met = [row["visitors"] for row in named if row["signal"] == signal]
        assert met == sorted(met, reverse=True), signal
    met = [row["visitors"] for row in named]
    assert all(one >= later - 1 for number, one in enumerate(met) for later in met[number:])
    for _, path, signal, many, _ in BESIDE:
        assert 1 <= beside.get((path, signal), 0) <= many, (path, signal)
    known = {signal for _, signal, *_ in PLANTED} | {signal for _, _, signal, *_ in BESIDE}
    # whoever opens one tab after the other goes to and fro, which is told as well
    assert {row["signal"] for row in rows} <= known | {"script_error", "form_abandon", "loop"}
    assert {row["path"] for row in rows if row["signal"] == "script_error"} <= {"/basket"}
