"""The pages in a real browser: accessible by axe's rules, nothing from elsewhere, no error, no sideways scrolling."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.kit.everypage import every_page
from tests.kit.pages import EMAIL, Person, dead_click, load, open_page, visit_of
from tests.kit.people import People
from tests.snippet.further import hold, let_go
from tracker.house import House
from tracker.identity.hand import take_back
from tracker.sites import SiteInfo, create_site, describe

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 800}
# What other looks of the same page may break: the dark has other colours and no more, a phone other places and sizes,
# and colours only where it shows what a wide screen does not.
OF_COLOURS, OF_PLACES = ["color-contrast", "link-in-text-block"], ["target-size"]
HIDDEN = "window.hidden = [...document.querySelectorAll('body *')].filter((one) => !one.checkVisibility())"
APPEARS = "hidden.some((one) => one.checkVisibility())"

# Scripts hear of a new size after a frame began, so the next one has all in its place.
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

SHIFTED = """new Promise(resolve => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => (sum += one.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 300);
})"""

# Pages that are looked at though they refuse something, by what their addresses end with; one of the shares is locked.
MAY_REFUSE = {"/nowhere$": 404, "&least=x$": 400, "/share/[^/]+/$": 403}

ANN, BEN, SHOWN, DAY, BROWSERS = 2001, 2002, 3001, 4001, (1001, 1002, 1003)

pytestmark = pytest.mark.browser


@pytest.fixture
def signed_in(browser: Browser, pages_url: str, owner: Person) -> Iterator[Page]:
    page = open_page(browser, pages_url, viewport=WIDE)
    yield page
    page.context.close()


def violations(page: Page, only: list[str] | None = None) -> list[str]:
    """Return what breaks all rules of `RULES`, or only these."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)  # by the debugger's door, which the page's content security policy does not rule
    asked = {"runOnly": {"type": "rule", "values": only} if only else RULES, "resultTypes": ["violations"]}
    found = page.evaluate("asked => axe.run(asked).then(r => r.violations)", asked)
    return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"]]


def look_at(page: Page, path: str) -> list[str]:
    """Return what is wrong with a page with all its folds open: in the light, in the dark, on a phone."""
    answered = page.goto(path)
    assert answered and answered.request.redirected_from is None, path
    assert answered.status in {200, *(status for end, status in MAY_REFUSE.items() if re.search(end, path))}, path
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach((fold) => (fold.open = true))")
    page.evaluate(f"() => {{ {HIDDEN} }}")
    found = [f"{path} {violation}" for violation in violations(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"{path} in the dark: {violation}" for violation in violations(page, OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    page.evaluate(DRAWN)
    of_phone = OF_PLACES + (OF_COLOURS if page.evaluate(APPEARS) else [])
    found += [f"{path} on a phone: {violation}" for violation in violations(page, of_phone)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path} scrolls sideways")
    page.set_viewport_size(WIDE)
    return found


def story_of(page: Page, site: SiteInfo) -> str:
    """Return the address of the newest dead click's story."""
    page.goto(f"/sites/{site.key}/examples?signal=dead")
    return page.locator("main a[href*='/stories/']").first.get_attribute("href") or ""


@pytest.mark.timeout(300)  # every page there is, three times
def test_every_page_is_accessible_in_every_look(sample: SiteInfo, signed_in: Page, house: House) -> None:
    paths = [*every_page(house, sample), story_of(signed_in, sample)]
    assert [problem for path in paths for problem in look_at(signed_in, path)] == []


@pytest.fixture
def people(house: House) -> People:
    """Ann with a laptop that Ben signed in on too, a browser known by its looks, and a tie that was taken back."""
    with house.database.session() as session:
        made = create_site(session, "Lamps", ["shop.example"], "Europe/Warsaw")
        made.privacy_mode = "stitched"
        session.flush()
        site = describe(made)
    house.sites.forget()
    people = People(house.database, house.store, site)
    people.name("first_party", *BROWSERS)
    people.name("login", ANN, BEN, first="2026-03-01 10:00")
    people.name("fingerprint", SHOWN)
    people.name("daily_hash", DAY)
    fields = [
        {"field": "fonts", "outcome": "same", "bits": 9.0},
        {"field": "version", "outcome": "newer", "bits": -1.0},
    ]
    weighed = {"evidence": {"fields": fields, "needed": 6.0}, "bits": 8.0}
    people.tie(BROWSERS[1], SHOWN, "fingerprint", "2026-03-01 09:00", evidence={"first": True})
    people.tie(BROWSERS[0], SHOWN, "fingerprint", "2026-03-02 09:00", **weighed)
    people.tie(BROWSERS[0], DAY, "first_party", "2026-03-02 09:00")
    people.tie(BROWSERS[0], ANN, "login", "2026-03-02 10:00")
    people.tie(BROWSERS[0], BEN, "login", "2026-03-05 10:00")
    wrong = people.tie(BROWSERS[2], ANN, "login", "2026-03-03 10:00")
    with house.database.session() as session:
        take_back(session, site.id, wrong, who=EMAIL, reason="Her sister's")
    house.identity.copy()
    pages = [{"url": f"https://shop.example/{path}"} for path in ("", "lamps", "basket")]
    load(house, visit_of(site, *pages, dead_click("#buy", "Buy"), visitor_id=BROWSERS[0]))
    return people


def test_people_are_accessible_in_every_look(people: People, signed_in: Page) -> None:
    own = ("", f"/{BROWSERS[0]}", f"/{BEN}", f"/{BROWSERS[2]}", "/conflicts")
    paths = [f"/sites/{people.site.key}/profiles{path}" for path in own]
    assert [problem for path in paths for problem in look_at(signed_in, path)] == []


def test_a_tie_is_taken_back_and_put_back_in_a_browser(people: People, signed_in: Page) -> None:
    page, before = signed_in, people.profiles()
    page.goto(f"/sites/{people.site.key}/profiles/{BROWSERS[0]}")
    tie = page.locator(".edge", has_text="9.0 bits")
    tie.locator("summary").click()
    tie.get_by_label("Why?").fill("Another machine")
    tie.get_by_role("button", name="Take back").click()
    page.get_by_text("It stays below, crossed out").wait_for()
    assert people.profiles() != before
    page.locator(".edge", has_text="Another machine").get_by_role("button", name="Put it back").click()
    page.get_by_text("It counts again").wait_for()
    assert people.profiles() == before


def test_the_doors_are_accessible(browser: Browser, pages_url: str) -> None:
    page = browser.new_context(base_url=pages_url).new_page()
    for path in ("/sign-in", "/welcome/old"):
        page.goto(path)
        assert violations(page) == []
    page.context.close()


def test_no_page_asks_another_server_or_writes_an_error(
    sample: SiteInfo, browser: Browser, pages_url: str, owner: Person
) -> None:
    page = open_page(browser, pages_url)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in (
        "",
        "live",
        "flow",
        "goals",
        "alerts",
        "shares",
        "members",
        "reports/funnels",
        "reports/dead-clicks",
        "reports/bounce-paths",
        "reports/pages",
        "tag",
        "settings",
    ):
        answered = page.goto(f"/sites/{sample.key}/{path}")
        assert answered and answered.ok and answered.request.redirected_from is None, path
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith("data:")}
    page.context.close()
    assert hosts == {urlsplit(pages_url).netloc}
    assert said == []


def test_the_page_that_waits_changes_by_itself(
    house: House, shop: SiteInfo, browser: Browser, pages_url: str, owner: Person
) -> None:
    page = open_page(browser, pages_url)
    page.goto(f"/sites/{shop.key}/tag")
    assert page.get_by_text("Waiting for the first event").is_visible()
    load(house, visit_of(shop, {"url": "https://shop.example/lamp"}))
    page.get_by_text("The first event arrived from /lamp").wait_for()
    page.context.close()


def test_the_tag_is_copied_by_its_button(browser: Browser, pages_url: str, owner: Person, shop: SiteInfo) -> None:
    page = open_page(browser, pages_url, permissions=["clipboard-read", "clipboard-write"])
    hold(page, 2000)
    page.goto(f"/sites/{shop.key}/tag")
    page.get_by_role("button", name="Copy the tag").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert 2000 in let_go(page)
    page.get_by_role("button", name="Copy the tag").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.context.close()
    assert copied == f'<script async src="{pages_url}/js/footfall.js" data-site="{shop.key}"></script>'


def test_the_time_zone_of_a_new_site_is_the_browsers(browser: Browser, pages_url: str, owner: Person) -> None:
    page = open_page(browser, pages_url, timezone_id="Asia/Tokyo")
    page.goto("/sites/new")
    zone = page.input_value("#zone")
    page.context.close()
    assert zone == "Asia/Tokyo"


def test_a_changed_limit_is_answered_at_once(sample: SiteInfo, browser: Browser, pages_url: str, owner: Person) -> None:
    page = open_page(browser, pages_url)
    page.goto(f"/sites/{sample.key}/signals")
    page.evaluate("window.answer = document.querySelector('#what-if')")
    page.get_by_label("Slow from").fill("2500")
    page.keyboard.press("Tab")
    page.get_by_text("Slow from: 1,000 → 2,500 ms").wait_for(timeout=30_000)
    assert page.evaluate("answer.isConnected"), "only what changes inside of it is read aloud"
    page.wait_for_url("**/signals?slow=2500")
    expect(page.locator("#what-if").get_by_role("rowheader", name="Slow click")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Apply to this site").click()
    page.get_by_text("Version 2 is in force").first.wait_for(timeout=30_000)
    page.get_by_text("turned out otherwise than before").wait_for(timeout=60_000)
    page.context.close()


def test_menus_open_by_key_and_close_by_escape(
    sample: SiteInfo, browser: Browser, pages_url: str, owner: Person, app: Flask
) -> None:
    page = open_page(browser, pages_url)
    page.goto(f"/sites/{sample.key}/")
    menu = page.locator(".scope details.menu").last
    menu.locator("summary").press("Enter")
    expect(menu.get_by_role("link", name="Last 7 days")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Last 7 days")).to_be_hidden()
    menu.locator("summary").press("Enter")
    page.locator(".numbers a").first.focus()
    assert not menu.get_by_role("link", name="Last 7 days").is_visible(), "it covers what was reached by key"
    menu.locator("summary").press("Enter")
    menu.get_by_role("link", name="Last 7 days").click()
    page.wait_for_url("**range=7d**")
    page.context.close()


def test_the_first_screen_by_pointer_and_by_keys(
    sample: SiteInfo, browser: Browser, pages_url: str, owner: Person
) -> None:
    page, home = open_page(browser, pages_url, viewport=WIDE), f"/sites/{sample.key}/"
    page.goto(home)
    assert page.evaluate(SHIFTED) == 0
    seen = page.locator(".hurts .bars").bounding_box()
    assert seen
    assert seen["y"] + 100 < WIDE["height"], "the struggles are on the first screen"

    plot = page.locator(".u-over").bounding_box()
    assert plot
    middle = plot["y"] + plot["height"] / 2
    page.mouse.move(plot["x"] + plot["width"] * 0.5, middle)
    expect(page.locator(".plot .tip")).to_have_text(re.compile(r"\d+ \w+: \d+"), use_inner_text=True)
    page.mouse.move(plot["x"] + plot["width"] * 0.4, middle)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * 0.7, middle, steps=3)
    page.mouse.up()
    page.wait_for_url(re.compile(r"range=\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d"))

    page.keyboard.press("w")
    page.wait_for_url("**range=7d**")
    tab = page.locator("#devices").get_by_role("link", name="Browsers", exact=True)
    tab.press("Enter")
    page.locator("#devices").get_by_text("Browsers in full").wait_for()
    page.wait_for_url("**devices=browsers**")
    expect(page.locator("#devices").get_by_role("link", name="Browsers", exact=True)).to_be_focused()
    expect(page.locator(".u-over")).to_have_count(1)

    page.keyboard.press("/")
    page.locator("#filter-values option").first.wait_for(state="attached")
    page.select_option("#filter-by", "country")
    page.locator("#filter-values option[value=Poland]").wait_for(state="attached")
    page.fill("#filter-value", "Pol")
    page.keyboard.press("w")  # a letter in a field is no key
    page.fill("#filter-value", "Poland")
    page.keyboard.press("Enter")
    page.locator(".chip", has_text="Country is Poland").wait_for()
    # which waits for its scripts as well, and keys do nothing before
    page.wait_for_url(lambda url: url.endswith("?range=7d&devices=browsers&filter=country%3Ais%3APL"))

    page.keyboard.press("c")
    page.get_by_role("button", name="Switch keys off").click()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    assert page.get_by_role("link", name="Today").count() == 0
    assert "range=today" not in page.url
    page.context.close()
