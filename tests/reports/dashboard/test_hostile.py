"""Words that visitors choose (paths, titles, labels, referrers) are shown as words, whatever is in them."""

import re

import pytest

from reports import REPORTS
from tests.kit.pages import Person, dead_click, load, read, visit_of
from tracker.event import Footprint
from tracker.house import House
from tracker.sites import SiteInfo, create_site, describe

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'onmouseover='alert(1)",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "\u202egnp.exe",
    "</title></textarea></svg><svg onload=alert(1)>",
)


OWN = ("", "tag", "first-event", "settings", "heatmap", "examples", "flow", "visits")


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
            country=text[:2],
            city=text,
        ),
        visit_of(site, {"url": f"{url}?utm_source={text}&utm_campaign={text}"}),
    ]


def markup(owner: Person, path: str) -> list[str]:
    """Return what on a page is not of its own making."""
    answered = owner.get(path)
    if answered.status_code == 302:
        return []
    assert answered.status_code == 200, path
    html = read(answered)
    sources = [one.get("src", "") for one in html.all("script")]
    found = [f"script {source}" for source in sources if not source.startswith("/assets/")]
    found += [f"img {one}" for one in html.all("img")]
    found += [name for _, attributes in html.tags for name in attributes if name.startswith("on")]
    found += [href for href in html.hrefs() if not href.startswith(("/", "#"))]
    return found + [name for name in re.findall(r"Shop ([^<]*)", answered.text)[:1] if "49" in name]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_visitor_sends_becomes_markup(house: House, owner: Person, text: str) -> None:
    with house.database.session() as session:
        site = describe(create_site(session, f"Shop {text}", ["shop.example"]))
    load(house, *visits(site, text))
    paths = ["/sites", *(f"/sites/{site.key}/{page}" for page in OWN)]
    assert {path: found for path in paths if (found := markup(owner, path))} == {}


def test_nothing_of_it_becomes_markup_in_a_report(house: House, owner: Person, shop: SiteInfo) -> None:
    load(house, *(visit for text in HOSTILE for visit in visits(shop, text)))
    paths = [f"/sites/{shop.key}/reports/{report.name}" for report in REPORTS]
    assert {path: found for path in paths if (found := markup(owner, path))} == {}
    pages = read(owner.get(f"/sites/{shop.key}/reports/pages"))
    assert len(pages.all("tr")) > len(HOSTILE), "each has a row"


def test_a_filter_in_the_address_is_shown_as_words(owner: Person, shop: SiteInfo) -> None:
    answered = owner.get(
        f"/sites/{shop.key}/", query_string={"filter": 'title:contains:"><script>alert(1)</script>', "range": "7d"}
    )
    assert answered.status_code == 200
    assert "<script>alert" not in answered.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answered.text


def test_an_error_in_the_address_is_shown_as_words(owner: Person, shop: SiteInfo) -> None:
    answered = owner.get(f"/sites/{shop.key}/", query_string={"range": "<script>alert(1)</script>", "x<y>": "1"})
    assert answered.status_code == 400
    assert "<script>alert" not in answered.text
