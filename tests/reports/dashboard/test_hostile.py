"""Words that visitors choose (paths, titles, labels, referrers) are shown as words, whatever is in them."""

import re

import pytest

from reports import REPORTS
from tests.kit.pages import Person, dead_click, load, read, visit_of
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


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_visitor_sends_becomes_markup(house: House, owner: Person, text: str) -> None:
    with house.database.session() as session:
        site = describe(create_site(session, f"Shop {text}", ["shop.example"]))
    url = f"https://shop.example/{text}"
    event = dead_click(f"main>{text}", text[:64], url=url, element_role=text[:64], element_tag=text[:64])
    load(
        house,
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
    )
    paths = [
        "/sites",
        *(
            f"/sites/{site.key}/{page}"
            for page in ("", "tag", "first-event", "settings", "heatmap", "examples", "flow", "visits")
        ),
    ]
    paths += [f"/sites/{site.key}/reports/{report.name}" for report in REPORTS]
    for path in paths:
        answered = owner.get(path)
        if answered.status_code == 302:
            continue
        assert answered.status_code == 200
        html = read(answered)
        sources = [one.get("src", "") for one in html.all("script")]
        assert all(source.startswith("/assets/") for source in sources), path
        assert not html.all("img")
        assert not [name for _, attributes in html.tags for name in attributes if name.startswith("on")], path
        assert all(href.startswith(("/", "#")) for href in html.hrefs()), path
        assert "49" not in re.findall(r"Shop ([^<]*)", answered.text)[:1]


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
