"""What is pasted into pages counts them: plain, by a tag manager, under a strict policy."""

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.kit.browser import STATIC_JS, Web
from tests.kit.recipes import recipes
from tests.snippet.further import have_further, leave, told

pytestmark = pytest.mark.browser


def test_a_plain_page_counts_itself(page: Page, web: Web) -> None:
    [html] = recipes("Plain HTML", "html", web.url)
    page.goto(web.page(html, "/lamps"))
    page.goto("about:blank")
    [view] = web.wait(lambda: web.events("view"))
    assert (view["url"], view["title"]) == (f"{web.url}/lamps", "Lamps")


def test_a_tag_manager_that_drops_attributes_still_counts(page: Page, web: Web) -> None:
    web.tag = None
    [html] = recipes("Google Tag Manager", "html", web.url)
    page.goto(web.page("<h1>Shop</h1>", "/shop"))
    # as a container does: each script of the text is made anew, with its words and its src alone
    put_in = """html => {
        const holder = document.createElement("div");
        holder.innerHTML = html;
        for (const old of holder.querySelectorAll("script")) {
            const made = document.createElement("script");
            if (old.src) made.src = old.src;
            made.text = old.text;
            document.body.append(made);
        }
    }"""
    page.evaluate(put_in, html)
    page.wait_for_function("window.footfall?.live")
    page.evaluate("history.pushState({}, '', '/shop/lamps')")
    page.goto("about:blank")
    views = web.wait(lambda: len(web.events("view")) == 2 and web.events("view"))
    assert [view["url"].removeprefix(web.url) for view in views] == ["/shop", "/shop/lamps"]


def test_a_strict_policy_lets_all_files_through_and_none_that_was_altered(context: BrowserContext, web: Web) -> None:
    [policy] = recipes("A strict content security policy", "http", web.url)
    [html] = recipes("A strict content security policy", "html", web.url)
    newest = json.loads((STATIC_JS / "versions.json").read_text())[0]
    for file, integrity in [(newest["file"], newest["integrity"]), *newest["further"].items()]:
        name = file.removeprefix("versions/").partition("-")[0].upper()
        html = html.replace(f"{name}-INTEGRITY", integrity).replace(f"versions/{name}", file)
    assert not re.search(r"versions/[A-Z]", html)
    web.headers = dict([policy.strip().split(": ", 1)])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(web.page(f"<head>{html}</head><h1>Shop</h1>", "/strict"))
    have_further(page)
    leave(page)
    told(web, "vitals")
    assert [view["url"] for view in web.events("view")] == [f"{web.url}/strict"]
    assert not said

    altered = html.replace(newest["integrity"], "sha384-" + "A" * 64)
    with page.expect_console_message(lambda message: "integrity" in message.text):
        page.goto(web.page(f"<head>{altered}</head><h1>Shop</h1>", "/altered"))
    assert page.evaluate("window.footfall") is None
