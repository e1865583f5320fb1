"""The page of signals: what is in force, what others would say, putting them in force and going back."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.kit.pages import Person, dead_click, load, member, read, visit_of
from tracker.clock import utc_now
from tracker.deciding import Progress
from tracker.house import House
from tracker.signal_book import SIGNALS
from tracker.signal_limits import LIMITS, Limit
from tracker.signal_versions import apply, changed, history
from tracker.signals import THRESHOLDS
from tracker.sites import SiteInfo


def limits_of(house: House, site: SiteInfo) -> dict[str, int]:
    with house.database.session() as session:
        newest = history(session, site.id)[0].limits
    return {"version": newest.version, "silence": newest.silence, "slow": newest.slow}


def put_in_force(house: House, site: SiteInfo, **limits: int) -> None:
    with house.database.session() as session:
        apply(session, site.id, changed(THRESHOLDS, limits), "bo@example.org")
    house.sites.forget()


def decided(house: House, site: SiteInfo) -> Progress:
    assert house.deciding.drain(120)
    found = house.deciding.progress(site.id)
    assert found is not None and found.finished, found
    return found


def test_every_signal_is_defined_with_its_limits(owner: Person, shop: SiteInfo) -> None:
    page = owner.get(f"/sites/{shop.key}/signals")
    html = read(page)
    ids = {one["id"] for _, one in html.tags if "id" in one}
    for signal in SIGNALS:
        assert signal.name in ids
        assert signal.title in page.text
    fields = {one["name"]: one for one in html.all("input") if one.get("type") == "number"}
    assert set(fields) == {limit.name for limit in LIMITS}
    for limit in LIMITS:
        bounds = (fields[limit.name]["min"], fields[limit.name]["max"], fields[limit.name]["value"])
        assert bounds == (str(limit.least), str(limit.most), str(limit.usual))
    assert "within 2.5 s" in page.text
    assert "Version 1 is in force" in page.text


def test_a_changed_limit_shows_what_would_have_been(house: House, owner: Person, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {}, dead_click("main>button", "Buy now", mutation_ms=800)))
    page = owner.get(f"/sites/{shop.key}/signals?silence=500")
    assert page.status_code == 200
    assert "Silence after a click: 2,500 → 500 ms" in page.text
    grown = page.text[page.text.index("Would appear or grow") :]
    assert "“Buy now” button" in grown
    assert "0 → 1" in grown
    assert limits_of(house, shop)["version"] == 1


def test_the_address_keeps_only_what_was_changed(owner: Person, shop: SiteInfo) -> None:
    every = {limit.name: str(limit.usual) for limit in LIMITS}
    path = f"/sites/{shop.key}/signals"
    answered = owner.get(path, query_string={**every, "silence": "2000"})
    assert answered.location == f"{path}?silence=2000#what-if"
    assert owner.get(path, query_string=every).location == path


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_each_limit_out_of_bounds_is_told_at_its_field(owner: Person, shop: SiteInfo, limit: Limit) -> None:
    for given in (str(limit.most + 1), "", "soon"):
        page = owner.get(f"/sites/{shop.key}/signals", query_string={limit.name: given})
        assert page.status_code == 400
        assert f'id="{limit.name}-problem"' in page.text
        assert f"must be a whole number from {limit.least:,} to {limit.most:,}" in page.text
        [field] = [one for one in read(page).all("input") if one.get("name") == limit.name]
        assert (field["value"], field["aria-invalid"]) == (given, "true")


def test_words_that_are_no_limit_are_refused(owner: Person, shop: SiteInfo) -> None:
    for words in ("silense=2000", "<script>=1", "version=3"):
        page = owner.get(f"/sites/{shop.key}/signals?{words}")
        assert page.status_code == 400
        assert "No limit has this name" in page.text
        assert "<script>=" not in page.text


def test_limits_are_put_in_force_and_decide_what_came_before(house: House, owner: Person, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {}, dead_click("main>button", "Buy now", mutation_ms=800)))
    path = f"/sites/{shop.key}/signals"
    answered = owner.send(f"{path}?silence=500", {"silence": "500", "version": "1"}, to=path)
    assert answered.location == path
    assert limits_of(house, shop) == {"version": 2, "silence": 500, "slow": THRESHOLDS.slow}
    assert decided(house, shop).changed == 1
    page = owner.text(path)
    assert "Version 2 is in force" in page
    assert "ann@example.org" in page
    assert "Silence after a click: 2,500 → 500 ms" in page
    assert "1 click turned out otherwise" in page
    dead = owner.text(f"/sites/{shop.key}/reports/dead-clicks")
    assert "Buy now" in dead
    assert "version 2" in dead


def test_a_version_can_be_gone_back_to(house: House, owner: Person, shop: SiteInfo) -> None:
    put_in_force(house, shop, silence=500)
    path = f"/sites/{shop.key}/signals"
    assert owner.send(path, {}, to=f"{path}/1/again").location == path
    assert limits_of(house, shop) == {"version": 3, "silence": THRESHOLDS.silence, "slow": THRESHOLDS.slow}
    decided(house, shop)
    assert owner.send(path, {}, to=f"{path}/9/again").status_code == 400


def test_who_was_too_late_is_told(house: House, owner: Person, shop: SiteInfo) -> None:
    put_in_force(house, shop, slow=3000)
    path = f"/sites/{shop.key}/signals"
    page = owner.send(path, {"silence": "500", "version": "1"}, to=path)
    assert page.status_code == 400
    assert "Somebody put version 2 in force meanwhile" in page.text
    assert limits_of(house, shop)["silence"] == THRESHOLDS.silence


@pytest.mark.parametrize("form", [{"silence": "5"}, {"slow": "6000", "watched": "5000"}, {"rage_struggling": "9"}])
def test_limits_that_make_no_sense_are_not_put_in_force(
    house: House, owner: Person, shop: SiteInfo, form: dict[str, str]
) -> None:
    path = f"/sites/{shop.key}/signals"
    assert owner.send(path, {**form, "version": "1"}, to=path).status_code == 400
    assert limits_of(house, shop)["version"] == 1


def test_a_viewer_tries_and_does_not_apply(app: Flask, house: House, shop: SiteInfo) -> None:
    put_in_force(house, shop, slow=3000)
    viewer = member(house, app, shop, "viewer")
    path = f"/sites/{shop.key}/signals"
    page = viewer.text(f"{path}?silence=500")
    assert "What if" in page
    assert "Apply to this site" not in page
    assert "Go back to this" not in page
    assert viewer.send("/account", {"silence": "500"}, to=path).status_code == 403
    assert viewer.send("/account", {}, to=f"{path}/1/again").status_code == 403


def test_without_its_token_a_form_changes_nothing(house: House, owner: Person, shop: SiteInfo) -> None:
    assert owner.client.post(f"/sites/{shop.key}/signals", data={"silence": "500"}).status_code == 400
    assert limits_of(house, shop)["version"] == 1


def test_every_number_leads_to_its_definition(house: House, owner: Person, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {}, dead_click("main>button")))
    for page in ("", "reports/dead-clicks", "reports/pages"):
        assert f"/sites/{shop.key}/signals#dead" in read(owner.get(f"/sites/{shop.key}/{page}")).hrefs()
    assert "Counted by these definitions, version 1" in owner.text(f"/sites/{shop.key}/reports/dead-clicks")


def test_the_days_looked_at_end_now(house: House, owner: Person, shop: SiteInfo) -> None:
    before = int((utc_now() - timedelta(days=31)).timestamp() * 1000)
    click = dead_click("main>button", "Old", at=before, mutation_ms=800)
    load(house, visit_of(shop, {"at": before}, click, received_at=before, sent_at=before))
    assert "Nothing would be different" in owner.text(f"/sites/{shop.key}/signals?silence=500")
