"""Schedules on the pages: made, looked at, sent, paused, left; a marketer's week from the pages alone."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from reports.mail.post import deliver
from tests.kit.extras import needed
from tests.kit.pages import EMAIL, Person, load, member, read, visit_of
from tests.kit.post import Post
from tracker.house import House
from tracker.models import Recipient, Schedule
from tracker.segments import delete_segment, save_segment
from tracker.sites import SiteInfo
from tracker.users import find_user, set_role

BEN = "ben@example.com"
FORM = {
    "name": "Weekly report", "recipients": f"{EMAIL}, {BEN}", "every": "week", "weekday": "0", "hour": "9",
    "zone": "Europe/Warsaw", "compare": "previous", "sections": ["pages", "struggles"],
}  # fmt: skip


def make(owner: Person, shop: SiteInfo, **changes: object) -> str:
    """Make a schedule by its form, and return its page."""
    answer = owner.send(f"/sites/{shop.key}/schedules/new", {**FORM, **changes})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def act(owner: Person, page: str, do: str) -> str:
    """Press one of a schedule's buttons; returns the page that it leads to."""
    return owner.text(str(owner.send(page, {"do": do}, to=f"{page}/act").location))


@pytest.mark.usefixtures("noon")  # else a report may come due in the midst of it
def test_a_marketers_week(house: House, owner: Person, stranger: Person, shop: SiteInfo, post: Post) -> None:
    house.settings.mail_url = post.url
    load(house, visit_of(shop, {"url": "https://shop.example/lamp"}))
    page = make(owner, shop, every="day")
    assert "Asked, has not answered" in owner.text(page)

    preview = owner.get(f"{page}/preview")
    assert "sandbox" in preview.headers["Content-Security-Policy"]
    assert "Lamps &amp; Chairs" in preview.text
    assert owner.text(f"{page}/preview?as=text").startswith("Subject: Lamps & Chairs: nobody came")

    assert "On its way to ann@example.org" in act(owner, page, "send-to-me")
    deliver(house)
    assert [one["To"] for one in post.letters] == [BEN, EMAIL]
    question = str(post.to(BEN)[0].get_content_type()), post.to(BEN)[0]["Subject"]
    assert question == ("multipart/alternative", "Do you want reports on Lamps & Chairs?")

    with house.database.session() as session:
        schedule = session.get_one(Schedule, 1)
        schedule.owed_from -= timedelta(days=2)  # as if it had been made two days ago
        [token] = [one.token for one in session.scalars(select(Recipient)) if one.address == BEN]
    assert "Do you want" in stranger.text(f"/confirm/{token}")
    assert "You will get" in stranger.client.post(f"/confirm/{token}").text
    deliver(house)
    assert [one["To"] for one in post.letters[2:]] == [EMAIL, BEN]

    link = post.to(BEN)[1]["List-Unsubscribe"].strip("<>").partition("/unsubscribe/")[2]
    assert link == token
    one_click = {"List-Unsubscribe": "One-Click"}
    assert stranger.client.post(f"/unsubscribe/{token}", data=one_click).status_code == 200
    assert "On its way to 1 address;" in act(owner, page, "send")
    deliver(house)
    assert [one["To"] for one in post.letters[4:]] == [EMAIL]
    told = owner.text(page)
    assert "Unsubscribed on" in told and "(sent by hand)" in told


def test_the_preview_comes_as_a_pdf_where_there_is_what_makes_it(
    owner: Person, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed("typst")
    page = make(owner, shop, attached=["pdf"])
    assert "As PDF" in owner.text(page)
    preview = owner.get(f"{page}/preview?as=pdf")
    assert (preview.mimetype, preview.data[:5]) == ("application/pdf", b"%PDF-")
    monkeypatch.setattr("reports.pdf.typeset.find_spec", lambda _: None)
    told = owner.text(page)
    assert "As PDF" not in told and "PDF files need the extra" in told
    assert owner.get(f"{page}/preview?as=pdf").status_code == 503


def test_the_preview_is_in_the_schedules_language_and_not_in_the_pages(
    house: House, owner: Person, shop: SiteInfo
) -> None:
    page = make(owner, shop, language="fa")
    [told] = read(owner.get(f"{page}/preview")).all("html")
    assert (told["lang"], told["dir"]) == ("fa", "rtl")
    assert read(owner.get(page)).all("html")[0]["lang"] == "en"
    refused = owner.send(f"/sites/{shop.key}/schedules/new", {**FORM, "name": "Other", "language": "tlh"})
    assert refused.status_code == 400


def test_looking_at_a_link_ends_nothing(house: House, owner: Person, stranger: Person, shop: SiteInfo) -> None:
    make(owner, shop)
    with house.database.session() as session:
        tokens = [one.token for one in session.scalars(select(Recipient))]
    assert tokens
    for token in tokens:
        page = stranger.get(f"/unsubscribe/{token}")
        assert "Send me no more" in page.text and page.headers["Referrer-Policy"]
    with house.database.session() as session:
        assert [one.left_at for one in session.scalars(select(Recipient))] == [None] * len(tokens)
    assert stranger.get("/unsubscribe/nothing").status_code == 404
    assert stranger.client.post("/confirm/nothing").status_code == 404


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(owner: Person, shop: SiteInfo) -> None:
    wrong = {**FORM, "recipients": "ann@example.org, nobody", "sections": ["forms"], "name": "Mine"}
    answer = owner.send(f"/sites/{shop.key}/schedules/new", wrong)
    assert answer.status_code == 400
    assert "is no address such as ann@example.org" in answer.text.replace("&#39;", "'")
    fields = {one.get("name"): one for one in read(answer).all("input")}
    assert fields["recipients"]["value"] == "ann@example.org, nobody"
    assert "aria-invalid" in fields["recipients"]
    boxes = [one for one in read(answer).all("input") if one.get("name") == "sections"]
    assert [one["value"] for one in boxes if "checked" in one] == ["forms"]


def test_without_a_mail_server_it_says_so_and_sends_nothing(house: House, owner: Person, shop: SiteInfo) -> None:
    assert "knows no mail server" in owner.text(f"/sites/{shop.key}/schedules")
    page = make(owner, shop)
    assert "Nothing was sent: this server knows no mail server yet" in act(owner, page, "send")
    assert deliver(house) == 0


def test_a_schedule_speaks_a_language_at_first_that_of_who_makes_it(
    house: House, owner: Person, shop: SiteInfo
) -> None:
    asked = owner.get(f"/sites/{shop.key}/schedules/new", headers={"Accept-Language": "pl"})
    [chosen] = [one for one in read(asked).all("option") if one.get("lang") and "selected" in one]
    assert (chosen["value"], chosen["lang"]) == ("pl", "pl")
    page = make(owner, shop, language="fa")
    assert 'value="fa" lang="fa" selected>فارسی<' in owner.text(page)
    assert owner.send(page, {**FORM, "language": "fi"}).status_code == 302
    assert owner.send(page, {**FORM, "language": "tlh"}).status_code == 400
    with house.database.session() as session:
        assert session.get_one(Schedule, 1).language == "fi"


def test_the_preview_speaks_the_language_of_the_letter_not_of_who_looks(
    house: House, owner: Person, shop: SiteInfo
) -> None:
    load(house, *(visit_of(shop, {"url": f"https://shop.example/{n}"}) for n in range(3)))
    page = make(owner, shop, language="fa", every="day")
    assert set(owner.text(f"{page}/preview?as=text")) & set("۰۱۲۳۴۵۶۷۸۹")


def test_days_and_hours_are_told_in_the_language_of_who_looks(owner: Person, shop: SiteInfo) -> None:
    page = make(owner, shop)
    said = owner.text(page, headers={"Accept-Language": "fa"})
    assert "۰۹:۰۰ (Europe/Warsaw)" in said and ">دوشنبه</option>" in said
    assert "09:00 (Europe/Warsaw)" in owner.text(page)


def test_it_is_paused_and_goes_on_and_is_deleted(owner: Person, shop: SiteInfo) -> None:
    page = make(owner, shop)
    assert "Paused: nothing is sent" in act(owner, page, "pause")
    assert "Paused" in owner.text(f"/sites/{shop.key}/schedules")
    assert "It goes on" in act(owner, page, "resume")
    assert "is deleted" in act(owner, page, "delete")
    assert owner.get(page).status_code == 404


def test_another_sites_schedule_is_not_there(
    house: House, app: Flask, owner: Person, shop: SiteInfo, site: SiteInfo
) -> None:
    page = make(owner, shop)
    other = page.replace(shop.key, site.key)
    assert owner.get(other).status_code == 404
    assert owner.get(f"{other}/preview").status_code == 404
    assert owner.send(page, {"do": "delete"}, to=f"{other}/act").status_code == 404
    viewer = member(house, app, shop, "viewer")
    assert viewer.get(f"/sites/{shop.key}/schedules").status_code == 403
    assert member(house, app, shop, "editor").get(page).status_code == 200


def test_a_deleted_segment_does_not_let_everybody_in_at_the_next_change(
    house: House, owner: Person, shop: SiteInfo
) -> None:
    with house.database.session() as session:
        save_segment(session, shop.id, "Phones", ["device:is:mobile"], EMAIL)
    house.sites.forget()
    page = make(owner, shop, segment="Phones")
    with house.database.session() as session:
        delete_segment(session, shop.id, "Phones")
    house.sites.forget()
    assert "Phones (deleted)" in owner.text(page)
    assert owner.send(page, {**FORM, "segment": "Phones"}).status_code == 400


def test_the_page_says_who_gets_it_no_more(house: House, app: Flask, owner: Person, shop: SiteInfo) -> None:
    member(house, app, shop, "viewer")
    page = make(owner, shop, recipients="viewer@example.org")
    assert "Gets it" in owner.text(page)
    with house.database.session() as session:
        viewer = find_user(session, "viewer@example.org")
        assert viewer is not None
        set_role(session, viewer.id, shop.id, None)
    assert "Of the team no more" in owner.text(page)
