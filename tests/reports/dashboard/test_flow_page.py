"""The flow's page and the example visits behind it: whole in every state, and as many visits as they are told of."""

import re
import secrets
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from tests.kit.ground import at
from tests.kit.pages import Html, Person, dead_click, load, read, visit_of
from tests.kit.whole import assert_whole
from tests.reports.dashboard.test_hostile import HOSTILE
from tracker.clock import now_ms
from tracker.event import Footprint
from tracker.house import House
from tracker.sites import SiteInfo
from tracker.store.base import Membership
from tracker.store.schema import visit

HOME, LAMP, CART = (f"https://shop.example{path}" for path in ("/", "/lamp", "/cart"))


def walked(site: SiteInfo, *events: dict[str, Any], **fields: Any) -> Footprint:
    """A visit in which each page is a view of its own; a click is in the view before it."""
    told: list[dict[str, Any]] = []
    view, number = "", 0
    for event in events:
        view, number = (view, number + 1) if "kind" in event else (secrets.token_hex(8), 0)
        told.append({"id": f"{view}-{number}", **event})
    return visit_of(site, *told, sent_at=now_ms(), received_at=now_ms(), **fields)


@pytest.fixture
def filled(house: House, shop: SiteInfo) -> SiteInfo:
    """Three visits begin at /, one of them struggles at /lamp and leaves, one bounces; a fourth begins in the cart."""
    load(
        house,
        walked(shop, {"url": HOME}, {"url": LAMP}, dead_click("main>button", "Buy now", url=LAMP), country="PL"),
        walked(shop, {"url": HOME}, {"url": LAMP}, {"url": CART}),
        walked(shop, {"url": HOME, "referrer": "duckduckgo.com/"}),
        walked(shop, {"url": CART}, {"url": HOME}, {"url": HOME}, {"url": LAMP}),
    )
    return shop


def texts(person: Person, path: str) -> str:
    """The words of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", person.text(path))).split())


def examples(person: Person, page: Html, title: str) -> int:
    """Follow the link to the examples of a node, and count the visits there."""
    [link] = [one["href"] for one in page.all("a") if one.get("aria-label") == f"Examples of visits: {title}"]
    return len(re.findall(r"<time ", person.text(link)))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "?direction=backward",
        "?path=/lamp&steps=2&branches=1",
        "?path=/lamp&direction=backward&steps=6&branches=12",
        "?path=/nowhere",
        "?range=today&bots=in&filter=country:is:PL",
        "?range=all",
        "?from=2020-01-01&to=2020-01-02",
    ],
)
def test_the_flow_is_whole(owner: Person, filled: SiteInfo, words: str) -> None:
    assert_whole(owner, f"/sites/{filled.key}/flow{words}")


def test_both_are_whole_before_the_first_event(owner: Person, shop: SiteInfo) -> None:
    for page in ("flow", "visits"):
        assert_whole(owner, f"/sites/{shop.key}/{page}")
        assert "No footprints yet" in owner.text(f"/sites/{shop.key}/{page}")


def test_it_begins_with_the_start_of_visits(owner: Person, filled: SiteInfo) -> None:
    said = texts(owner, f"/sites/{filled.key}/flow")
    assert "Flow from the start of visits" in said
    assert "4 visits, step by step" in said
    assert "Step 2 4 visits /lamp 50%" in said
    assert "50% struggled 1 visit struggled there (1 dead)" in said
    assert re.search(r"1 / /lamp 2 66\.7% 0%", said), "the table has from, to, visits, share and struggle"
    assert re.search(r"2 /lamp Left the site 1 50% 100% \(1\)", said)


def test_a_page_leads_to_the_flow_from_there(owner: Person, filled: SiteInfo) -> None:
    page = read(owner.get(f"/sites/{filled.key}/flow?range=7d"))
    links = [one["href"] for one in page.all("a") if one.get("class", "").startswith("stage")]
    [onward, *_] = [link for link in links if "path=%2Flamp" in link]
    assert "range=7d" in onward
    assert "Flow from /lamp" in texts(owner, onward)
    backward = texts(owner, f"/sites/{filled.key}/flow?path=/lamp&direction=backward")
    assert "What led to /lamp" in backward
    assert "1 step before 3 visits / 100%" in backward
    assert "2 steps before 3 visits /cart 33.3%" in backward
    assert "Came to the site 66.7%" in backward


def test_examples_are_as_many_as_the_node_counts(owner: Person, filled: SiteInfo) -> None:
    page = read(owner.get(f"/sites/{filled.key}/flow"))
    assert examples(owner, page, "/, start") == 3
    assert examples(owner, page, "/lamp, step 2") == 2
    assert examples(owner, page, "Left the site, step 2") == 1
    assert examples(owner, page, "Left the site, step 3") == 1
    back = read(owner.get(f"/sites/{filled.key}/flow?path=/lamp&direction=backward"))
    assert examples(owner, back, "Came to the site, 2 steps before") == 2


def test_an_example_tells_its_pages_its_struggles_and_their_stories(owner: Person, filled: SiteInfo) -> None:
    address = f"/sites/{filled.key}/visits?step=2&page=/lamp&filter=country:is:PL"
    said = texts(owner, address)
    assert "Visits that were on /lamp (flow from the start of visits, step 2)" in said
    assert "2 views" in said
    assert "/ /lamp dead Left after a dead click on a button main> button" in said
    [story] = [href for href in read(owner.get(address)).hrefs() if "/stories/" in href]
    assert "Dead click" in texts(owner, story)


@pytest.mark.parametrize("report", ["bounce-paths", "exit-paths"])
def test_rows_of_ways_lead_to_as_many_visits(owner: Person, filled: SiteInfo, report: str) -> None:
    page = f"/sites/{filled.key}/reports/{report}"
    rows = owner.get(f"/api/v1/sites/{filled.key}/reports/{report}").json["rows"]
    links = [href for href in read(owner.get(page)).hrefs() if "/visits?" in href]
    assert len(links) == len(rows) > 1
    for row, link in zip(rows, links, strict=True):
        assert len(re.findall(r"<time ", owner.text(link))) == row["visits"], (row, link)


def test_a_visit_of_a_known_profile_leads_to_it(house: House, owner: Person, filled: SiteInfo) -> None:
    def profiles() -> list[str]:
        return [href for href in read(owner.get(f"/sites/{filled.key}/visits")).hrefs() if "/profiles/" in href]

    assert profiles() == []
    visitor = house.store.query(select(visit.c.visitor_id).where(visit.c.country == "PL")).rows[0][0]
    house.store.replace_members(None, [Membership(filled.id, visitor, at("1970-01-01"), at("2200-01-01"), 77)], 1)
    assert profiles() == [f"/sites/{filled.key}/profiles/77"]


@pytest.mark.parametrize(
    "words",
    [
        "flow?path=lamp", "flow?direction=up", "flow?steps=9", "flow?branches=0", "flow?nonsense=1", "visits?step=0",
        "visits?signal=loud", "visits?ending=happy", "visits?last=/&last=/&last=/&last=/", "visits?step=1&path=x",
        "visits?trail=/&trail=/&trail=/&trail=/",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said(owner: Person, filled: SiteInfo, words: str) -> None:
    assert owner.get(f"/sites/{filled.key}/{words}").status_code == 400


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_visitors_stay_words(house: House, owner: Person, shop: SiteInfo, text: str) -> None:
    url = f"https://shop.example/{text}"
    load(house, walked(shop, {"url": url}, {"url": LAMP}, {"url": url}, dead_click(f"main>{text}", url=url)))
    paths = ["flow", "flow?direction=backward", "visits"]
    first = read(owner.get(f"/sites/{shop.key}/flow"))
    onward = [one["href"] for one in first.all("a") if one.get("class", "").startswith("stage")]
    assert onward
    for path in (*(f"/sites/{shop.key}/{one}" for one in paths), *onward):
        answered = owner.get(path)
        assert answered.status_code == 200, path
        html = read(answered)
        assert not html.all("img")
        assert all(one.get("src", "").startswith("/assets/") for one in html.all("script"))
        assert not [name for _, attributes in html.tags for name in attributes if name.startswith("on")]
        assert all(href.startswith(("/", "#")) for href in html.hrefs())


def test_the_api_gives_the_same(owner: Person, filled: SiteInfo) -> None:
    found = owner.get(f"/api/v1/sites/{filled.key}/flow?path=/lamp&direction=backward&steps=2&range=7d").json
    assert (found["path"], found["direction"], found["visits"], found["error"]) == ("/lamp", "backward", 3, None)
    [here] = found["columns"][0]["nodes"]
    assert here["place"] == {"step": 1, "kind": "page", "path": "/lamp"}
    assert (here["visits"], here["dead"], here["struggled"]) == (3, 1, 1)
    [link] = found["links"]
    assert (link["source"]["path"], link["target"]["path"], link["visits"]) == ("/", "/lamp", 3)
    for wrong in ("path=lamp", "steps=1", "branches=99", "direction=x", "range=never", "x=1"):
        refused = owner.get(f"/api/v1/sites/{filled.key}/flow?{wrong}")
        assert refused.status_code == 422, wrong
        assert refused.mimetype == "application/problem+json"
