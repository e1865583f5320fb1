"""Every route has a row in the permission matrix, and each kind of principal gets the answer that it says."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.kit.pages import Person, member
from tracker.access import create_key
from tracker.house import House
from tracker.permissions import PERMISSIONS
from tracker.sites import SiteInfo, create_site, describe

VALUES = {"name": "overview", "token": "nothing", "key_id": 1, "number": 1, "rest": "nothing", "file": "nothing"}


def rules(app: Flask, door: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if PERMISSIONS[rule.endpoint].door == door]


def address(app: Flask, rule: Rule, site_key: str) -> str:
    values = {name: VALUES.get(name, site_key) for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=method(rule))


def method(rule: Rule) -> str:
    return next(one for one in ("GET", "POST", "DELETE") if one in (rule.methods or ()))


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(PERMISSIONS)


def test_a_route_without_a_row_is_refused(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secrets", methods=["GET", "POST"])
    assert app.test_client().get("/forgotten").status_code == 403
    assert app.test_client().post("/forgotten").status_code == 403


@pytest.mark.parametrize("who", ["nobody", "viewer", "editor", "admin", "elsewhere", "owner"])
def test_pages_open_for_those_whom_the_matrix_names(
    who: str, app: Flask, house: House, shop: SiteInfo, owner: Person, stranger: Person
) -> None:
    allowed = {
        "nobody": {"come-in"},
        "viewer": {"come-in", "list-sites", "change-account", "read-site"},
        "editor": {"come-in", "list-sites", "change-account", "read-site", "change-site"},
        "admin": {
            "come-in",
            "list-sites",
            "change-account",
            "read-site",
            "change-site",
            "manage-keys",
            "manage-members",
            "delete-site",
            "read-audit",
            "export-person",
            "erase-person",
        },
        "elsewhere": {"come-in", "list-sites", "change-account"},
        "owner": {permission.action for permission in PERMISSIONS.values()},
    }[who]
    if who == "elsewhere":
        with house.database.session() as session:
            other = describe(create_site(session, "Other", ["other.example"]))
        person = member(house, app, other, "admin")
    else:
        people = {"nobody": stranger, "owner": owner}
        person = people[who] if who in people else member(house, app, shop, who)
    for rule in rules(app, "page"):
        action = PERMISSIONS[rule.endpoint].action
        path = address(app, rule, shop.key)
        if method(rule) == "GET":
            status = person.get(path).status_code
        elif action == "come-in" or rule.endpoint in ("dashboard.delete_site", "dashboard.add_sample"):
            continue  # what they do has tests of its own
        else:
            status = person.send("/account" if who != "nobody" else "/sign-in", {}, to=path).status_code
        if action in allowed:
            assert status in (200, 302, 400, 404, 410), (who, rule.rule, status)
        else:
            assert status == (302 if who == "nobody" else 403), (who, rule.rule, status)


def test_the_api_opens_for_the_right_keys_and_for_signed_in_browsers(
    app: Flask, house: House, shop: SiteInfo, owner: Person
) -> None:
    with house.database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
        keys = {
            200: [create_key(session, "all", ["read"]), create_key(session, "shop", ["read"], shop.id)],
            403: [create_key(session, "other", ["read"], other.id), create_key(session, "in", ["ingest"], shop.id)],
            401: ["ff_" + "x" * 43, "nonsense", ""],
        }
    client = app.test_client()
    path = f"/api/v1/sites/{shop.key}/reports/overview"
    for status, tokens in keys.items():
        for token in tokens:
            answered = client.get(path, headers={"Authorization": f"Bearer {token}"})
            assert answered.status_code == status, answered.text
            assert answered.mimetype in ("application/json", "application/problem+json")
    assert client.get(path).status_code == 401
    assert owner.get(path).status_code == 200
    assert owner.get(path, headers={"Authorization": "Bearer ff_wrong"}).status_code == 401
    assert client.get(path + f"?key={keys[200][0]}").status_code == 401


def test_pages_for_visitors_are_for_anybody_who_knows_the_site(app: Flask, shop: SiteInfo) -> None:
    found = rules(app, "public")
    assert found
    for rule in found:
        assert rule.methods == {"GET", "HEAD", "OPTIONS"}, "what nobody signs in for changes nothing"
        known, unknown = (app.test_client().get(address(app, rule, key)) for key in (shop.key, "nosuchsite22"))
        assert (known.status_code, unknown.status_code) == (200, 404)
        assert "Set-Cookie" not in {*known.headers.keys(), *unknown.headers.keys()}


def test_a_letters_link_opens_nothing_without_its_token(app: Flask) -> None:
    found = rules(app, "letter")
    assert found
    for rule in found:
        assert rule.arguments == {"token"}
        for way in ("GET", "POST"):
            answer = app.test_client().open(address(app, rule, "x"), method=way)
            assert (answer.status_code, answer.headers.get("Set-Cookie")) == (404, None)


def test_a_share_link_opens_nothing_without_its_token(app: Flask, owner: Person) -> None:
    found = rules(app, "share")
    assert found
    for rule in found:
        assert "token" in rule.arguments and "site_key" not in rule.arguments
        if method(rule) == "GET":
            assert owner.get(address(app, rule, "x")).status_code == 404
        else:
            assert owner.send("/account", {}, to=address(app, rule, "x")).status_code == 404


def test_an_unknown_site_is_no_different_to_a_stranger_from_a_known_one(stranger: Person, shop: SiteInfo) -> None:
    for key in (shop.key, "nosuchsite22"):
        assert stranger.get(f"/sites/{key}/").location.startswith("/sign-in")
        assert stranger.get(f"/api/v1/sites/{key}/reports/overview").status_code == 401


def test_nobody_reads_the_stored_sign_in_of_someone_else(app: Flask, house: House, shop: SiteInfo) -> None:
    viewer = member(house, app, shop, "viewer")
    assert "Settings" not in viewer.text(f"/sites/{shop.key}/")
    assert "Add a site" not in viewer.text("/sites")
