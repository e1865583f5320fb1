"""Words that visitors and owners choose (paths, titles, names of sites) are shown as words, whatever is in them."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.kit.everypage import REPORT_PAGES
from tests.kit.hostile import BACKWARDS, HOSTILE, markup
from tests.kit.pages import EMAIL, Person, dead_click, load, read, visit_of
from tracker.event import Footprint
from tracker.house import House
from tracker.shares import Choices, WantedLink, create_link
from tracker.sites import SiteInfo, create_site, describe

VISITOR = 1001
OWN = (
    "",
    "tag",
    "first-event",
    "settings",
    "heatmap",
    "examples",
    "flow",
    "visits",
    "live",
    "profiles",
    f"profiles/{VISITOR}",
    f"profiles/{VISITOR}/erase",
    "audit",
    "shares",
    "goals",
    "alerts",
    "schedules",
    "webhooks",
    "imports",
    "members",
    "signals",
    "other-trackers",
)


def visits(site: SiteInfo, text: str) -> list[Footprint]:
    """Two visitors that have a text wherever visitors have a say."""
    url = f"https://shop.example/{text}"
    event = dead_click(f"main>{text}", text[:64], url=url, element_role=text[:64], element_tag=text[:64])
    return [
        visit_of(
            site,
            {"url": url, "title": text, "referrer": f"x.example/{text}"},
            event,
            {"kind": "custom", "name": text[:64], "url": url},
            language=text[:30],
            country=text.removeprefix(BACKWARDS)[:2],
            city=text,
            visitor_id=VISITOR,
        ),
        visit_of(site, {"url": f"{url}?utm_source={text}&utm_campaign={text}"}),
    ]


def hostile_site(house: House, name: str) -> SiteInfo:
    with house.database.session() as session:
        return describe(create_site(session, name, ["shop.example"]))


def looked_at(person: Person, paths: list[str]) -> dict[str, TestResponse]:
    """Return pages that came when they were asked for, each with its path."""
    answers = {path: person.get(path) for path in paths}
    assert {path: one.status_code for path, one in answers.items() if one.status_code != 200} == {}
    return answers


def story_of(owner: Person, site: SiteInfo) -> str:
    """Return the address of a struggle's story."""
    examples = owner.get(f"/sites/{site.key}/examples?signal=dead").text
    return unescape(re.findall(r'"(/sites/\w+/stories/[^"]+)"', examples)[0])


def shared_by(house: House, site: SiteInfo, name: str) -> str:
    """Return the address of pages that are shared under a name."""
    pages = ["overview", "pages"]
    with house.database.session() as session:
        return f"/share/{create_link(session, site.id, WantedLink(name, pages), Choices(pages, []), EMAIL)[1]}/"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_visitor_or_an_owner_writes_becomes_markup(house: House, owner: Person, text: str) -> None:
    site = hostile_site(house, f"Shop {text}")
    load(house, *visits(site, text))
    share = shared_by(house, site, text.replace(BACKWARDS, ""))
    paths = ["/sites", "/account", share, f"{share}reports/pages", f"/privacy/{site.key}", story_of(owner, site)]
    answers = looked_at(owner, [*paths, *(f"/sites/{site.key}/{page}" for page in OWN)])
    assert {path: found for path, one in answers.items() if (found := markup(one))} == {}


def test_nothing_of_it_becomes_markup_in_a_report(house: House, owner: Person) -> None:
    site = hostile_site(house, "".join(HOSTILE))
    load(house, *(visit for text in HOSTILE for visit in visits(site, text)))
    answers = looked_at(owner, [f"/sites/{site.key}/{page}" for page in REPORT_PAGES])
    assert {path: found for path, one in answers.items() if (found := markup(one))} == {}
    pages = read(answers[f"/sites/{site.key}/reports/pages"])
    assert len(pages.all("tr")) > len(HOSTILE), "each has a row"


def test_a_filter_in_the_address_is_shown_as_words(owner: Person, shop: SiteInfo) -> None:
    answered = owner.get(
        f"/sites/{shop.key}/", query_string={"filter": 'title:contains:"><script>alert(1)</script>', "range": "7d"}
    )
    assert answered.status_code == 200
    assert "<script>alert" not in answered.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answered.text


@pytest.mark.parametrize("word", ["from", "filter", "compare", "bots", "segment", "<script>alert(1)</script>"])
def test_an_error_in_the_address_is_shown_as_words(owner: Person, shop: SiteInfo, word: str) -> None:
    answered = owner.get(f"/sites/{shop.key}/", query_string={word: "<script>alert(1)</script>"})
    assert answered.status_code == 400
    assert "<script>alert" not in answered.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answered.text
