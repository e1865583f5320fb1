"""From a script tag to a report: scripted visitors on pages that nobody here wrote, in a real Chromium."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import FLAGS, installed
from tests.kit.browser import Web
from tests.kit.house import Server

pytestmark = pytest.mark.browser

BUTTONS = "/elements/buttons.html"
ACCORDIONS = "/components/accordions.html"
TYPOGRAPHY = "/elements/typography.html"
TABLES = "/elements/tables.html"
PATIENCE_S = 20


class Visitors:
    """Opens pages as people with different browsers would, each in a browser of its own.

    An agent set on a page alone would be forgotten in what is sent as the page goes away.
    """

    def __init__(self, browser: Browser, web: Web) -> None:
        self._launcher = browser.browser_type
        self._web = web
        self._pages: list[Page] = []

    def arrive(self, path: str) -> Page:
        agent = f"Mozilla/5.0 (X11; Linux x86_64; rv:{120 + len(self._pages)}.0) Gecko/20100101 Firefox/140.0"
        browser = self._launcher.launch(executable_path=installed(), args=[*FLAGS, f"--user-agent={agent}"])
        page = browser.new_page()
        self._pages.append(page)
        page.goto(self._web.url + path)
        page.wait_for_function("() => Boolean(window.footfall)")
        return page

    def leave(self) -> None:
        for page in self._pages:
            page.goto("about:blank")

    def close(self) -> None:
        for page in self._pages:
            assert page.context.browser
            page.context.browser.close()


@pytest.fixture
def visitors(browser: Browser, web: Web) -> Iterator[Visitors]:
    visitors = Visitors(browser, web)
    yield visitors
    visitors.close()


def click_button(text: str, *pages: Page) -> None:
    for page in pages:
        page.get_by_role("button", name=text, exact=True).first.click()
    # people wait a moment to see whether anything happens
    pages[-1].wait_for_timeout(2700)


def follow(page: Page, text: str) -> None:
    link = f"a:text-is('{text}')"
    closed = page.locator(f".docs-nav .accordion:has(input:not(:checked)):has({link})")
    if closed.count():
        closed.locator("label.accordion-header").click()
    with page.expect_navigation():
        page.locator(f".docs-nav {link}").first.click()
    page.wait_for_function("() => Boolean(window.footfall)")


@pytest.fixture
def tagged_site(server: Server, web: Web, real_pages: Path) -> str:
    """The real pages, each with the tag of a site on the real server."""
    key = server.add_site("Spectre", "127.0.0.1")
    web.folders["/"] = real_pages
    web.tag = f'<script async data-site="{key}" src="{server.url}/js/footfall.js"></script>'
    return key


def report(server: Server, site: str, token: str, name: str, **scope: str) -> dict[str, Any]:
    query = "&".join(f"{key}={value}" for key, value in {"range": "7d", "bots": "in", **scope}.items())
    status, body = server.request(
        "GET", f"/api/v1/sites/{site}/reports/{name}?{query}", headers={"Authorization": f"Bearer {token}"}
    )
    assert status == 200, body
    return json.loads(body)


def stored(server: Server, site: str, token: str) -> Counter[str]:
    """Count what is stored by its kind."""
    status, body = server.request("GET", f"/api/v1/sites/{site}/events", headers={"Authorization": f"Bearer {token}"})
    assert status == 200, body
    return Counter(event["kind"] for event in map(json.loads, body.splitlines()))


def test_the_reports_say_exactly_what_visitors_did(server: Server, visitors: Visitors, tagged_site: str) -> None:
    gave_up, gave_up_too, explorer = map(visitors.arrive, (BUTTONS, BUTTONS, TYPOGRAPHY))
    follow(explorer, "Buttons")
    click_button("default button", gave_up, gave_up_too, explorer)
    click_button("primary button", gave_up)
    follow(explorer, "Accordions")
    opener = visitors.arrive(ACCORDIONS)
    opener.locator("label.accordion-header").first.click()
    opener.wait_for_timeout(500)
    visitors.arrive(TABLES)
    visitors.leave()

    token = server.add_key(tagged_site)
    until = time.monotonic() + PATIENCE_S
    while Counter(click=8, view=7) - (came := stored(server, tagged_site, token)):
        assert time.monotonic() < until, came
        time.sleep(0.2)
    overview = report(server, tagged_site, token, "overview")["totals"]
    assert (overview["visitors"], overview["visits"], overview["views"]) == (5, 5, 7)
    assert overview["dead_clicks"] == 4

    dead = report(server, tagged_site, token, "dead-clicks")["rows"]
    found = {(row["path"], row["element_text"]): (row["dead_clicks"], row["visitors"]) for row in dead}
    assert found == {(BUTTONS, "default button"): (3, 3), (BUTTONS, "primary button"): (1, 1)}

    bounces = report(server, tagged_site, token, "bounce-paths")["rows"]
    bounced = [
        (row["trail"], row["last_signal"], row["visits"])
        for row in sorted(bounces, key=lambda row: row["entry"])
        if row["ending"] == "bounce"
    ]
    # the first gave up on one button, the second on another
    assert bounced == [([BUTTONS], "dead", 1), ([BUTTONS], "dead", 1), ([TABLES], None, 1)]

    # test browsers say that they are automated: labelled, and left out unless asked for, but never lost
    assert report(server, tagged_site, token, "overview", bots="out")["totals"]["visits"] == 0
    shown = server.footfall("report", "dead-clicks", "--site", tagged_site, "--range", "7d", "--bots", "in")
    assert shown.returncode == 0, shown.stderr
    assert "default button" in shown.stdout
