"""Pages where there is little room: on the narrowest screen that they have to fit on, with long names, on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.kit.pages import EMAIL, Person, open_page
from tracker.conditions import Condition
from tracker.goals import GoalInfo, save_goal
from tracker.house import House
from tracker.sites import LONGEST_NAME, SiteInfo, create_site

NARROW = {"width": 320, "height": 640}
LEAVES = """() => {
  const menus = [...document.querySelectorAll("details.menu")];
  const leaves = (menu) => {
    menus.forEach((one) => (one.open = one === menu));
    return document.documentElement.scrollWidth > innerWidth;
  };
  return [menus.length, [null, ...menus].filter(leaves).map((menu) => menu?.textContent ?? "the page")];
}"""
IN_SIGHT = """() => {
  const field = document.activeElement, { left, width, bottom } = field.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, bottom - 4) === field;
}"""

pytestmark = pytest.mark.browser


@pytest.fixture
def page(sample: SiteInfo, browser: Browser, pages_url: str, owner: Person) -> Iterator[Page]:
    page = open_page(browser, pages_url, viewport=NARROW)
    yield page
    page.context.close()


@pytest.mark.parametrize(("path", "menus"), [("", 10), ("reports/pages", 4), ("heatmap", 5), ("goals", 0)])
def test_no_page_and_no_menu_of_it_leaves_the_screen(page: Page, sample: SiteInfo, path: str, menus: int) -> None:
    answered = page.goto(f"/sites/{sample.key}/{path}")
    assert answered and answered.ok
    assert page.evaluate(LEAVES) == [menus, []]


def test_no_name_is_so_long_that_it_leaves_the_screen(page: Page, house: House) -> None:
    with house.database.session() as session:
        site = create_site(session, "W" * LONGEST_NAME, ["long.example"], "UTC")
        save_goal(session, site.id, GoalInfo("G" * 64, Condition("path", path="/" + "p" * 200)), EMAIL)
        home = f"/sites/{site.key}"
    house.sites.forget()
    for path in ("/sites", f"{home}/", f"{home}/settings", f"{home}/goals?change={'G' * 64}"):
        answered = page.goto(path)
        assert answered and answered.ok, path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_paper_says_of_which_days_and_of_whom_the_numbers_are(page: Page, sample: SiteInfo) -> None:
    page.emulate_media(media="print")
    page.goto(f"/sites/{sample.key}/?range=7d&filter=device:is:mobile")
    told = ["Who: People only", "Compared to: vs the days before", "Range: Last 7 days"]
    expect(page.locator("summary:visible").filter(has=page.locator(".unseen"))).to_have_text(told)
    expect(page.locator(".chips")).to_contain_text("Device is Mobile")
    for button in page.locator("summary", has_text="Filter"), page.locator(".dots").first:
        expect(button).to_be_hidden()


def test_the_keyboard_reaches_no_field_behind_the_buttons_that_stay(page: Page, sample: SiteInfo) -> None:
    page.goto(f"/sites/{sample.key}/signals")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    page.locator("#limits input").first.focus()
    fields = page.locator("#limits input").count()
    reached = 1
    while page.evaluate("document.activeElement.matches('#limits input')"):
        assert page.evaluate(IN_SIGHT), page.evaluate("document.activeElement.name")
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.matches('#limits summary')"):
            page.keyboard.press("Tab")
        reached += 1
    assert reached == fields + 1
