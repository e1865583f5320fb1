"""Other trackers on the pages and in the API: accepted, with what to change there, and removed."""

import re
from html import unescape

from tests.kit.pages import Person, read
from tracker.access import create_key
from tracker.foreign import PRODUCTS
from tracker.house import House
from tracker.sites import SiteInfo


def page_of(site: SiteInfo) -> str:
    return f"/sites/{site.key}/other-trackers"


def settings_of(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r'<code id="setting-\d+">([^<]*)</code>', page)]


def test_each_is_accepted_and_shows_the_line_to_change(owner: Person, shop: SiteInfo) -> None:
    for product in PRODUCTS:
        form = {"product": product.name, "their_id": product.example, "secret": "s3cret"}
        answer = owner.send(page_of(shop), form, follow_redirects=True)
        said = f"What {product.title} sends as {product.example} is taken from now on."
        assert said in unescape(answer.text)
    shown = settings_of(answer.text)
    assert len(shown) == len(PRODUCTS)
    assert shown[0] == 'data-api="http://localhost/api/event"'
    assert 'data-goatcounter="http://localhost/count/shop"' in shown


def test_it_is_removed(house: House, owner: Person, shop: SiteInfo) -> None:
    owner.send(page_of(shop), {"product": "matomo", "their_id": "7"})
    [known] = house.sites.by_id(shop.id).foreign_ids  # type: ignore[union-attr]
    form = {"do": "remove", "number": str(known.number)}
    answer = owner.send(page_of(shop), form, follow_redirects=True)
    assert "Nothing more is taken of what Matomo sends as 7." in answer.text and settings_of(answer.text) == []
    assert house.sites.by_foreign_id("matomo", "7") is None
    assert "was removed already" in owner.send(page_of(shop), form, follow_redirects=True).text


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(owner: Person, shop: SiteInfo) -> None:
    answer = owner.send(page_of(shop), {"product": "umami", "their_id": "seven"})
    told = read(answer)
    assert answer.status_code == 400 and "is no id of Umami" in unescape(answer.text)
    assert [one["value"] for one in told.all("input") if one.get("id") == "their_id"] == ["seven"]
    assert [one["value"] for one in told.all("option") if "selected" in one] == ["umami"]
    assert owner.send(page_of(shop), {"product": "nothing", "their_id": "1"}).status_code == 400


def test_visitors_are_told_that_leaving_here_does_not_stop_another_script(
    owner: Person, stranger: Person, shop: SiteInfo
) -> None:
    page = f"/privacy/{shop.key}"
    assert "a way of its own to be left out" not in stranger.get(page).text
    for their_id in ("7", "8"):
        owner.send(page_of(shop), {"product": "matomo", "their_id": their_id})
    owner.send(page_of(shop), {"product": "plausible", "their_id": "shop.example"})
    assert "the script of <bdi>Plausible, Matomo</bdi>, which sends here as well" in stranger.get(page).text


def test_the_audit_tells_of_it(owner: Person, shop: SiteInfo) -> None:
    owner.send(page_of(shop), {"product": "matomo", "their_id": "7"})
    assert "let another tracker send" in owner.get(f"/sites/{shop.key}/audit").text


def test_the_api_does_the_same(house: House, owner: Person, shop: SiteInfo) -> None:
    with house.database.session() as session:
        headers = {"Authorization": f"Bearer {create_key(session, 'test', ['change', 'read'], shop.id)}"}
    client, path = owner.client, f"/api/v1/sites/{shop.key}/trackers"
    made = client.post(path, json={"product": "umami", "id": PRODUCTS[1].example, "consented": True}, headers=headers)
    told = {"number": made.json["number"], "product": "umami", "id": PRODUCTS[1].example, "consented": True}
    assert (made.status_code, made.json) == (201, told)
    assert client.get(path, headers=headers).json == {"trackers": [told]}
    again = client.post(path, json={"product": "umami", "id": PRODUCTS[1].example}, headers=headers)
    assert again.status_code == 409 and "this site is known by it already" in again.text
    assert client.delete(f"{path}/{told['number']}", headers=headers).json == {"trackers": []}
    assert client.delete(f"{path}/{told['number']}", headers=headers).status_code == 404
