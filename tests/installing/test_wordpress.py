"""The plugin for WordPress, in a WordPress: activated and set by its owner, and seen by a visitor."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from reports.dashboard.wordpress import packed
from tests.kit.browser import SITE, Web
from tests.kit.wordpress import ADMIN, running_wordpress
from tracker.sites import SiteInfo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PATIENCE_MS = 30_000  # PHP's own server answers one after another
TAG = f'script[data-site="{SITE}"]'


@pytest.fixture(scope="module")
def wordpress() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="wp"))
    try:
        with running_wordpress(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_an_owner_uploads_it_and_visitors_are_counted(
    wordpress: str, context: BrowserContext, page: Page, web: Web, site: SiteInfo
) -> None:
    known = replace(site, key=SITE, query_parameters=frozenset(("p",)))
    owner = context.new_page()
    owner.goto(f"{wordpress}/wp-login.php")
    expect(owner.locator("#user_login")).to_be_focused(timeout=PATIENCE_MS)  # by a timer, which else may do it later
    owner.fill("#user_login", ADMIN[0])
    owner.fill("#user_pass", ADMIN[1])
    owner.click("#wp-submit")
    expect(owner.locator("#wpbody")).to_be_visible(timeout=PATIENCE_MS)
    owner.goto(f"{wordpress}/wp-admin/plugin-install.php?tab=upload")
    file = FilePayload(name="footfall.zip", mimeType="application/zip", buffer=packed(web.url, known))
    owner.set_input_files("#pluginzip", file)
    owner.click("#install-plugin-submit")
    owner.get_by_role("link", name="Activate Plugin").click()
    expect(owner.get_by_text("Plugin activated.")).to_be_visible(timeout=PATIENCE_MS)

    page.goto(f"{wordpress}/?p=1&utm_source=letter&secret=7")
    assert page.locator(TAG).count() == 1
    page.goto("about:blank")
    [view] = web.wait(lambda: web.events("view"))
    assert view["url"] == f"{wordpress}/?p=1&utm_source=letter" and view["title"].startswith("Hello world!")
    owner.goto(wordpress)
    assert owner.locator(TAG).count() == 0, "who writes the site is no visitor"

    settings = f"{wordpress}/wp-admin/options-general.php?page=footfall"
    owner.goto(settings)
    assert owner.get_by_label("Address of your Footfall").input_value() == web.url
    owner.get_by_label("Address of your Footfall").fill("javascript:alert(1)")
    owner.get_by_label("Key of this site").fill('"><script>')
    owner.get_by_label("Count those who may write here too").check()
    owner.click("#submit")
    told = ["https://stats.example.org", "data-site"]
    expect(owner.locator(".notice-error")).to_contain_text(told, timeout=PATIENCE_MS)
    owner.goto(wordpress)
    assert owner.locator(TAG).count() == 1, "what was faulty was not kept, and the tick was"
