"""Webhooks on the pages: made with a secret that is shown once, tried, looked at, sent again, switched off, deleted."""

import base64
import re
from html import unescape

import pytest
from flask import Flask

from tests.kit.pages import Person, member, read
from tests.kit.receiver import Receiver
from tracker.house import House
from tracker.models import Webhook
from tracker.sites import SiteInfo
from tracker.webhooks.sending import send_waiting

HERE = ("127.0.0.1",)


@pytest.fixture(autouse=True)
def _own_hosts(house: House) -> None:
    house.settings.own_hosts = "127.0.0.1"


def page_of(site: SiteInfo) -> str:
    return f"/sites/{site.key}/webhooks"


def made(owner: Person, site: SiteInfo, address: str) -> str:
    """Make a webhook; returns its page."""
    told = owner.send(page_of(site), {"address": address, "kinds": ["goal.completed"]})
    assert told.status_code == 200, told.text
    return next(one for one in read(owner.get(page_of(site))).hrefs() if re.search(r"/webhooks/\d+$", one))


def secret_in(page: str) -> str | None:
    found = re.search(r'<code id="secret">(whsec_[^<]+)</code>', page)
    return found[1] if found else None


def test_its_secret_is_shown_once_and_again_only_as_another(house: House, owner: Person, shop: SiteInfo) -> None:
    empty = owner.text(page_of(shop))
    assert "What for?" in empty and "its owner learns what visitors did here" in empty
    told = owner.send(page_of(shop), {"address": "https://hook.example/a", "kinds": ["goal.completed", "alert.fired"]})
    secret = secret_in(told.text)
    assert secret is not None and len(base64.b64decode(secret.removeprefix("whsec_"))) >= 24
    [page] = {one for one in read(owner.get(page_of(shop))).hrefs() if re.search(r"/webhooks/\d+$", one)}
    assert "Goals reached, Alerts" in owner.text(page_of(shop))
    assert secret_in(owner.text(page)) is None
    rotated = owner.send(page, {"do": "rotate"}, to=f"{page}/act")
    assert secret_in(rotated.text) not in (None, secret) and "signs beside it for 24 hours" in rotated.text


def test_a_test_says_at_once_what_was_answered_and_stands_in_the_log(
    owner: Person, shop: SiteInfo, receiver: Receiver
) -> None:
    page = made(owner, shop, receiver.url)
    receiver.answers, receiver.says = [500], b"<b>out of order</b>"
    told = owner.send(page, {"do": "test"}, to=f"{page}/act", follow_redirects=True).text
    assert (
        "It did not arrive." in told
        and "127.0.0.1 answered 500." in told
        and "Failed 1 time" in told
        and "Next try:" in told
    )
    assert "It said: <bdi>&lt;b&gt;out of order" in told
    assert "Nothing has arrived since" in told
    [key] = {one["value"] for one in read(owner.get(page)).all("button") if one.get("name") == "message"}
    told = owner.send(page, {"do": "again", "message": key}, to=f"{page}/act", follow_redirects=True).text
    assert "It arrived: the receiver answered 204." in told and "Nothing has arrived since" not in told
    assert [headers["webhook-id"] for _, headers, _ in receiver.posted] == [key, key]
    assert b'"type":"test"' in receiver.posted[0][2]
    assert owner.send(page, {"do": "again", "message": "nothing"}, to=f"{page}/act").status_code == 404
    assert owner.send(page, {"do": "dance"}, to=f"{page}/act").status_code == 400


def test_one_that_was_switched_off_by_itself_says_why_and_is_switched_on(
    house: House, owner: Person, shop: SiteInfo, receiver: Receiver
) -> None:
    page = made(owner, shop, receiver.url)
    receiver.answers = [410]
    owner.send(page, {"do": "test"}, to=f"{page}/act")
    for where in (page, page_of(shop)):
        assert "The receiver answered 410" in owner.text(where)
    assert "switched a webhook off" in owner.text(f"/sites/{shop.key}/audit")
    assert "It is on." in owner.send(page, {"do": "on"}, to=f"{page}/act", follow_redirects=True).text
    with house.database.session() as session:
        [found] = session.query(Webhook)
        assert (found.on, found.stopped) == (True, None)


def test_it_is_changed_and_deleted(house: House, owner: Person, shop: SiteInfo, receiver: Receiver) -> None:
    page = made(owner, shop, receiver.url)
    told = owner.send(page, {"address": f"{receiver.url}&b=2", "kinds": ["struggle.new"]}, follow_redirects=True)
    assert "Saved." in told.text and "New struggles" in told.text
    assert "is deleted" in owner.send(page, {"do": "delete"}, to=f"{page}/act", follow_redirects=True).text
    assert owner.get(page).status_code == 404
    assert send_waiting(house.database, HERE) == 0


def test_what_is_wrong_is_told_at_its_field(owner: Person, shop: SiteInfo) -> None:
    receiver, kinds = "https://hook.example/", ["alert.fired"]
    for form, field, problem in (
        ({"address": "nonsense", "kinds": kinds}, "address", "is no address such as https://example.org/hook"),
        ({"address": "http://hook.example/", "kinds": kinds}, "address", "must be reached by https://"),
        ({"address": receiver}, "kinds", "Choose at least one"),
        ({"address": receiver, "kinds": ["all"]}, "kinds", "is unknown; choose from:"),
    ):
        answer = owner.send(page_of(shop), form)
        assert answer.status_code == 400
        told = re.search(rf'id="{field}-problem">([^<]*)<', answer.text)
        assert told is not None and problem in unescape(told[1])


def test_who_may_only_read_sees_no_address(app: Flask, house: House, owner: Person, shop: SiteInfo) -> None:
    page = made(owner, shop, "https://hook.example/t0ken")
    viewer = member(house, app, shop, "viewer")
    assert [viewer.get(one).status_code for one in (page, page_of(shop))] == [403, 403]
