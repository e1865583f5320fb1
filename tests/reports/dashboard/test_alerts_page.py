"""Alerts on the pages: watched by one click, looked at, tried, muted from the letter, taken back."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.kit.pages import EMAIL, Person, member, read
from tests.kit.post import Post
from tests.kit.traffic import HOUR, Traffic
from tests.reports.alerts.conftest import BEGIN, NOW, USUAL, alerts, go_round, pass_by
from tracker.access import create_key
from tracker.house import House
from tracker.models import Mute, Recipient, Watch
from tracker.sites import SiteInfo


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


def test_from_one_click_to_the_alert_and_back_to_silence(
    clock: time_machine.Traveller,
    house: House,
    app: Flask,
    owner: Person,
    stranger: Person,
    shop: SiteInfo,
    site: SiteInfo,
    post: Post,
) -> None:
    house.settings.mail_url = post.url
    page = f"/sites/{shop.key}/alerts"
    assert "Watch this site" in owner.text(page)
    made = Traffic(house.store, house.settings.batch_folder, shop)
    made(BEGIN, NOW, USUAL)
    assert owner.send(page, {}, to=f"{page}/watch").status_code == 302
    told = owner.text(page)
    assert "Tells what stands out" in told and "Nothing yet." in told and "Not enough is known" not in told
    made(NOW, NOW + 3 * HOUR, USUAL * 4, path="/<b>x")
    go_round(house)
    pass_by(house, clock, hours=1)
    [letter] = post.to(EMAIL)
    told = owner.text(page)
    assert "as many visits as usual" in told and "Goes on" in told and "Sent to 1 address." in told
    assert "<b>x" not in told and "&lt;b&gt;x" in told

    tried = owner.text(f"{page}/1?tried=1&sensitivity=high&least=50")
    assert "<strong>1 alert</strong> in 28 days" in tried
    assert owner.get(f"{page}/1?tried=1&sensitivity=none").status_code == 400

    text = letter.get_body(("plain",))
    assert text is not None
    link = text.get_content().partition("for 7 days: ")[2].split()[0].partition("8600")[2]
    asked = stranger.get(link)
    assert "Mute “Spike of visits”?" in asked.text and asked.headers["Cache-Control"] == "no-store"
    with house.database.session() as session:
        assert session.query(Mute).all() == []  # looking at a link does nothing
    assert (
        "Muted for 7 days" in stranger.client.post(link.partition("?")[0], data={"kind": "spike", "for": "week"}).text
    )
    assert "9 Mar" in owner.text(page)
    recipient = read(owner.get(page))
    [number] = [one["value"] for one in recipient.all("input") if one.get("name") == "recipient"]
    nobody = owner.send(page, {"do": "unmute", "recipient": "9" * 30, "kind": "spike"}, to=f"{page}/1/act")
    assert nobody.status_code < 500
    owner.send(page, {"do": "unmute", "recipient": number, "kind": "spike"}, to=f"{page}/1/act")
    assert "Unmute" not in owner.text(page)

    with house.database.session() as session:
        token = create_key(session, "read", ["read"], shop.id)
        other = create_key(session, "else", ["read"], site.id)
    client = app.test_client()
    api = f"/api/v1/sites/{shop.key}/alerts"
    answer = client.get(api, headers={"Authorization": f"Bearer {token}"})
    [one] = answer.json["alerts"]  # type: ignore[index]
    assert (one["kind"], one["ended_at"], one["watch"]) == ("spike", None, "Usual")
    assert client.get(f"{api}?before=1", headers={"Authorization": f"Bearer {token}"}).json == {"alerts": []}
    assert client.get(f"{api}?limit=x", headers={"Authorization": f"Bearer {token}"}).status_code == 422
    assert client.get(api, headers={"Authorization": f"Bearer {other}"}).status_code in (403, 404)

    assert "is deleted" in owner.text(str(owner.send(page, {"do": "delete"}, to=f"{page}/1/act").location))
    assert alerts(house) == []


def test_what_is_wrong_is_said_at_its_field_and_a_watch_is_its_own_sites(
    house: House, app: Flask, owner: Person, shop: SiteInfo, site: SiteInfo
) -> None:
    page = f"/sites/{shop.key}/alerts"
    form = {
        "name": "Mine", "recipients": EMAIL, "kinds": ["drop"], "sensitivity": "low", "least": "30",
        "cool_down_hours": "12", "quiet_from": "22", "quiet_until": "7", "days_off": "12-25, 2026-04-06",
    }  # fmt: skip
    wrong = owner.send(f"{page}/new", {**form, "days_off": "Christmas"})
    assert wrong.status_code == 400 and "is no day such as 2026-04-06 or 12-25" in wrong.text
    fields = {one.get("name"): one for one in read(wrong).all("input")}
    assert (fields["days_off"]["value"], fields["least"]["value"]) == ("Christmas", "30")
    assert owner.send(f"{page}/new", form).status_code == 302
    told = owner.text(f"{page}/1")
    assert "12-25, 2026-04-06" in told and "Low: only what is far off" in told
    assert "Not enough is known yet" in owner.text(page)
    assert owner.send(f"{page}/1", {**form, "least": "-1"}).status_code == 400
    assert owner.get(f"/sites/{site.key}/alerts/1").status_code == 404
    assert owner.send(page, {"do": "delete"}, to=f"/sites/{site.key}/alerts/1/act").status_code == 404
    assert member(house, app, shop, "viewer").get(page).status_code == 403


def test_a_watch_speaks_a_language_at_first_that_of_who_makes_it(house: House, owner: Person, shop: SiteInfo) -> None:
    page, finnish = f"/sites/{shop.key}/alerts", {"Accept-Language": "fi"}
    assert owner.send(page, {}, to=f"{page}/watch", headers=finnish).status_code == 302
    form = {
        "name": "Mine", "recipients": EMAIL, "kinds": ["drop"], "sensitivity": "low", "least": "30",
        "cool_down_hours": "12", "quiet_from": "22", "quiet_until": "7", "language": "pl",
    }  # fmt: skip
    assert owner.send(f"{page}/new", form).status_code == 302
    assert 'value="pl" lang="pl" selected>Polski<' in owner.text(f"{page}/2")
    assert owner.send(f"{page}/2", {**form, "language": "fa"}).status_code == 302
    assert owner.send(f"{page}/2", {**form, "language": "tlh"}).status_code == 400
    with house.database.session() as session:
        assert [session.get_one(Watch, number).language for number in (1, 2)] == ["fi", "fa"]


def test_a_mute_wants_a_kind_and_a_time_and_a_watchs_recipient(
    house: House, owner: Person, stranger: Person, shop: SiteInfo
) -> None:
    page = f"/sites/{shop.key}/alerts"
    owner.send(page, {}, to=f"{page}/watch")
    with house.database.session() as session:
        [token] = [one.token for one in session.query(Recipient)]
    assert stranger.get(f"/mute/{token}?kind=spike&for=day").status_code == 200
    for query in ("", "?kind=weather&for=day", "?kind=spike&for=ever"):
        assert stranger.get(f"/mute/{token}{query}").status_code == 400
    assert stranger.get("/mute/nothing?kind=spike&for=day").status_code == 404
    assert "something out of the usual" in stranger.text(f"/unsubscribe/{token}")
