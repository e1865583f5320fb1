"""Segments on the pages: filters are saved, chosen, combined, renamed and deleted, and the address says it all."""

from flask import Flask

from tests.kit.pages import Person, load, member, read, visit_of
from tracker.house import House
from tracker.segments import save_segment
from tracker.sites import SiteInfo

FILTER = "filter=device%3Ais%3Adesktop"


def save(person: Person, shop: SiteInfo, name: str = "At desks") -> str:
    """Save the filters of the page of pages under a name, and return where that leads."""
    page = f"/sites/{shop.key}/reports/pages?range=7d&{FILTER}"
    form = {"name": name, "filter": "device:is:desktop", "page": page}
    answer = person.send(page, form, to=f"/sites/{shop.key}/segments")
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_filters_become_a_segment_and_the_page_is_looked_at_through_it(
    house: House, owner: Person, shop: SiteInfo
) -> None:
    load(house, visit_of(shop, {}))
    before = owner.text(f"/sites/{shop.key}/reports/pages?{FILTER}")
    assert "Save these filters as" in before and 'value="device:is:desktop"' in before
    led_to = save(owner, shop)
    assert led_to == f"/sites/{shop.key}/reports/pages?range=7d&segment=At+desks"
    page = owner.get(led_to)
    assert "Segment: At desks" in page.text and "is saved; every report can be asked of it" in page.text
    hrefs = read(page).hrefs()
    assert any("reports/struggles" in href and "segment=At+desks" in href for href in hrefs)
    assert any(href.endswith("/reports/pages?range=7d") for href in hrefs), "the way back to everyone"


def test_it_is_combined_with_other_filters_and_saved_with_them(house: House, owner: Person, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {}))
    save(owner, shop)
    page = owner.get(f"/sites/{shop.key}/?segment=At+desks&filter=path%3Ais%3A/")
    kept = [one["value"] for one in read(page).all("input") if one.get("name") == "filter" and one["type"] == "hidden"]
    assert {"path:is:/", "device:is:desktop"} <= set(kept)
    chips = [one for one in read(page).all("a") if one.get("aria-label", "").startswith("Remove the filter")]
    assert [one["href"].partition("?")[2] for one in chips] == ["filter=path%3Ais%3A%2F", "segment=At+desks"]


def test_it_is_renamed_and_deleted_where_it_is_chosen(house: House, owner: Person, shop: SiteInfo) -> None:
    save(owner, shop)
    page, to = f"/sites/{shop.key}/?segment=At+desks", f"/sites/{shop.key}/segments/change"
    form = {"segment": "At desks", "name": "Sitting", "do": "rename", "page": page}
    assert owner.send(page, form, to=to).location == f"/sites/{shop.key}/?segment=Sitting"
    page = f"/sites/{shop.key}/?segment=Sitting"
    form = {"segment": "Sitting", "name": "Sitting", "do": "delete", "page": page}
    led_to = owner.send(page, form, to=to).location
    assert led_to == f"/sites/{shop.key}/"
    assert "The segment “Sitting” is deleted." in owner.text(led_to)
    assert owner.get(page).status_code == 400


def test_who_may_only_read_chooses_but_changes_nothing(house: House, app: Flask, owner: Person, shop: SiteInfo) -> None:
    save(owner, shop)
    viewer = member(house, app, shop, "viewer")
    page = viewer.text(f"/sites/{shop.key}/?{FILTER}")
    assert "At desks" in page and "Save these filters" not in page
    form = {"name": "Mine", "filter": "device:is:mobile"}
    assert viewer.send("/account", form, to=f"/sites/{shop.key}/segments").status_code == 403


def test_the_form_leads_nowhere_else(owner: Person, shop: SiteInfo) -> None:
    for page in (
        "https://evil.example/",
        "//evil.example/",
        f"/sites/{shop.key}/../../x",
        "/sites/other/",
        "javascript:x",
    ):
        form = {"name": "Whom", "filter": "device:is:mobile", "page": page}
        answer = owner.send(f"/sites/{shop.key}/?{FILTER}", form, to=f"/sites/{shop.key}/segments")
        assert answer.location == f"/sites/{shop.key}/?segment=Whom"


def test_a_name_is_text_and_no_markup(house: House, owner: Person, shop: SiteInfo) -> None:
    with house.database.session() as session:
        save_segment(session, shop.id, "<script>alert(1)<", ["device:is:mobile"], "anna")
    house.sites.forget()
    page = owner.text(f"/sites/{shop.key}/")
    assert "&lt;script&gt;alert(1)&lt;" in page
    assert "<script>alert" not in page
