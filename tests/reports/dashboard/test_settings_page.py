"""A site's settings and keys are changed, and it is deleted only on purpose."""

import re
from datetime import timedelta

from sqlalchemy import func, select

from tests.kit.pages import Person, load, read, visit_of
from tracker.clock import utc_now
from tracker.house import House
from tracker.models import Site
from tracker.rollups import dirty_days, refresh
from tracker.sites import SiteInfo
from tracker.store.schema import path_day


def test_days_of_before_are_those_of_a_new_zone_at_once(house: House, owner: Person, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {}))
    refresh(house.store, [shop], utc_now() + timedelta(days=2))
    form = {"name": "Shop", "hosts": "shop.example", "zone": "Asia/Kolkata", "query_parameters": ""}
    assert owner.send(f"/sites/{shop.key}/settings", form).status_code == 302
    assert house.store.query(select(func.count()).select_from(path_day)).rows == [(0,)]
    assert dirty_days(house.store, shop)


def test_settings_are_changed_and_what_is_wrong_is_said(house: House, owner: Person, shop: SiteInfo) -> None:
    page = f"/sites/{shop.key}/settings"
    form = {
        "name": "Lamps",
        "hosts": "lamps.example, www.shop.example",
        "zone": "Asia/Tokyo",
        "query_parameters": "page",
    }
    assert owner.send(page, form).status_code == 302
    house.sites.forget()
    changed = house.sites.by_key(shop.key)
    assert changed
    assert (changed.name, changed.hosts, changed.zone) == ("Lamps", ("lamps.example", "shop.example"), "Asia/Tokyo")
    assert changed.query_parameters == frozenset({"page"})
    assert "data-query=&#34;page&#34;" in owner.text(f"/sites/{shop.key}/tag")
    for wrong in ({"hosts": "two words?"}, {"hosts": ""}, {"zone": "Mars/Olympus"}, {"query_parameters": "a=b"}):
        refused = owner.send(page, {**form, **wrong})
        assert refused.status_code == 400
        assert 'class="problem"' in refused.text


def test_a_key_is_shown_once_and_can_be_revoked(house: House, owner: Person, shop: SiteInfo) -> None:
    page = f"/sites/{shop.key}/settings"
    made = owner.send(page, {"key_name": "notebook", "scopes": "read"}, to=f"/sites/{shop.key}/keys")
    found = re.search(r"ff_[\w-]{43}", made.text)
    assert found
    assert made.headers["Cache-Control"] == "no-store"
    again = owner.text(page)
    assert "notebook" in again
    assert found[0] not in again
    bearer = {"Authorization": f"Bearer {found[0]}"}
    numbers = f"/api/v1/sites/{shop.key}/reports/overview"
    assert owner.get(numbers, headers=bearer).status_code == 200
    revoke = next(form["action"] for form in read(owner.get(page)).all("form") if "revoke" in form.get("action", ""))
    owner.send(page, {}, to=revoke)
    assert owner.get(numbers, headers=bearer).status_code == 401


def test_a_site_is_deleted_only_by_its_name(house: House, owner: Person, busy_shop: SiteInfo) -> None:
    page, to = f"/sites/{busy_shop.key}/settings", f"/sites/{busy_shop.key}/delete"
    refused = owner.send(page, {"confirm": "lamps"}, to=to)
    assert refused.status_code == 400
    assert "nothing was deleted" in refused.text
    assert owner.send(page, {"confirm": busy_shop.name}, to=to).location == "/sites"
    with house.database.session() as session:
        assert not session.query(Site).all()
    assert not house.store.tallies()
