"""Pages on the narrowest screen that they have to fit on, which is also a wide one at four times the size."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.kit.pages import Person
from tests.reports.dashboard.test_browser import open_page
from tracker.sites import SiteInfo

NARROW = {"width": 320, "height": 640}
LEAVES = """() => {
  const menus = [...document.querySelectorAll("details.menu")];
  const leaves = (menu) => {
    menus.forEach((one) => (one.open = one === menu));
    return document.documentElement.scrollWidth > innerWidth;
  };
  return [menus.length, [null, ...menus].filter(leaves).map((menu) => menu?.textContent ?? "the page")];
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
