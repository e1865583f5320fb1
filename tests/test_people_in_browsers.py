"""Two browsers, two people: what the profile's page says of them and why, from the tag on, in real Chromiums."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.kit.browser import Web
from tests.kit.house import Server
from tests.snippet.further import HIDE, have_further, leave
from tests.snippet.identity import heard

pytestmark = pytest.mark.browser

PATIENCE_MS = 20_000
SHOP = """
<h1>Shop</h1>
<button onclick="footfall('consent', 'granted')">I agree</button>
<button onclick="footfall('identify', 'anna@example.org')">Anna signs in</button>
<button onclick="footfall('identify', 'ben@example.org')">Ben signs in</button>
<button onclick="footfall('identify', null)">Sign out</button>
<a href="/basket">Basket</a>
"""


@pytest.fixture
def shop(server: Server, web: Web) -> str:
    """A shop with the tag of a stitched site on the real server; gives the site's key."""
    key = server.add_site("Shop of two", "127.0.0.1")
    web.tag = f'<script async data-site="{key}" src="{server.url}/js/footfall.js"></script>'
    for path in ("/", "/account", "/basket"):
        web.page(SHOP, path)
    return key


@pytest.fixture
def owner(server: Server, browser: Browser, shop: str) -> Iterator[Page]:
    """Somebody who signed in to Footfall and put the site into the mode stitched."""
    email, password = server.add_owner("owner-of-two@example.org")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))
    page.goto(f"{server.url}/sites/{shop}/settings")
    page.locator("input[name=privacy_mode][value=stitched]").check()
    with page.expect_navigation():
        page.locator("form:has(input[name=privacy_mode]) button.primary").click()
    expect(page.locator("input[name=privacy_mode][value=stitched]")).to_be_checked()
    yield page
    context.close()


@pytest.fixture
def device(browser: Browser) -> Iterator[Callable[[str, int], Page]]:
    """Open a browser of its own with an agent and a width."""
    contexts: list[BrowserContext] = []

    def arrive(agent: str, width: int) -> Page:
        context = browser.new_context(user_agent=agent, viewport={"width": width, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield arrive
    for context in contexts:
        context.close()


def visit(page: Page, web: Web, path: str, *buttons: str) -> None:
    """Open a page, press its buttons, and leave when what they wish is done, so that all is sent."""
    page.goto(web.url + path)
    have_further(page)  # then there is something to send at the end, whatever went before
    for name in buttons:
        page.get_by_role("button", name=name).click()
        heard(page)
        if name == "I agree":  # the looks of the browser go along, and are marked as sent
            page.wait_for_function("() => localStorage.footfall?.split('.').length == 3")
    with page.expect_response(lambda answer: answer.url.endswith("/collect"), timeout=PATIENCE_MS):
        page.evaluate(HIDE, True)
    leave(page)


def test_two_devices_two_people_and_why(
    server: Server, web: Web, shop: str, owner: Page, device: Callable[[str, int], Page]
) -> None:
    phone = device(
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36", 390
    )
    laptop = device(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", 1280
    )
    visit(phone, web, "/", "I agree")
    visit(phone, web, "/account", "Anna signs in")
    visit(laptop, web, "/", "I agree")
    visit(laptop, web, "/account", "Anna signs in")
    visit(laptop, web, "/basket", "Sign out")
    visit(laptop, web, "/account", "Ben signs in")
    server.wait_until_loaded()

    owner.goto(f"{server.url}/sites/{shop}/profiles?range=today&bots=in")
    owner.get_by_label("Find by login").fill("anna@example.org")
    owner.get_by_role("button", name="Find").click()
    expect(owner.get_by_role("heading", name="Why these belong together")).to_be_visible()
    anna = owner.url
    assert "anna" not in anna
    owner.wait_for_load_state()
    text = owner.locator("main").inner_text()
    assert "Pixel" in text or "mobile" in text
    assert "desktop" in text
    assert "Signed in on this browser with this login" in text
    assert "2 visits" in text
    assert re.search(r"Set aside: it would make two logins one", text)

    owner.goto(f"{server.url}/sites/{shop}/profiles/conflicts")
    assert "1" in owner.locator("main").inner_text()
    owner.goto(f"{server.url}/sites/{shop}/profiles?range=today&bots=in")
    owner.get_by_label("Find by login").fill("ben@example.org")
    owner.get_by_role("button", name="Find").click()
    expect(owner.get_by_role("heading", name="Why these belong together")).to_be_visible()
    assert owner.url.partition("?")[0] != anna.partition("?")[0]
    owner.wait_for_load_state()
    text = owner.locator("main").inner_text()
    assert "1 visit with 1 view" in text  # from when he signed in; what was before is Anna's
    assert "Set aside: it would make two logins one" in text

    owner.get_by_role("button", name="One person: merge them").click()
    expect(owner.get_by_role("heading", name="Decided")).to_be_visible()
    owner.goto(anna)
    assert "3 visits with 6 views" in owner.locator("main").inner_text()
