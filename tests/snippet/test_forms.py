"""Forms: how long they took, where they were left, and whether they went well; never what was written."""

import time

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.kit.browser import Web
from tests.snippet.further import HIDE, hold, leave, let_go, properties, told, untold, visit

pytestmark = pytest.mark.browser

SIGN_UP = """<form id=signup name=sign-up action=/done {}>
<input id=first name=first><input id=mail name=mail type=email required><select id=plan><option>a<option>b</select>
<label><input type=radio name=pay id=bill>Bill</label><label><input type=radio name=pay id=transfer>Transfer</label>
<textarea id=note></textarea><button id=send>Send</button></form><p id=out></p>"""
PREVENTED = "onsubmit='event.preventDefault(); {}'"


def _ms_since(began: float) -> float:
    """Return the time since a moment of Python's clock: no part of it in the page can have lasted longer."""
    return (time.monotonic() - began) * 1000


def test_a_form_that_is_left_tells_where_and_how_long(web: Web, page: Page) -> None:
    began = time.monotonic()
    visit(web, page, SIGN_UP.format(""))
    page.locator("#first").press_sequentially("Ada", delay=40)
    page.locator("#mail").focus()
    page.wait_for_timeout(400)
    page.locator("#mail").press_sequentially("ada")
    page.mouse.click(700, 500)
    leave(page)
    lasted_ms = _ms_since(began)
    [form] = told(web, "form")
    assert form["element"] == "#signup"
    assert properties(form, "outcome", "submits", "fields", "last_field", "invalid", "label") == (
        "left", 0, 2, "#mail", 0, "sign-up",
    )  # fmt: skip
    started_ms, took_ms = properties(form, "started_ms", "took_ms")
    assert started_ms > 0 and took_ms >= 400 and started_ms + took_ms <= lasted_ms
    fields = {field["element"]: field for field in told(web, "field", 2)}
    assert properties(fields["#first"], "form", "position", "kind", "corrections", "refills", "last") == (
        "#signup", 1, "text", 0, 0, None,
    )  # fmt: skip
    assert properties(fields["#mail"], "position", "kind", "last") == (2, "email", True)
    assert 400 <= fields["#mail"]["properties"]["spent_ms"] <= took_ms + 500
    assert {field["id"].split("-")[0] for field in fields.values()} == {form["id"].split("-")[0]}


def test_corrections_and_refills_are_counted(web: Web, page: Page) -> None:
    visit(web, page, SIGN_UP.format(""))
    page.locator("#first").press_sequentially("Adda")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("a")
    page.keyboard.press("Backspace")
    page.keyboard.type("b")
    page.keyboard.press("Control+A")
    page.keyboard.type("Eve")
    page.locator("#note").press_sequentially("x")
    page.locator("#first").focus()
    page.keyboard.type("e")
    page.locator("#plan").press("b")
    leave(page)
    fields = {field["element"]: field for field in told(web, "field", 3)}
    assert properties(fields["#first"], "corrections", "refills") == (3, 1)
    assert properties(fields["#note"], "corrections", "refills") == (0, 0)


def test_radio_buttons_are_one_field(web: Web, page: Page) -> None:
    visit(web, page, SIGN_UP.format(""))
    page.click("#bill")
    page.click("#transfer")
    leave(page)
    [form] = told(web, "form")
    [field] = told(web, "field")
    assert properties(form, "fields", "last_field") == (1, field["element"])
    assert properties(field, "kind", "corrections", "position") == ("radio", 1, 4)


def test_a_form_nobody_changes_is_no_story(web: Web, page: Page) -> None:
    visit(web, page, SIGN_UP.format(""))
    page.click("#first")
    page.keyboard.press("Tab")
    page.evaluate("first.value = 'x'; first.dispatchEvent(new Event('input', { bubbles: true }))")
    leave(page)
    assert untold(web, "form") and not web.events("field")


def test_what_the_browser_refuses_is_counted_by_field(web: Web, page: Page) -> None:
    visit(web, page, SIGN_UP.format(""))
    page.locator("#first").press_sequentially("Ada")
    page.wait_for_timeout(100)
    page.click("#send")
    page.wait_for_timeout(100)
    page.click("#send")
    leave(page)
    [form] = told(web, "form")
    assert properties(form, "outcome", "submits", "invalid") == ("left", 0, 2)
    fields = {field["element"]: field for field in told(web, "field", 2)}
    assert properties(fields["#mail"], "invalid") == (2,)
    assert properties(fields["#first"], "invalid") == (0,)


def test_a_submit_that_navigates_is_a_success(web: Web, page: Page) -> None:
    web.page("<body>Thanks</body>", "/done")
    visit(web, page, SIGN_UP.format(""))
    page.locator("#mail").press_sequentially("ada@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/done*")
    [form] = told(web, "form")
    assert properties(form, "outcome", "submits") == ("success", 1)


ANSWERS = {
    "/made": ("fetch('/201', { method: 'POST' })", "success"),
    "/entered": ("fetch('/201', { method: 'POST' })", "success"),
    "/refused": ("fetch('/422', { method: 'POST' })", "left"),
    "/removed": ("document.getElementById('signup').remove()", "success"),
    "/reset": ("document.getElementById('signup').reset()", "success"),
    "/said": ("out.textContent = 'Please check the number'", "left"),
}


def test_what_a_page_does_with_a_submit(web: Web, context: BrowserContext) -> None:
    for status in (201, 422):
        web.pages[f"/{status}"] = lambda path: (int(path[1:]), "application/json", b"{}", {})
    pages = []
    for path, (doing, _) in ANSWERS.items():
        page = context.new_page()
        visit(web, page, SIGN_UP.format(PREVENTED.format(doing.replace("'", "&#39;"))), path)
        page.locator("#mail").press_sequentially("ada@example.org")
        page.wait_for_timeout(300)
        page.locator("#mail").press("Enter") if path == "/entered" else page.click("#send")
        pages.append(page)
    pages[-1].wait_for_timeout(10_300)
    for page in pages:
        leave(page)
    forms = told(web, "form", len(ANSWERS))
    assert {form["url"].removeprefix(web.url): properties(form, "outcome", "submits") for form in forms} == {
        path: (outcome, 1) for path, (_, outcome) in ANSWERS.items()
    }


def test_a_dead_submit_tried_again_is_counted(web: Web, page: Page) -> None:
    visit(web, page, SIGN_UP.format(PREVENTED.format("")))
    page.locator("#mail").press_sequentially("ada@example.org")
    for _ in range(3):
        page.click("#send")
        page.wait_for_timeout(200)
    page.locator("#mail").press_sequentially("x")
    leave(page)
    [form] = told(web, "form")
    assert properties(form, "outcome", "submits") == ("left", 3)


def test_a_view_of_a_script_ends_the_story(web: Web, page: Page) -> None:
    visit(web, page, SIGN_UP.format(PREVENTED.format("history.pushState(0, 0, &#39;/done&#39;)")))
    page.locator("#mail").press_sequentially("ada@example.org")
    began = time.monotonic()
    page.click("#send")
    page.locator("#first").press_sequentially("b")
    lasted_ms = _ms_since(began)
    page.evaluate("history.pushState(0, 0, '/elsewhere')")
    leave(page)
    first, second = told(web, "form", 2)
    assert properties(first, "outcome", "submits", "fields") == ("success", 1, 1)
    assert properties(second, "outcome", "submits", "fields") == ("left", 0, 1)
    assert (first["url"], second["url"]) == (web.url + "/", web.url + "/done")
    assert second["properties"]["started_ms"] <= lasted_ms


def test_a_hidden_form_is_open_and_told_again_at_its_end(web: Web, page: Page) -> None:
    visit(web, page, SIGN_UP.format(""))
    page.locator("#first").press_sequentially("Ada")
    page.evaluate(HIDE, True)
    [form] = told(web, "form")
    assert properties(form, "outcome") == ("open",)
    page.evaluate(HIDE, False)
    page.evaluate(HIDE, True)
    page.evaluate(HIDE, False)
    page.locator("#mail").press_sequentially("a")
    leave(page)
    before, after = told(web, "form", 2)
    assert properties(after, "outcome", "fields") == ("left", 2)
    assert int(after["id"].split("-")[1]) > int(before["id"].split("-")[1])


def test_a_form_of_roles_counts_and_one_left_out_does_not(web: Web, page: Page) -> None:
    body = """<div role=form aria-label='Ask us'><input id=a><div contenteditable id=b>x</div></div>
        <form data-footfall-ignore><input id=c></form><input id=d>"""
    visit(web, page, body)
    for name in "abcd":
        page.locator(f"#{name}").press_sequentially("x")
    leave(page)
    [form] = told(web, "form")
    assert properties(form, "label", "fields") == ("Ask us", 2)
    assert {field["properties"]["kind"] for field in told(web, "field", 2)} == {"text", "div"}


def test_thirty_idle_minutes_end_a_story(web: Web, page: Page) -> None:
    hold(page, 600_000)
    visit(web, page, SIGN_UP.format(""))
    began = time.monotonic()
    page.locator("#first").press_sequentially("Ada")
    page.wait_for_timeout(600)
    assert let_go(page) == [1_800_000]
    lasted_ms = _ms_since(began)
    [form] = told(web, "form")
    assert properties(form, "outcome", "fields") == ("idle", 1)
    assert 600 <= form["properties"]["took_ms"] <= lasted_ms


def test_no_value_and_no_name_of_somebody_is_sent(web: Web, page: Page) -> None:
    secrets = ["geheimeins", "geheimzwei", "geheimdrei", "geheimvier", "geheimacht"]
    body = f"""<form name='geheimacht 12345' aria-label='jo@example.org'><input id=a value=geheimeins name=geheimvier>
        <input id=b type=password><textarea id=c>geheimzwei</textarea><button>x</button></form>
        <form name=card><input autocomplete=cc-number id=d><select id=e><option>geheimeins<option>b</select></form>
        <form data-private name=private><input id=f></form>{"<!-- -->"}"""
    visit(web, page, body)
    for name in "abcdf":
        page.locator(f"#{name}").press_sequentially(secrets[2])
    page.locator("#e").press("b")
    leave(page)
    forms = told(web, "form", 3)
    assert [form["properties"].get("label") for form in forms] == [None, None, None]
    assert len(told(web, "field", 6)) == 6
    sent = b"".join(beacon.raw for beacon in web.beacons).decode()
    assert [secret for secret in [*secrets, "jo@example", "12345"] if secret in sent] == []
