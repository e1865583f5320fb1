"""Pages that ask themselves anew: when no answer comes they keep what they show, say so, and go on."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import delete, select

from tests.kit.pages import Person, load, open_page, visit_of
from tracker.erasure import erase_site
from tracker.house import House
from tracker.models import Member, User
from tracker.sites import SiteInfo
from tracker.store.base import StoreDownError
from tracker.store.duckdb import DuckStore
from tracker.users import set_role

pytestmark = pytest.mark.browser

UNANSWERED = "could not be brought up to date"
PATIENCE_MS = 30_000


@pytest.fixture
def page(shop: SiteInfo, browser: Browser, pages_url: str, owner: Person) -> Iterator[Page]:
    page = open_page(browser, pages_url, viewport={"width": 1280, "height": 900})
    yield page
    page.context.close()


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Where the store can be taken away, and brought back by undoing that."""
    with monkeypatch.context() as patch:
        yield patch


def take_away(patch: pytest.MonkeyPatch) -> None:
    def query(*_args: object, **_options: object) -> None:
        raise StoreDownError("connection refused")

    patch.setattr(DuckStore, "query", query)


def test_the_live_view_keeps_its_numbers_while_the_store_is_away(
    page: Page, house: House, shop: SiteInfo, away: pytest.MonkeyPatch
) -> None:
    load(house, visit_of(shop, {}))
    page.goto(f"/sites/{shop.key}/live")
    number = page.locator(".lead strong")
    expect(number).to_have_text("1")
    take_away(away)
    expect(page.get_by_role("alert")).to_contain_text(UNANSWERED, timeout=PATIENCE_MS)
    expect(number).to_have_text("1")
    away.undo()
    load(house, visit_of(shop, {}))
    expect(number).to_have_text("2", timeout=PATIENCE_MS)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_who_waits_for_the_first_event_still_gets_it_after_an_outage(
    page: Page, house: House, shop: SiteInfo, away: pytest.MonkeyPatch
) -> None:
    page.goto(f"/sites/{shop.key}/tag")
    take_away(away)
    expect(page.get_by_role("alert")).to_contain_text(UNANSWERED, timeout=PATIENCE_MS)
    expect(page.get_by_text("Waiting for the first event")).to_be_visible()
    away.undo()
    load(house, visit_of(shop, {"url": "https://shop.example/lamp"}))
    expect(page.get_by_text("The first event arrived from /lamp")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_who_was_signed_out_meanwhile_is_asked_to_sign_in_and_comes_back(page: Page, shop: SiteInfo) -> None:
    page.goto(f"/sites/{shop.key}/live")
    page.context.clear_cookies()
    page.wait_for_url(re.compile("/sign-in[?]next=.*/live$"), timeout=PATIENCE_MS)
    expect(page.locator("#password")).to_be_visible()
    assert page.locator("header.top").count() == 1


def test_a_tab_that_cannot_be_answered_leads_to_the_page_that_says_so(
    page: Page, house: House, busy_shop: SiteInfo, away: pytest.MonkeyPatch
) -> None:
    page.goto(f"/sites/{busy_shop.key}/")
    take_away(away)
    page.locator(".tabs a:not([aria-current])").first.click()
    expect(page.get_by_text("A store does not answer just now")).to_be_visible(timeout=PATIENCE_MS)


def test_a_server_that_is_gone_is_said_and_asked_again(page: Page, house: House, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {}))
    page.goto(f"/sites/{shop.key}/live")
    page.route("**/live", lambda route: route.abort())
    expect(page.get_by_role("alert")).to_contain_text(UNANSWERED, timeout=PATIENCE_MS)
    page.unroute("**/live")
    expect(page.get_by_role("alert")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.locator(".lead strong")).to_have_text("1")


def test_what_goes_on_is_followed_to_its_end_though_one_look_failed(
    page: Page, house: House, owner: Person, busy_shop: SiteInfo
) -> None:
    definitions = f"/sites/{busy_shop.key}/signals"
    owner.send(f"{definitions}?slow=2500", {"slow": "2500", "version": "1"}, to=definitions)
    page.goto(definitions)
    page.route("**/signals/progress", lambda route: route.abort())
    expect(page.get_by_role("alert")).to_contain_text(UNANSWERED, timeout=PATIENCE_MS)
    expect(page.locator("#deciding")).to_contain_text("Deciding the earlier events by version 2")
    page.unroute("**/signals/progress")
    assert house.deciding.drain(PATIENCE_MS / 1000)
    expect(page.locator("#deciding")).to_contain_text("All events are decided", timeout=PATIENCE_MS)
    expect(page.get_by_role("alert")).to_have_count(0)


def asked_again(page: Page, path: str) -> None:
    """Wait until a page has asked for a piece anew, and has put it in place."""
    for _ in range(2):  # the second is asked for once the first is in place
        with page.expect_response(f"**{path}", timeout=PATIENCE_MS) as answered:
            pass
        assert answered.value.ok


def test_a_key_stays_where_it_is_while_the_page_asks_anew(page: Page, shop: SiteInfo) -> None:
    page.goto(f"/sites/{shop.key}/tag")
    page.evaluate("window.told = document.querySelector('.waiting')")
    again = page.get_by_role("link", name="Look again")
    again.focus()
    asked_again(page, "/first-event")
    expect(again).to_be_focused()
    assert page.evaluate("told.isConnected"), "a screen reader would say it every two seconds"


def test_who_is_removed_from_a_site_sees_its_numbers_no_more(page: Page, house: House, shop: SiteInfo) -> None:
    with house.database.session() as session:
        user = session.scalars(select(User)).one()
        user.owner = False
        set_role(session, user.id, shop.id, "viewer")
    page.goto(f"/sites/{shop.key}/live")
    with house.database.session() as session:
        session.execute(delete(Member))
    expect(page.get_by_role("heading", name="This is not yours to see")).to_be_visible(timeout=PATIENCE_MS)


def test_a_site_that_was_deleted_says_so_on_the_page_that_waits_for_it(
    page: Page, house: House, shop: SiteInfo
) -> None:
    page.goto(f"/sites/{shop.key}/tag")
    erase_site(house, shop.id)
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible(timeout=PATIENCE_MS)


def test_the_tab_that_was_chosen_last_is_shown_when_two_were_chosen_at_once(page: Page, busy_shop: SiteInfo) -> None:
    page.goto(f"/sites/{busy_shop.key}/")
    page.evaluate("[...document.querySelectorAll('#devices .tabs a')].slice(1, 3).forEach((tab) => tab.click())")
    chosen = page.locator("#devices .tabs a[aria-current]")
    expect(chosen).to_have_text("Operating systems")
    expect(page).to_have_url(re.compile("[?]devices=systems$"))


def test_a_card_whose_next_tab_is_slow_shows_that_it_is_asked_for(page: Page, busy_shop: SiteInfo) -> None:
    page.goto(f"/sites/{busy_shop.key}/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/*devices=browsers", hold)
    page.locator("#devices").get_by_role("link", name="Browsers").click()
    expect(page.locator("#devices")).to_have_css("opacity", "0.6")
    expect(page.locator("#pages")).to_have_css("opacity", "1")
    held[0].continue_()
    expect(page.locator("#devices [aria-current]")).to_have_text("Browsers")
    expect(page.locator("#devices")).to_have_css("opacity", "1")
