"""Choosing a privacy mode and a retention, and the page that tells visitors of them."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from tests.kit.pages import EMAIL, Person, load, member, read, visit_of
from tracker import audit, cnil, expiry
from tracker.clock import utc_now
from tracker.house import House
from tracker.models import AuditEntry, Site, SiteHost
from tracker.privacy import COLLECTED, KEPT, MODE, MODES, NEVER, Mode
from tracker.privacy_words import paragraph
from tracker.sites import SiteInfo

EACH = pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)


def settings_of(site: SiteInfo) -> str:
    return f"/sites/{site.key}/settings"


def choose(person: Person, site: SiteInfo, mode: str, retention: str = "ever", days: str = "") -> int:
    form = {"privacy_mode": mode, "retention": retention, "retention_days": days}
    return person.send(settings_of(site), form, to=f"/sites/{site.key}/privacy").status_code


def now_set(house: House, site: SiteInfo) -> tuple[str, int | None]:
    house.sites.forget()
    found = house.sites.by_key(site.key)
    assert found
    return found.privacy_mode, found.retention_days


def noted(house: House) -> list[tuple[str, str, object, object]]:
    with house.database.session() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.who, entry.action, entry.detail.get("from"), entry.detail.get("to")) for entry in entries]


def text_of(person: Person, path: str) -> str:
    return unescape(person.text(path))


@EACH
def test_each_mode_can_be_chosen_and_is_told_completely(
    house: House, owner: Person, stranger: Person, shop: SiteInfo, mode: Mode
) -> None:
    assert choose(owner, shop, mode.name, "758") == 302
    assert now_set(house, shop) == (mode.name, 758)
    page = text_of(owner, settings_of(shop))
    address = f"http://localhost/privacy/{shop.key}"
    assert paragraph(mode, 758, address) in page
    assert address in page
    for one in MODES:
        assert one.title in page
        assert one.gives in page
    assert all(one.what in page for one in KEPT)
    assert ("needs your visitors’ consent" in page) == mode.consent
    assert ('footfall("consent", "granted")' in page) == mode.consent
    assert ('data-consent="google"' in page) == mode.consent
    assert ('footfall("identify"' in page) == (mode.name == "stitched")
    told = text_of(stranger, f"/privacy/{shop.key}")
    for kept in KEPT:
        assert (kept.what in told) == (kept in mode.keeps)
    assert all(line in told for line in (*COLLECTED, *NEVER))
    assert "deleted after 25 months" in told
    assert ("You agreed and changed your mind?" in told) == mode.consent
    assert ("Global Privacy Control" in told) == bool(mode.keeps)


@pytest.mark.parametrize(
    ("choice", "days", "kept"), [("89", "", 89), ("ever", "30", None), ("days", "30", 30), ("758", "30", 758)]
)
def test_a_retention_is_chosen_or_typed(
    house: House, owner: Person, shop: SiteInfo, choice: str, days: str, kept: int | None
) -> None:
    assert choose(owner, shop, "cookieless", "181") == 302
    assert choose(owner, shop, "cookieless", choice, days) == 302
    assert now_set(house, shop) == ("cookieless", kept)
    checked = [one for one in read(owner.get(settings_of(shop))).all("input") if "checked" in one]
    assert choice in [one["value"] for one in checked if one["name"] == "retention"]


def test_what_cannot_be_is_said_and_nothing_is_changed(house: House, owner: Person, shop: SiteInfo) -> None:
    for mode, retention, days in (
        ("spy", "ever", ""),
        ("", "ever", ""),
        ("count", "days", "0"),
        ("count", "days", "soon"),
        ("count", "days", "-1"),
        ("count", "", ""),
    ):
        form = {"privacy_mode": mode, "retention": retention, "retention_days": days}
        refused = owner.send(settings_of(shop), form, to=f"/sites/{shop.key}/privacy")
        assert refused.status_code == 400
        assert 'class="problem"' in refused.text
    assert now_set(house, shop) == ("cookieless", None)
    assert noted(house) == []


def test_each_change_is_noted_with_who_made_it(house: House, owner: Person, shop: SiteInfo) -> None:
    choose(owner, shop, "stitched", "ever")
    choose(owner, shop, "stitched", "393")
    choose(owner, shop, "stitched", "393")
    choose(owner, shop, "count", "days", "30")
    assert noted(house) == [
        (EMAIL, "change-mode", "cookieless", "stitched"),
        (EMAIL, "change-retention", None, 393),
        (EMAIL, "change-mode", "stitched", "count"),
        (EMAIL, "change-retention", 393, 30),
    ]


def test_a_stricter_mode_says_what_stays_until_it_is_too_old(house: House, owner: Person, shop: SiteInfo) -> None:
    said = "this site kept more than it does now"
    choose(owner, shop, "stitched", "393")
    assert said not in text_of(owner, settings_of(shop))
    choose(owner, shop, "cookieless", "393")
    page = text_of(owner, settings_of(shop))
    note = page[page.index(said) : page.index("Privacy mode</legend>")]
    for one in KEPT:
        assert (one.what in note) == (one in MODE["stitched"].keeps and one not in MODE["cookieless"].keeps)
    assert "goes when it is 13 months old" in note
    choose(owner, shop, "cookieless", "ever")
    assert "keeps everything for ever" in text_of(owner, settings_of(shop))
    choose(owner, shop, "cookieless", "393")
    with house.database.session() as session:
        for entry in session.scalars(select(AuditEntry)):
            entry.at -= timedelta(days=400)
    assert said not in text_of(owner, settings_of(shop))


def test_the_french_preset_sets_what_it_can_and_says_what_is_left(house: House, owner: Person, shop: SiteInfo) -> None:
    choose(owner, shop, "stitched")
    before = owner.text(settings_of(shop))
    assert "What is left for you" not in before
    done = owner.send(settings_of(shop), {}, to=f"/sites/{shop.key}/privacy/cnil")
    assert done.location.endswith("#cnil")
    assert now_set(house, shop) == ("cookieless", 758)
    page = text_of(owner, settings_of(shop))
    left = page[page.index("What is left for you:") : page.index("All conditions, as we read them")]
    for one in cnil.CONDITIONS:
        assert (one.how in left) == one.owner
    assert [action for _, action, _, _ in noted(house)] == ["change-mode", "change-mode", "change-retention"]


def test_a_viewer_changes_nothing(house: House, app: Flask, shop: SiteInfo) -> None:
    viewer = member(house, app, shop, "viewer")
    for path in ("privacy", "privacy/cnil", "privacy/allow"):
        assert viewer.send("/account", {"privacy_mode": "stitched"}, to=f"/sites/{shop.key}/{path}").status_code == 403
    assert now_set(house, shop) == ("cookieless", None)


def test_an_expiry_that_is_held_back_is_told_of_and_let_go(house: House, owner: Person, shop: SiteInfo) -> None:
    began = int((utc_now() - timedelta(days=100)).timestamp() * 1000)
    load(house, visit_of(shop, {"at": began}, {"at": began}, sent_at=began, received_at=began))
    with house.database.session() as session:
        session.get_one(Site, shop.id).retention_days = 30
        audit.note(session, shop.id, audit.BY_ITSELF, expiry.DONE, "events")
    house.sites.forget()
    expiry.expire(house, utc_now())
    assert "2 events of 7" in owner.text(settings_of(shop))
    owner.send(settings_of(shop), {}, to=f"/sites/{shop.key}/privacy/allow")
    assert "would go" not in owner.text(settings_of(shop))
    expiry.expire(house, utc_now())
    assert [action for _, action, _, _ in noted(house)] == ["expire", "hold-expiry", "allow-expiry", "expire"]


def test_visitors_find_a_way_out_for_each_address(stranger: Person, house: House, shop: SiteInfo) -> None:
    with house.database.session() as session:
        session.add(SiteHost(site_id=shop.id, host="lamps.example"))
        session.add(SiteHost(site_id=shop.id, host="::1"))
    house.sites.forget()
    hrefs = set(read(stranger.get(f"/privacy/{shop.key}")).hrefs())
    assert hrefs == {
        f"https://{host}/#footfall-{wish}-me"
        for host in ("shop.example", "lamps.example", "[::1]")
        for wish in ("ignore", "count")
    }


def test_the_page_for_visitors_is_small_private_and_says_nothing_else(
    stranger: Person, house: House, owner: Person, shop: SiteInfo
) -> None:
    load(house, visit_of(shop, {"title": "Secret title", "url": "https://shop.example/secret"}))
    answered = stranger.get(f"/privacy/{shop.key}")
    assert answered.status_code == 200
    assert answered.headers["X-Robots-Tag"] == "noindex"
    assert "default-src 'none'" in answered.headers["Content-Security-Policy"]
    html = read(answered)
    assert {"name": "robots", "content": "noindex"} in html.all("meta")
    assert not html.all("script")
    assert not html.all("form")
    for secret in ("secret", EMAIL, "sign-in", "Europe/Warsaw", shop.key):
        assert secret not in answered.text.lower() if secret != shop.key else f">{shop.key}<" not in answered.text
    assert stranger.get("/privacy/nosuchsite22").status_code == 404
    assert stranger.client.post(f"/privacy/{shop.key}").status_code == 405


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "'onmouseover='alert(1)",
        "{{ 7*7 }}{% raw %}",
        "</title><svg onload=alert(1)>",
        "javascript:alert(1)",
    ],
)
def test_a_hostile_name_or_address_is_shown_as_words(house: House, owner: Person, stranger: Person, text: str) -> None:
    with house.database.session() as session:
        made = Site(key="hostilesite2", name=f"Shop {text}", created_at=utc_now(), hosts=[SiteHost(host=text)])
        session.add(made)
    for person, path in ((stranger, "/privacy/hostilesite2"), (owner, "/sites/hostilesite2/settings")):
        answered = person.get(path)
        assert answered.status_code == 200
        html = read(answered)
        assert all(one.get("src", "").startswith("/assets/") for one in html.all("script"))
        assert not html.all("img")
        assert not [name for tag, attributes in html.tags for name in attributes if name.startswith("on")]
        assert all(href.startswith(("https://", "/", "#")) for href in html.hrefs())
        assert "Shop 49" not in answered.text
        assert f"Shop {text}" in unescape(answered.text)
