"""The practice shop: every planted fault is there, and what should work does."""

import re
import threading
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.kit.browser import Web
from tests.snippet.further import TICK, next_tick_ms, run_out
from tracker.demo import FAULTS, PRODUCTS, create_demo

TAG = '<script defer src="/never.js" data-site="abc"></script>'
PAGES = ["/", "/teas", "/subscriptions", "/basket", "/delivery", "/checkout", "/thanks", "/about-these-faults"]


@pytest.fixture
def shop() -> FlaskClient:
    return create_demo(TAG, slow_s=0).test_client()


@pytest.mark.parametrize("path", [*PAGES, *(f"/product/{product.slug}" for product in PRODUCTS)])
def test_every_page_carries_the_tag_once_in_its_head(shop, path):
    answer = shop.get(path)
    assert answer.status_code == 200
    head = answer.text.partition("</head>")[0]
    assert head.count(TAG) == answer.text.count(TAG) == 1


def test_every_link_leads_somewhere(shop):
    links = {link for path in PAGES for link in re.findall(r'href="(/[^"#]*)"', shop.get(path).text)}
    assert len(links) > 10
    for link in links:
        with shop.get(link) as answer:
            assert answer.status_code == 200, link


def test_every_fault_is_on_its_page_and_told_of(shop):
    told = shop.get("/about-these-faults").text
    for fault in FAULTS:
        assert fault.wrong in told
        for name in re.findall("“(.+?)”", fault.what):
            assert name in shop.get(fault.page).text


def test_the_coupon_fails_and_the_delivery_answers(shop):
    assert shop.post("/api/coupon").status_code == 500
    assert shop.get("/api/delivery").json["cost"].startswith("£")
    assert shop.post("/checkout").headers["location"] == "/thanks"
    assert shop.get("/product/none").status_code == 404


@pytest.fixture
def address(web: Web) -> Iterator[str]:
    """The shop on a port of its own, with the real snippet in it."""
    server = make_server("127.0.0.1", 0, create_demo(web.tag, slow_s=1.2), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.browser
def test_what_should_work_works(page: Page, address: str):
    page.goto(f"{address}/product/river-mug")
    page.get_by_role("button", name="One more").click()
    page.get_by_role("button", name="Add to basket").click()
    page.get_by_role("link", name="Basket").click()
    expect(page.get_by_text("2 × River mug")).to_be_visible()
    expect(page.locator("#total")).to_have_text("£48.00")
    page.get_by_role("button", name="Remove River mug").click()
    expect(page.get_by_text("Nothing in it yet.")).to_be_visible()
    page.get_by_role("link", name="Teas & mugs").click()
    page.wait_for_url("**/teas")  # and until its script runs
    page.get_by_role("button", name="Cheapest first").click()
    expect(page.locator("#shelf li").first).to_contain_text("Meadow Mint")
    page.goto(address)
    before = page.locator("#clock").inner_text()
    expect(page.locator("#clock")).not_to_have_text(before)


@pytest.mark.browser
def test_the_phone_loses_those_who_do_not_guess(page: Page, address: str):
    page.goto(f"{address}/checkout")
    for phone in ("", "01234 567890", "+441234567890"):
        page.get_by_label("Phone").fill(phone)
        page.get_by_role("button", name="Pay now").click()
        expect(page.get_by_role("alert")).to_have_text("Invalid value.")
    page.get_by_label("Phone").fill("+44 1234 567890")
    page.get_by_role("button", name="Pay now").click()
    expect(page).to_have_url(f"{address}/thanks")


@pytest.mark.browser
def test_the_snippet_brings_home_the_evidence_of_each_fault(context: BrowserContext, address: str, web: Web):
    """Each is clicked in a window of its own, left open until what followed is known."""

    def click(path: str, what: str) -> None:
        page = context.new_page()
        page.goto(f"{address}{path}")
        page.get_by_text(what, exact=True).click()

    home = context.new_page()
    home.goto(address)
    home.mouse.move(200, 200)
    for quote in ("Smoky Pine tastes", "I came for the tea", "The mug has outlived"):
        expect(home.get_by_text(quote)).to_be_visible()  # the page has been seen to move by itself
    home.evaluate(TICK)
    home.get_by_role("button", name="Surprise me").click()
    click("/basket", "Apply coupon")
    click("/basket", "Work out delivery")
    click("/basket", "Add gift wrap")
    click("/product/river-mug", "Size guide")
    click("/teas", "Cheapest first")
    ticked_ms = next_tick_ms(home)
    run_out(context.pages)

    def arrived() -> list[dict] | None:
        clicks = web.events("click")
        return clicks if len(clicks) == 6 else None

    by_text = {click.get("element_text"): click for click in web.wait(arrived, "six clicks")}
    reactions = {"mutation_ms", "request_ms", "navigation_ms", "input_ms", "focus_ms"}
    assert not reactions & by_text["Surprise me"].keys()
    assert by_text["Surprise me"]["any_mutation_ms"] <= ticked_ms
    assert by_text["Apply coupon"]["failed_request_ms"] > 0
    assert by_text["Work out delivery"]["mutation_ms"] > 1000
    assert "error_ms" in by_text["Add gift wrap"]
    assert by_text["Cheapest first"]["mutation_ms"] < 1000
    assert [click["affordance"] for click in by_text.values()].count("pointer") == 1
