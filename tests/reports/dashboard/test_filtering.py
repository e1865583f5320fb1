"""Filters are made by a click or in the dialog, are said in words, and can be taken off."""

import re
from html import unescape

import pytest

from tests.kit.pages import Person, read
from tracker.sites import SiteInfo


def test_anything_clicked_becomes_a_filter_that_can_be_taken_off(owner: Person, busy_shop: SiteInfo) -> None:
    page = read(owner.get(f"/sites/{busy_shop.key}/?range=7d&compare=year"))
    link = next(href for href in page.hrefs() if "filter=source" in href and "DuckDuckGo" in href)
    assert "range=7d" in link
    filtered = owner.get(link)
    assert "Source is DuckDuckGo" in filtered.text
    assert re.search(r'class="figure">1<', filtered.text)
    take_off = next(
        a["href"] for a in read(filtered).all("a") if a.get("aria-label", "").startswith("Remove the filter")
    )
    assert take_off == f"/sites/{busy_shop.key}/?range=7d&compare=year"


def test_the_dialog_filters_and_offers_alternatives(owner: Person, busy_shop: SiteInfo) -> None:
    home = f"/sites/{busy_shop.key}/"
    dialog = {"range": "7d", "filter_by": "path", "filter_how": "contains", "filter_value": ["/lamp", "/chair"]}
    first = owner.get(home, query_string=dialog)
    assert "Page contains /lamp or /chair" in first.text
    carried = {field["name"]: field["value"] for field in read(first).all("input") if field.get("type") == "hidden"}
    assert carried["filter"] == "path:contains:/lamp|/chair"
    joined = {**dialog, "filter": carried["filter"], "filter_join": "or", "filter_by": "source", "filter_how": "is"}
    both = owner.get(home, query_string={**joined, "filter_value": ["", ""]})
    assert "Page contains /lamp or /chair or Source is Direct or unknown" in unescape(both.text)
    [take_off] = [a["href"] for a in read(both).all("a") if a.get("aria-label", "").startswith("Remove the filter")]
    assert take_off == f"{home}?range=7d"
    for by, written, stored in (
        ("country", "poland", "PL"),
        ("device", "Mobile", "mobile"),
        ("source", "Direct or unknown", ""),
    ):
        words = {"filter_by": by, "filter_how": "is", "filter_value": written}
        said = owner.get(home, query_string=words)
        hidden = {one["name"]: one["value"] for one in read(said).all("input") if one.get("type") == "hidden"}
        assert hidden["filter"] == f"{by}:is:{stored}"
    assert owner.get(home, query_string={**dialog, "filter_by": "nothing"}).status_code == 400
    assert owner.get(home, query_string={**dialog, "filter_how": "matches", "filter_value": "("}).status_code == 400


@pytest.mark.parametrize(("dimension", "offered"), [("path", "/lamp"), ("source", "DuckDuckGo"), ("nothing", None)])
def test_the_dialog_offers_values_that_there_are(
    owner: Person, busy_shop: SiteInfo, dimension: str, offered: str | None
) -> None:
    found = [
        one["value"] for one in read(owner.get(f"/sites/{busy_shop.key}/values?filter_by={dimension}")).all("option")
    ]
    assert (offered in found) if offered else not found


def test_a_scope_that_makes_no_sense_is_explained(owner: Person, shop: SiteInfo) -> None:
    for words, said in {
        "range=soon": "<code>range</code>: use one of",
        "filter=colour:is:red": "no dimension is named",
        "from=2026-13-01&to=": "2026-13-01",
        "nonsense=1": "unknown",
    }.items():
        answered = owner.get(f"/sites/{shop.key}/?{words}")
        assert answered.status_code == 400
        assert said in answered.text
