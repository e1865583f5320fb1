"""What an admin does for a person who asks, on the pages."""

import json
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.kit.pages import Person, member, read
from tests.tracker.rights.people import Someone, put_away, send, someone, stitched_site, visit
from tracker.access import create_key
from tracker.house import House
from tracker.identity.hand import profile_of
from tracker.sites import SiteInfo
from tracker.store.schema import event


@pytest.fixture
def shop(house: House) -> SiteInfo:
    return stitched_site(house)


@pytest.fixture
def ann(house: House, shop: SiteInfo) -> Someone:
    made = someone(shop, 1)
    send(house, [visit(shop, made)])
    put_away(house)
    return made


def page_of(house: House, site: SiteInfo, who: Someone) -> str:
    with house.database.session() as session:
        return f"/sites/{site.key}/profiles/{profile_of(session, site.id, who.login)}"


def events(house: House) -> int:
    house.erasing.finish()
    return int(house.store.query(select(func.count()).select_from(event)).rows[0][0])


def test_an_admin_finds_the_three_doors_and_an_editor_none(
    house: House, app: Flask, shop: SiteInfo, ann: Someone
) -> None:
    page = page_of(house, shop, ann)
    doors = {f"{page}/export.html", f"{page}/export.json", f"{page}/erase"}
    assert doors <= set(read(member(house, app, shop, "admin").get(page)).hrefs())
    assert not doors & set(read(member(house, app, shop, "editor").get(page)).hrefs())


def test_exports_are_files_that_no_cache_keeps(house: House, owner: Person, shop: SiteInfo, ann: Someone) -> None:
    page = page_of(house, shop, ann)
    answered = owner.get(f"{page}/export.json")
    assert len(json.loads(answered.data)["events"]) == ann.events
    for end in ("json", "html"):
        answered = owner.get(f"{page}/export.{end}")
        assert answered.status_code == 200
        assert ann.marker in answered.text
        assert answered.headers["Content-Disposition"].startswith("attachment")
        assert answered.headers["Cache-Control"] == "no-store"
    assert owner.get(f"/sites/{shop.key}/profiles/1/export.json").status_code == 404
    assert owner.get(f"/sites/{shop.key}/profiles/x/export.html").status_code == 404


def test_erasing_says_what_goes_and_wants_a_word(house: House, owner: Person, shop: SiteInfo, ann: Someone) -> None:
    page = f"{page_of(house, shop, ann)}/erase"
    assert f"{ann.events} events" in owner.text(page)
    seen = re.search(r'name="seen" value="([^"]+)"', owner.text(page))
    assert seen
    refused = owner.send(page, {"confirm": "", "seen": seen[1]})
    assert refused.status_code == 400
    assert "nothing was erased" in refused.text
    assert events(house) == ann.events
    done = owner.send(page, {"confirm": "Erase", "seen": seen[1]}, follow_redirects=True)
    reference = re.search(r"under ([0-9a-f]{16})", done.text)
    assert reference
    assert events(house) == 0
    assert owner.get(page).status_code == 404
    audit = owner.text(f"/sites/{shop.key}/audit")
    assert "had a person erased" in audit
    assert audit.count(reference[1]) == 2
    assert ann.marker not in audit


def test_a_profile_that_changed_since_it_was_looked_at_is_not_erased(
    house: House, owner: Person, shop: SiteInfo, ann: Someone
) -> None:
    page = f"{page_of(house, shop, ann)}/erase"
    answered = owner.send(page, {"confirm": "erase", "seen": "another"})
    assert answered.status_code == 400
    assert "has changed meanwhile" in answered.text
    assert events(house) == ann.events


def test_programs_export_and_erase_with_a_key_for_just_that(
    house: House, app: Flask, shop: SiteInfo, ann: Someone
) -> None:
    address = f"/api/v1{page_of(house, shop, ann)}"
    with house.database.session() as session:
        keys = {scope: create_key(session, scope, [scope], shop.id) for scope in ("read", "change", "people", "erase")}
    client = app.test_client()

    def ask(scope: str, what: str) -> int:
        call = client.get if what == "export" else client.post
        return call(f"{address}/{what}", headers={"Authorization": f"Bearer {keys[scope]}"}).status_code

    assert [ask(scope, "export") for scope in keys] == [403, 403, 200, 403]
    assert [ask(scope, "erase") for scope in ("read", "change", "people")] == [403, 403, 403]
    assert events(house) == ann.events
    assert ask("erase", "erase") == 202
    assert events(house) == 0
    assert ask("erase", "erase") == 404


def test_a_word_said_twice_does_not_reach_whoever_goes_by_the_number_next(
    house: House, app: Flask, shop: SiteInfo
) -> None:
    ann, bob = someone(shop, 1), someone(shop, 1)
    bob.devices = ann.devices = [-(2**63)]  # of names of one moment the least is the profile's
    send(house, [visit(shop, ann, looks=False), visit(shop, bob, ago_s=600, looks=False)])
    put_away(house)
    page = page_of(house, shop, ann)
    with house.database.session() as session:
        token = create_key(session, "erase", ["erase"], shop.id)
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    assert client.post(f"/api/v1{page}/erase", headers=headers).status_code == 202
    assert events(house) == bob.events
    assert page_of(house, shop, bob) == page  # the device is his alone now, and the oldest of his names
    assert client.post(f"/api/v1{page}/erase", headers=headers).status_code == 404
    assert events(house) == bob.events
    assert client.post(f"/api/v1{page}/erase", headers=headers, json={"again": True}).status_code == 202
    assert events(house) == 0
