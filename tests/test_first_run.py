"""A newcomer's first minutes, in a real browser on the real server: account, site, tag, first event, sample."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.kit.browser import Web
from tests.kit.house import Server

pytestmark = pytest.mark.browser


def test_from_the_printed_link_to_the_first_event_and_the_sample(own_server: Server, page: Page, web: Web) -> None:
    own_server.start()
    link = re.search(r"http\S+/welcome/\S+", own_server.log.read_text())
    assert link
    page.goto(link[0])
    page.get_by_label("E-mail").fill("ann@example.org")
    for password in page.locator("input[type=password]").all():
        password.fill("correct horse battery")
    page.get_by_role("button", name="Make the account").click()

    page.get_by_label("Name").fill("My shop")
    page.get_by_label("Address").fill("127.0.0.1")
    page.get_by_role("button", name="Add the site").click()
    tag = page.locator("pre").first.inner_text()
    expect(page.get_by_text("Waiting for the first event")).to_be_visible()

    # the tag as it was shown, on a page of another server
    web.tag = tag
    visited = page.context.new_page()
    visited.goto(web.page("<h1>Hello</h1>", "/hello"))
    page.bring_to_front()
    expect(page.get_by_text("/hello").first).to_be_visible()

    page.goto(own_server.url + "/sites")
    page.get_by_role("button", name="Look at a sample").click()
    expect(page.get_by_role("button", name="Remove sample data")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("sample")
