"""Sending another product's export by a page: what is taken in, and what is said of it."""

import json
import stat
from html import unescape

import pytest
from playwright.sync_api import Page

from collectors.history.uploaded import OF_EVENTS
from reports.dashboard.import_products import PRODUCTS
from tests.kit.pages import Person
from tests.kit.sending import VISITORS, Send, left, plausible, worked_off
from tracker.house import House
from tracker.imports.working import OF_COUNTS
from tracker.sites import SiteInfo

BAD = "never,1,1,1,1,1\n"
UMAMI = (
    "event_id,session_id,hostname,browser,url_path,event_type,created_at\n"
    "e1,s1,shop.example,chrome,/a,1,2026-03-01 10:00:00\n"
    "e2,s1,shop.example,chrome,/b,1,2026-03-02 10:01:00\n"
    "e3,s1,localhost,chrome,/b,1,2026-03-02 10:02:00\n"
)


def test_counts_are_taken_in_and_it_is_said_what_became_of_them(
    send: Send, owner: Person, house: House, shop: SiteInfo
) -> None:
    waiting = send("plausible", plausible(VISITORS + BAD)).text
    assert "The export of Plausible is here, and waits to be taken in." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    [folder, file] = sorted(left(house))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    worked_off(house)
    page = owner.text(f"/sites/{shop.key}/imports")
    assert "The export of Plausible is taken in." in page
    assert "1 count of 1 Mar 2026." in page
    assert "<td>Not readable</td><td><bdi>day</bdi>" in page
    assert "first in line 3 of imported_visitors_20260301_20260302.csv" in page
    assert "From <bdi>export.zip</bdi>" in page
    assert "hx-trigger" not in owner.text(f"/sites/{shop.key}/imports/progress")
    assert not left(house)
    assert "took in what another product counted" in owner.text(f"/sites/{shop.key}/audit")


def test_days_are_named_by_the_first_and_the_last(send: Send, owner: Person, house: House, shop: SiteInfo) -> None:
    send("plausible", plausible(VISITORS + VISITORS.splitlines()[1].replace("2026-03-01", "2026-03-02") + "\n"))
    worked_off(house)
    assert "2 counts of the days from 1 Mar 2026 to 2 Mar 2026." in owner.text(f"/sites/{shop.key}/imports")


def test_events_are_taken_in_and_counted_like_all_others(
    send: Send, owner: Person, house: House, shop: SiteInfo
) -> None:
    send("umami", (UMAMI.encode(), "exports/website_event.csv"), until="2026-03-02")
    worked_off(house)
    assert house.loader.drain(20)
    page = owner.text(f"/sites/{shop.key}/imports")
    assert "1 view or event of 1 Mar 2026." in page
    assert '<bdi>views and events</bdi></td><td class="n">1</td>' in page
    assert "another host" in page
    assert "not before the day given" in page
    assert "<bdi>website_event.csv</bdi>" in page
    assert 'name="number"' not in page  # there is nothing that removes it
    pages = owner.get(f"/api/v1/sites/{shop.key}/reports/pages?range=2026-03-01..2026-03-02").json["rows"]
    assert [(row["path"], row["views"]) for row in pages] == [("/a", 1)]
    assert "took in events of another product" in owner.text(f"/sites/{shop.key}/audit")


def test_an_export_of_which_nothing_could_be_taken_in_is_no_success(
    send: Send, owner: Person, house: House, shop: SiteInfo
) -> None:
    send("umami", (UMAMI.replace("shop.example", "other.example").encode(), "website_event.csv"))
    worked_off(house)
    page = owner.text(f"/sites/{shop.key}/imports")
    assert "Nothing of the export of Umami could be taken in." in page
    assert "another host" in page
    assert "Reports show it" not in page


def test_what_a_file_counts_that_does_not_say_it_is_taken_from_the_form(
    send: Send, owner: Person, house: House, shop: SiteInfo
) -> None:
    asked = json.dumps({"2026-03-01": [{"label": "Firefox", "nb_visits": 7}]}).encode()
    send("matomo", (asked, "asked.json"), kind="browsers")
    worked_off(house)
    page = owner.text(f"/sites/{shop.key}/reports/imported?range=2026-03-01..2026-03-01&imported=browsers")
    assert "Firefox" in page


def test_a_page_says_of_every_product_what_comes_along(owner: Person, shop: SiteInfo) -> None:
    assert [one.name for one in PRODUCTS] == [*OF_COUNTS, *OF_EVENTS]
    for product in PRODUCTS:
        page = unescape(owner.text(f"/sites/{shop.key}/imports?product={product.name}"))
        assert product.where in page
        assert ('id="until"' in page) == product.of_events
        assert ('id="kind"' in page) == product.asks_kind


@pytest.mark.browser
def test_in_a_browser_the_page_says_by_itself_when_it_is_done(
    owner: Person, house: House, shop: SiteInfo, pages_url: str, page: Page
) -> None:
    cookie = owner.client.get_cookie("footfall")
    assert cookie
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": pages_url}])
    page.goto(f"{pages_url}/sites/{shop.key}/imports")
    body, name = plausible()
    page.get_by_label("Files of Plausible").set_input_files(
        {"name": name, "mimeType": "application/zip", "buffer": body}
    )
    page.get_by_role("button", name="Take it in").press("Enter")
    page.get_by_text("waits to be taken in").wait_for()
    worked_off(house)
    page.get_by_text("The export of Plausible is taken in.").wait_for()
    page.get_by_text("1 count of 1 Mar 2026.").wait_for()
    page.context.clear_cookies()
