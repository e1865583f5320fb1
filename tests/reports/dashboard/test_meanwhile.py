"""What happens while a form is filled in: others save the same or delete it, it is sent twice, one is signed out."""

import re
from collections.abc import Iterator
from threading import Event

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.kit.pages import EMAIL, PASSWORD, Person, member, open_page
from tracker.conditions import Condition
from tracker.funnels import FunnelInfo, StepInfo, save_funnel
from tracker.goals import GoalInfo, delete_goal, save_goal
from tracker.house import House
from tracker.models import ShareLink
from tracker.sites import SiteInfo

THANKS, LAMP = Condition("path", path="/thanks"), Condition("path", path="/lamp")
STEPS = {"step_1_kind": "path", "step_1_value": "/lamp", "step_2_kind": "path", "step_2_value": "/thanks"}
SCHEDULE = {
    "name": "Weekly", "recipients": EMAIL, "every": "week", "weekday": "0", "hour": "9", "zone": "Europe/Warsaw",
    "sections": ["pages"],
}  # fmt: skip
WATCH = {
    "name": "Usual", "kinds": ["drop"], "recipients": EMAIL, "sensitivity": "normal", "least": "50",
    "cool_down_hours": "6", "quiet_from": "", "quiet_until": "", "days_off": "",
}  # fmt: skip
FORMS = {
    "goals?change=Paid": ("goals", {"was": "Paid", "name": "Paid", "kind": "path"}, "value", ("/a", "/b")),
    "goals/funnel?change=Way": ("goals/funnel", {"was": "Way", "name": "Way", **STEPS}, "step_2_value", ("/a", "/b")),
    "schedules/1": ("schedules/1", SCHEDULE, "hour", ("7", "8")),
    "alerts/1": ("alerts/1", WATCH, "least", ("70", "80")),
    "settings": ("settings", {"name": "Lamps", "hosts": "shop.example"}, "zone", ("Asia/Tokyo", "Asia/Seoul")),
}


@pytest.fixture
def kept(house: House, owner: Person, shop: SiteInfo) -> SiteInfo:
    """A site with one of each that is changed by a form."""
    with house.database.session() as session:
        save_goal(session, shop.id, GoalInfo("Paid", THANKS), EMAIL)
        save_funnel(session, shop.id, FunnelInfo("Way", (StepInfo("", LAMP), StepInfo("", THANKS))), EMAIL)
    house.sites.forget()
    for kind, form in (("schedules", SCHEDULE), ("alerts", WATCH)):
        assert owner.send(f"/sites/{shop.key}/{kind}/new", form).status_code == 302
    return shop


def mark_in(text: str) -> str:
    [mark] = re.findall(r'name="before" value="(\w+)"', text)
    return str(mark)


@pytest.mark.parametrize("page", FORMS)
def test_who_saves_what_somebody_changed_meanwhile_is_told_first(
    house: House, app: Flask, owner: Person, kept: SiteInfo, page: str
) -> None:
    ben, home = member(house, app, kept, "editor"), f"/sites/{kept.key}"
    to, form, field, (hers, his) = FORMS[page]
    mark = mark_in(owner.text(f"{home}/{page}"))
    assert mark_in(ben.text(f"{home}/{page}")) == mark

    def save(person: Person, value: str, mark: str) -> TestResponse:
        return person.send(f"{home}/{page}", {**form, field: value, "before": mark}, to=f"{home}/{to}")

    assert save(owner, hers, mark).status_code == 302
    refused = save(ben, his, mark)
    assert refused.status_code == 400
    assert "Somebody changed this meanwhile, and nothing was saved" in refused.text
    [theirs] = re.findall(r'<a href="([^"]+)">See what stands now</a>', refused.text)
    assert theirs == f"{home}/{page}" and hers in ben.text(theirs)
    assert save(ben, his, mark_in(refused.text)).status_code == 302, "who knows it may save all the same"
    assert mark_in(owner.text(f"{home}/{page}")) != mark


def test_a_retention_that_somebody_made_longer_meanwhile_deletes_nothing(
    house: House, app: Flask, owner: Person, kept: SiteInfo
) -> None:
    ben, settings = member(house, app, kept, "editor"), f"/sites/{kept.key}/settings"
    to = f"/sites/{kept.key}/privacy"
    [mark] = re.findall(r'name="privacy_before" value="(\w+)"', ben.text(settings))
    form = {"privacy_mode": kept.privacy_mode, "retention": "days", "retention_days": "400"}
    assert owner.send(settings, form, to=to).status_code == 302
    refused = ben.send(settings, {**form, "retention_days": "30", "privacy_before": mark}, to=to)
    assert refused.status_code == 400 and refused.text.count("Somebody changed this meanwhile") == 1
    house.sites.forget()
    site = house.sites.by_key(kept.key)
    assert site and site.retention_days == 400


@pytest.mark.parametrize("now", [None, "Ordered"])
def test_a_goal_that_was_deleted_or_renamed_meanwhile_is_not_made_anew(
    house: House, owner: Person, kept: SiteInfo, now: str | None
) -> None:
    here = f"/sites/{kept.key}/goals"
    mark = mark_in(owner.text(f"{here}?change=Paid"))
    with house.database.session() as session:
        delete_goal(session, kept.id, "Paid")
        if now:
            save_goal(session, kept.id, GoalInfo(now, THANKS), EMAIL)
    answered = owner.send(here, {"was": "Paid", "name": "Paid", "kind": "path", "value": "/a", "before": mark})
    assert answered.status_code == 400
    assert "is gone, or called otherwise by now" in answered.text
    house.sites.forget()
    site = house.sites.by_key(kept.key)
    assert site and [goal.name for goal in site.goals] == ([now] if now else [])


def test_who_was_signed_out_meanwhile_is_told_so_and_led_back_to_the_form(
    house: House, owner: Person, shop: SiteInfo
) -> None:
    here = f"/sites/{shop.key}/goals"
    token = owner.token(here)
    owner.client.delete_cookie("footfall")
    headers = {"Referer": f"http://localhost{here}?change=Paid"}
    sent = owner.client.post(here, data={"name": "Paid", "csrf_token": token}, headers=headers)
    assert "You were signed out meanwhile, and nothing was saved." in owner.text(str(sent.location))
    next_page = f"{here}?change=Paid"
    back = owner.send(str(sent.location), {"email": EMAIL, "password": PASSWORD, "next": next_page}, to="/sign-in")
    assert back.location == next_page
    assert f'value="{next_page}"' in Person(owner.client.application.test_client()).text(str(sent.location))


@pytest.mark.parametrize("referer", ["https://evil.example/sites", "", "//evil.example//x"])
def test_no_page_of_another_server_is_led_back_to(stranger: Person, referer: str) -> None:
    sent = stranger.client.post("/account", headers={"Referer": referer} if referer else {})
    assert sent.location == "/sign-in"


class Slow:
    """An application that holds back what it answers to forms until `go` is set."""

    def __init__(self, app: Flask) -> None:
        self.answer, self.came, self.go, self.asked = app.wsgi_app, Event(), Event(), 0

    def __call__(self, environ: dict[str, object], start: object) -> object:
        if environ["REQUEST_METHOD"] == "POST":
            self.asked += 1
            self.came.set()
            self.go.wait(30)
        return self.answer(environ, start)  # type: ignore[arg-type]


@pytest.fixture
def page(shop: SiteInfo, browser: Browser, pages_url: str, owner: Person) -> Iterator[Page]:
    page = open_page(browser, pages_url)
    yield page
    page.context.close()


@pytest.mark.browser
def test_an_impatient_second_click_makes_nothing_twice(
    page: Page, app: Flask, house: House, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.goto(f"/sites/{shop.key}/shares")
    slow = Slow(app)
    monkeypatch.setattr(app, "wsgi_app", slow)
    page.get_by_label("Name").fill("Board")
    page.get_by_role("button", name="Make the link").scroll_into_view_if_needed()
    place = page.get_by_role("button", name="Make the link").bounding_box()
    assert place
    middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.click(*middle)  # by the pointer, for a locator would wait until the first is answered
    assert slow.came.wait(30)
    page.mouse.click(*middle)
    slow.go.set()
    expect(page.get_by_text("The address of “Board”")).to_be_visible()
    assert slow.asked == 1
    with house.database.session() as session:
        assert session.scalar(select(func.count()).select_from(ShareLink)) == 1


@pytest.mark.browser
def test_what_was_refused_far_down_a_page_is_where_the_keyboard_is_and_on_the_screen(
    page: Page, shop: SiteInfo
) -> None:
    page.goto(f"/sites/{shop.key}/settings")
    page.get_by_label("Type the site’s name to confirm").fill("Lamps")
    page.get_by_role("button", name="Delete Lamps & Chairs").click()
    expect(page.get_by_text("Is not the site's name; nothing was deleted.")).to_be_in_viewport()
    expect(page.get_by_label("Type the site’s name to confirm")).to_be_focused()
    page.goto(f"/sites/{shop.key}/alerts/new")
    page.get_by_label("Name").fill("Mine")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Make the watch").click()
    expect(page.get_by_role("group", name="Watch for")).to_be_focused()
