"""Members of a site: invited, joined, given another role, removed; and who would like to be more than they are."""

import re

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.kit.pages import PASSWORD, Person, member
from tests.kit.post import Post
from tracker.house import House
from tracker.models import AuditEntry, Member, User
from tracker.sites import SiteInfo, create_site, describe
from tracker.users import create_user, find_user, set_role

BEN = "ben@example.com"


def page(site: SiteInfo) -> str:
    return f"/sites/{site.key}/members"


def link(owner: Person, site: SiteInfo, email: str = BEN, role: str = "editor") -> str:
    """Make an invitation, and return the path that is shown this once."""
    answer = owner.send(page(site), {"email": email, "role": role, "do": "link"})
    assert answer.status_code == 200, answer.text
    found = re.search(r"/invited/[\w-]{43}", answer.text)
    assert found, answer.text
    return found[0]


def role_of(house: House, site: SiteInfo, email: str) -> str | None:
    with house.database.session() as session:
        user = find_user(session, email)
        found = session.get(Member, (user.id, site.id)) if user else None
        return found.role if found else None


def number_of(house: House, email: str) -> int:
    with house.database.session() as session:
        return session.scalars(select(User.id).where(User.email == email)).one()


def test_somebody_new_is_invited_by_mail_makes_an_account_and_is_in(
    house: House, owner: Person, stranger: Person, shop: SiteInfo, post: Post
) -> None:
    house.settings.mail_url = post.url
    assert owner.send(page(shop), {"email": " Ben@Example.com", "role": "editor", "do": "mail"}).status_code == 302
    assert "is invited; the letter is on its way" in owner.text(page(shop))
    assert "Invited, not here yet" in owner.text(page(shop))
    [letter] = post.letters
    assert (letter["To"], letter["Subject"]) == (BEN, "You are invited to Lamps & Chairs")
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"/invited/[\w-]+", body.get_content())
    assert found
    path = found[0]
    assert "<bdi>ann@example.org</bdi> invites" in stranger.text(path)
    twice = stranger.send(path, {"password": PASSWORD, "again": "something else"})
    assert twice.status_code == 400 and "not the same" in twice.text
    assert stranger.send(path, {"password": "short", "again": "short"}).status_code == 400
    joined = stranger.send(path, {"password": PASSWORD, "again": PASSWORD, "email": "boss@example.org"})
    assert joined.location == f"/sites/{shop.key}/"
    assert stranger.get(f"/sites/{shop.key}/settings").status_code == 200
    assert role_of(house, shop, BEN) == "editor"
    assert stranger.get(page(shop)).status_code == 403
    assert owner.get(path).status_code == 410, "it works once"
    with house.database.session() as session:
        told = [(one.action, one.who) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert told == [("invite-member", "ann@example.org"), ("join-site", BEN)]


def test_who_has_an_account_signs_in_to_join_and_nobody_joins_in_their_place(
    house: House, app: Flask, owner: Person, stranger: Person, shop: SiteInfo
) -> None:
    with house.database.session() as session:
        create_user(session, BEN, PASSWORD)
        create_user(session, "eve@example.org", PASSWORD)
    path = link(owner, shop)
    asked = stranger.get(path)
    assert "Sign in to join" in asked.text and "password" not in asked.text.lower()
    eve = Person(app.test_client())
    eve.sign_in("eve@example.org")
    assert "this invitation is for" in eve.get(path).text
    assert eve.send("/account", {"password": PASSWORD, "again": PASSWORD}, to=path).status_code == 200
    takeover = {"password": "taken over now", "again": "taken over now"}
    assert stranger.send("/sign-in", takeover, to=path).status_code == 200
    assert (role_of(house, shop, "eve@example.org"), role_of(house, shop, BEN)) == (None, None)
    arrived = stranger.send("/sign-in", {"email": BEN, "password": PASSWORD, "next": path})
    assert arrived.location == path
    assert stranger.send(path, {}).location == f"/sites/{shop.key}/"
    assert role_of(house, shop, BEN) == "editor"


def test_an_invitation_never_takes_a_greater_role_away(house: House, app: Flask, owner: Person, shop: SiteInfo) -> None:
    admin = member(house, app, shop, "admin")
    path = link(owner, shop, "admin@example.org", "viewer")
    assert admin.send(path, {}).status_code == 302
    assert role_of(house, shop, "admin@example.org") == "admin"


def test_an_invitation_is_taken_back_replaced_and_grows_old(owner: Person, stranger: Person, shop: SiteInfo) -> None:
    with time_machine.travel("2026-03-02 10:00", tick=False) as clock:
        first, second = link(owner, shop), link(owner, shop, role="viewer")
        assert (stranger.get(first).status_code, stranger.get(second).status_code) == (410, 200)
        clock.move_to("2026-03-09 09:59")
        assert stranger.get(second).status_code == 200
        clock.move_to("2026-03-09 10:01")
        assert stranger.get(second).status_code == 410
    third = link(owner, shop)
    change = f"{page(shop)}/change"
    assert owner.send(page(shop), {"do": "take-back", "email": BEN}, to=change).status_code == 302
    assert stranger.get(third).status_code == 410


def test_roles_change_and_whoever_is_removed_is_out_at_once(
    house: House, app: Flask, owner: Person, shop: SiteInfo
) -> None:
    editor = member(house, app, shop, "editor")
    user, change = str(number_of(house, "editor@example.org")), f"{page(shop)}/change"
    assert owner.send(page(shop), {"do": "role", "user": user, "role": "viewer"}, to=change).status_code == 302
    assert editor.get(f"/sites/{shop.key}/settings").status_code == 403
    assert editor.get(f"/sites/{shop.key}/").status_code == 200
    assert owner.send(page(shop), {"do": "remove", "user": user}, to=change).status_code == 302
    for path in ("", "reports/pages", "settings"):
        assert editor.get(f"/sites/{shop.key}/{path}").status_code == 403
    assert editor.get(f"/api/v1/sites/{shop.key}/reports/pages").status_code == 403
    assert editor.get("/account").status_code == 200, "their account is theirs"
    with house.database.session() as session:
        told = [(one.action, one.subject) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert told == [("change-role", "editor@example.org"), ("remove-member", "editor@example.org")]
    audit = owner.text(f"/sites/{shop.key}/audit")
    assert "changed a role" in audit and "removed a member" in audit


def test_whoever_is_removed_comes_back_by_no_invitation_of_theirs_or_to_them(
    house: House, app: Flask, owner: Person, stranger: Person, shop: SiteInfo
) -> None:
    admin = member(house, app, shop, "admin")
    upwards, to_a_friend = link(owner, shop, "admin@example.org", "editor"), link(admin, shop, BEN, "admin")
    kept = link(owner, shop, "cleo@example.org", "viewer")
    gone = {"do": "remove", "user": str(number_of(house, "admin@example.org"))}
    assert owner.send(page(shop), gone, to=f"{page(shop)}/change").status_code == 302
    assert [stranger.get(one).status_code for one in (upwards, to_a_friend, kept)] == [410, 410, 200]


def test_the_last_admin_stays_where_there_is_no_owner(house: House, app: Flask, shop: SiteInfo) -> None:
    admin = member(house, app, shop, "admin")
    user, change = str(number_of(house, "admin@example.org")), f"{page(shop)}/change"
    for form in ({"do": "remove"}, {"do": "role", "role": "viewer"}):
        refused = admin.send(page(shop), {**form, "user": user}, to=change)
        assert refused.status_code == 400 and "is the last admin" in refused.text
    with house.database.session() as session:
        set_role(session, create_user(session, BEN, PASSWORD).id, shop.id, "admin")
    assert admin.send(page(shop), {"do": "remove", "user": user}, to=change).location == "/"
    assert admin.get(page(shop)).status_code == 403


def test_an_admin_reaches_no_other_site_no_owner_and_no_greater_role(
    house: House, app: Flask, owner: Person, shop: SiteInfo, post: Post
) -> None:
    with house.database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
        set_role(session, create_user(session, BEN, PASSWORD).id, other.id, "viewer")
    house.sites.forget()
    admin, change = member(house, app, shop, "admin"), f"{page(shop)}/change"
    assert admin.get(page(other)).status_code == 403
    elsewhere = admin.send(page(shop), {"do": "remove", "user": str(number_of(house, BEN))}, to=change)
    assert elsewhere.status_code == 400 and role_of(house, other, BEN) == "viewer"
    ann = str(number_of(house, "ann@example.org"))
    assert admin.send(page(shop), {"do": "role", "user": ann, "role": "viewer"}, to=change).status_code == 400
    for email, role, said in (
        ("ann@example.org", "viewer", "is an owner"),
        ("admin@example.org", "admin", "is an admin already"),
        ("nobody", "viewer", "Must be an address"),
        (BEN, "owner", "Must be one of"),
    ):
        refused = owner.send(page(shop), {"email": email, "role": role, "do": "link"})
        assert refused.status_code == 400 and said in refused.text, email
    house.settings.mail_url = post.url
    assert "Make a link" not in admin.text(page(shop))
    made = admin.send(page(shop), {"email": BEN, "role": "viewer", "do": "link"})
    assert made.status_code == 403, "a letter proves whose address it is"
    post.refusals.append("550 no such mailbox")
    refused = admin.send(page(shop), {"email": "gone@example.org", "role": "viewer", "do": "mail"})
    assert refused.status_code == 400 and "The letter was not sent" in refused.text
    assert "Invited, not here yet" not in admin.text(page(shop))


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_admins_see_who_belongs_to_a_site(house: House, app: Flask, shop: SiteInfo, role: str) -> None:
    person = member(house, app, shop, role)
    assert person.get(page(shop)).status_code == 403
    assert person.send("/account", {"email": BEN, "role": "admin", "do": "link"}, to=page(shop)).status_code == 403
    assert "Members" not in person.text(f"/sites/{shop.key}/")
