"""Coming in: the first run, signing in and out, forms that others send, and who is slowed down."""

import re

import pytest
from flask import Flask

from tests.kit.pages import EMAIL, PASSWORD, Person, read
from tracker.house import House
from tracker.models import SignIn, User
from tracker.signin import create_first_run_link
from tracker.sites import SiteInfo
from tracker.throttle import SignInThrottle
from tracker.users import create_user


def first_run(house: House) -> str:
    with house.database.session() as session:
        token = create_first_run_link(session)
    assert token
    return f"/welcome/{token}"


def account(**fields: str) -> dict[str, str]:
    return {"email": EMAIL, "password": PASSWORD, "again": PASSWORD, **fields}


def test_the_first_run_goes_from_the_link_to_the_tag_of_the_first_site(house: House, stranger: Person) -> None:
    link = first_run(house)
    welcomed = stranger.send(link, account())
    assert (welcomed.status_code, welcomed.location) == (302, "/sites/new")
    with house.database.session() as session:
        assert session.query(User).one().owner
    added = stranger.send("/sites/new", {"name": "Shop", "host": "https://www.Shop.example/", "zone": "Asia/Tokyo"})
    assert added.status_code == 302
    tag = stranger.get(added.location)
    site = house.sites.all()[0]
    assert (site.hosts, site.zone) == (("shop.example",), "Asia/Tokyo")
    assert f"data-site=&#34;{site.key}&#34;" in tag.text
    assert "Waiting for the first event" in tag.text


def test_the_first_run_link_works_once(house: House, stranger: Person, app: Flask) -> None:
    link = first_run(house)
    stranger.send(link, account())
    other = Person(app.test_client())
    assert other.get(link).status_code == 410
    assert Person(app.test_client()).get("/welcome/guessed").status_code == 410


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "ann"}, "Must be an address"),
        ({"password": "short", "again": "short"}, "at least 10 characters"),
        ({"again": "correct horse"}, "not the same"),
    ],
)
def test_what_is_wrong_in_the_first_account_is_said_beside_its_field(
    house: House, stranger: Person, fields: dict[str, str], said: str
) -> None:
    link = first_run(house)
    refused = stranger.send(link, account(**fields))
    assert refused.status_code == 400
    assert said in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert PASSWORD not in refused.text
    assert stranger.get(link).status_code == 200


def test_before_the_first_account_the_sign_in_page_says_where_the_link_is(stranger: Person) -> None:
    assert "footfall serve" in stranger.get("/sign-in").text


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(owner: Person, app: Flask, shop: SiteInfo) -> None:
    person = Person(app.test_client())
    sent_away = person.get(f"/sites/{shop.key}/?range=7d")
    assert sent_away.status_code == 302
    assert sent_away.location == f"/sign-in?next=/sites/{shop.key}/?range%3D7d"
    asked = person.get(sent_away.location)
    [next_page] = [one["value"] for one in read(asked).all("input") if one.get("name") == "next"]
    arrived = person.send("/sign-in", {"email": EMAIL, "password": PASSWORD, "next": next_page})
    assert arrived.location == f"/sites/{shop.key}/?range=7d"


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_to_another_server(owner: Person, app: Flask, next_page: str) -> None:
    person = Person(app.test_client())
    arrived = person.send("/sign-in", {"email": EMAIL, "password": PASSWORD, "next": next_page})
    assert arrived.location == "/"


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(owner: Person, app: Flask) -> None:
    wrong = Person(app.test_client()).sign_in(EMAIL, "not the password")
    unknown = Person(app.test_client()).sign_in("bob@example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 403

    def said(text: str) -> str:
        return re.sub(r'value="[^"]*"', "", text)

    assert said(wrong.text) == said(unknown.text)


def test_guessing_is_slowed_down_even_with_the_right_password(owner: Person, app: Flask) -> None:
    person = Person(app.test_client())
    statuses = [person.sign_in(EMAIL, f"guess number {n}").status_code for n in range(10)]
    assert statuses[-1] == 429  # the owner's own sign-in was the first of ten
    assert person.sign_in().status_code == 429


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_is_new_at_each_sign_in(
    owner: Person, app: Flask, house: House
) -> None:
    person = Person(app.test_client())
    first = cookie(person.sign_in())
    assert "HttpOnly" in first
    assert "SameSite=Lax" in first
    second = cookie(person.send("/account", {"old": PASSWORD, "password": "another good one"}))
    assert first.split(";")[0] != second.split(";")[0]
    with house.database.session() as session:
        kept = [one.token_hash for one in session.query(SignIn).all()]
    assert not any(value.split(";")[0].partition("=")[2] in kept for value in (first, second))


def cookie(response: object) -> str:
    [found] = [value for value in response.headers.getlist("Set-Cookie") if value.startswith("footfall=")]  # type: ignore[attr-defined]
    return found


def test_signing_out_ends_the_sign_in_also_for_who_copied_the_cookie(owner: Person, app: Flask) -> None:
    copied = owner.client.get_cookie("footfall")
    assert copied
    thief = app.test_client()
    thief.set_cookie("footfall", copied.value)
    assert thief.get("/account").status_code == 200
    assert owner.send("/account", {}, to="/sign-out").status_code == 302
    assert owner.get("/account").status_code == 302
    assert thief.get("/account").status_code == 302


def test_a_form_without_its_token_or_from_another_site_changes_nothing(owner: Person, house: House) -> None:
    form = {"name": "Evil", "host": "evil.example", "zone": "UTC"}
    assert owner.client.post("/sites/new", data=form).status_code == 400
    foreign = owner.send("/sites/new", form, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 400
    sibling = owner.send("/sites/new", form, headers={"Sec-Fetch-Site": "same-site"})
    assert sibling.status_code == 400
    assert not house.sites.all()
    assert owner.send("/sites/new", form, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


def test_a_form_that_was_open_before_signing_in_is_worth_nothing_after_it(owner: Person, app: Flask) -> None:
    person = Person(app.test_client())
    token = re.search(r'name="csrf_token" value="([^"]+)"', person.get("/sign-in").text)
    assert token
    person.sign_in()
    refused = person.client.post("/sites/new", data={"name": "x", "host": "x.example", "csrf_token": token[1]})
    assert refused.status_code == 400


def test_over_https_the_cookies_are_of_this_host_alone(house: House, settings: object) -> None:
    from tracker.app import create_app  # noqa: PLC0415

    object.__setattr__(settings, "public_url", "https://stats.example.org")
    with house.database.session() as session:
        create_user(session, EMAIL, PASSWORD, owner=True)
    client = create_app(house).test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in", base_url="https://localhost").text)
    assert token
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token[1]}
    arrived = client.post("/sign-in", data=form, base_url="https://localhost")
    [kept] = [v for v in arrived.headers.getlist("Set-Cookie") if v.startswith("__Host-footfall=")]
    assert "Secure" in kept
    assert "Path=/" in kept
    assert "Domain" not in kept
    assert client.get("/account", base_url="https://localhost").status_code == 200


def test_plain_http_is_warned_of_unless_it_stays_on_this_machine(stranger: Person) -> None:
    assert "plain HTTP" not in stranger.get("/sign-in", base_url="http://127.0.0.1:8600").text
    assert "plain HTTP" in stranger.get("/sign-in", base_url="http://stats.lan:8600").text


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "198.51.100.7")])
def test_tries_are_counted_by_the_address_that_the_owners_proxies_saw(
    house: House, settings: object, monkeypatch: pytest.MonkeyPatch, proxies: int, counted: str
) -> None:
    from tracker.app import create_app  # noqa: PLC0415

    object.__setattr__(settings, "trusted_proxies", proxies)
    seen: list[str] = []
    monkeypatch.setattr(SignInThrottle, "allows", lambda _self, address, _email: bool(seen.append(address)))
    person = Person(create_app(house).test_client())
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    refused = person.send("/sign-in", {"email": EMAIL, "password": PASSWORD}, headers=forged)
    assert refused.status_code == 429
    assert seen == [counted]
