"""From no event to the first, and the sample that comes and goes."""

from tests.kit.pages import Person, load, visit_of
from tracker.house import House
from tracker.sites import SiteInfo


def test_the_page_that_waits_sees_the_first_event_arrive(house: House, owner: Person, shop: SiteInfo) -> None:
    waiting = owner.text(f"/sites/{shop.key}/first-event")
    assert 'hx-trigger="every 2s"' in waiting
    load(house, visit_of(shop, {"url": "https://shop.example/lamp"}))
    arrived = owner.text(f"/sites/{shop.key}/first-event")
    assert "The first event arrived" in arrived
    assert '<code dir="ltr">/lamp</code>' in arrived
    assert "hx-trigger" not in arrived


def test_the_sample_comes_with_a_click_is_marked_and_goes_with_one(house: House, owner: Person) -> None:
    made = owner.send("/sites/new", {}, to="/sites/sample")
    page = owner.get(made.location)
    assert "its visitors are invented" in page.text
    assert "What to mend first" in page.text
    [site] = house.sites.all()
    assert site.sample
    gone = owner.send("/account", {}, to=f"/sites/{site.key}/sample/remove")
    assert gone.location == "/sites"
    house.sites.forget()
    assert not house.sites.all()
    assert not [key for key in house.store.tallies() if key[0] == site.id]


def test_a_real_site_is_never_removed_as_a_sample(house: House, owner: Person, shop: SiteInfo) -> None:
    assert owner.send("/account", {}, to=f"/sites/{shop.key}/sample/remove").status_code == 404
    assert house.sites.by_key(shop.key)
