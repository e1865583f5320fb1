"""An import that somebody stops on the page: what stays of it, what is said, and that nothing stays on the disk."""

import re

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.kit.pages import EMAIL, Person, member
from tests.kit.sending import File, Send, left, plausible, worked_off
from tracker.house import House
from tracker.imports import working
from tracker.models import Upload
from tracker.settings import Settings
from tracker.sites import SiteInfo, create_site, describe

ROWS = 5000


@pytest.fixture
def umami() -> File:
    """More views than are taken in at once, each of a page of its own."""
    head = "event_id,session_id,hostname,url_path,event_type,created_at\n"
    rows = (f"e{n},s{n},shop.example,/{n},1,2026-03-01 10:00:00\n" for n in range(ROWS))
    return (head + "".join(rows)).encode(), "website_event.csv"


def stop(owner: Person, site: SiteInfo) -> TestResponse:
    """Stop what is being taken in, as one does on the page: by the question that it asks."""
    page = f"/sites/{site.key}/imports?stop=1"
    number = re.search(r'name="number" value="(\d+)"', owner.get(page).text)
    assert number
    return owner.send(page, {"number": number[1]}, to=f"/sites/{site.key}/imports/stop", follow_redirects=True)


def stop_when(owner: Person, site: SiteInfo, looks: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stop an import when it has looked so often whether it may go on; gives the pages that this leads to."""
    pages: list[str] = []
    looked = iter(range(1, ROWS))

    def has_room(_: Settings) -> bool:
        if next(looked) == looks:
            pages.append(stop(owner, site).text)
        return True

    monkeypatch.setattr(working, "A_LOOK_S", -1.0)
    monkeypatch.setattr(working, "has_room", has_room)
    return pages


def views(owner: Person, site: SiteInfo) -> int:
    address = f"/api/v1/sites/{site.key}/reports/overview?range=2026-03-01..2026-03-01"
    return int(owner.get(address).json["totals"]["views"])


def test_one_that_waits_is_over_at_once(send: Send, owner: Person, house: House, shop: SiteInfo) -> None:
    assert f'href="/sites/{shop.key}/imports?stop=1#sent"' in send("plausible", plausible()).text
    asked = owner.text(f"/sites/{shop.key}/imports?stop=1")
    assert "Stop the import of Plausible?" in asked
    assert "hx-trigger" not in asked  # else the question would go by itself
    page = stop(owner, shop).text
    assert f"The import of Plausible was stopped by <bdi>{EMAIL}</bdi>." in page
    assert "Nothing of it was kept." in page
    assert not left(house)
    assert "stopped an import" in owner.text(f"/sites/{shop.key}/audit")
    send("plausible", plausible())
    worked_off(house)
    assert "The export of Plausible is taken in." in owner.text(f"/sites/{shop.key}/imports")


def test_what_events_were_taken_in_by_then_stay_and_the_same_export_adds_the_rest(
    send: Send, owner: Person, house: House, shop: SiteInfo, umami: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as stopped:
        meanwhile = stop_when(owner, shop, 4, stopped)  # it looks every thousand lines
        send("umami", umami)
        worked_off(house)
    assert ["The import of Umami is being stopped." in page for page in meanwhile] == [True]
    page = owner.text(f"/sites/{shop.key}/imports")
    assert f"The import of Umami was stopped by <bdi>{EMAIL}</bdi> after 2,000 rows." in page
    assert "What was taken in by then stays." in page
    assert "2,000 views and events of 1 Mar 2026." in page
    assert not left(house)
    assert house.loader.drain(20)
    assert views(owner, shop) == 2000
    assert "stopped an import" in owner.text(f"/sites/{shop.key}/audit")
    send("umami", umami)
    worked_off(house)
    assert house.loader.drain(20)
    assert views(owner, shop) == ROWS


def test_counts_that_are_not_whole_are_not_kept(
    send: Send, owner: Person, house: House, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_when(owner, shop, 1, monkeypatch)
    send("plausible", plausible())
    worked_off(house)
    page = owner.text(f"/sites/{shop.key}/imports")
    assert f"The import of Plausible was stopped by <bdi>{EMAIL}</bdi>." in page
    assert "Nothing of it was kept." in page
    assert "count of the days" not in page
    assert not left(house)


def test_a_stop_holds_for_the_next_process_too(
    send: Send, owner: Person, house: House, shop: SiteInfo, umami: File
) -> None:
    send("umami", umami)
    with house.database.session() as session:
        session.execute(update(Upload).values(state="running", tries=1, stopped_by="ben@example.org"))
    worked_off(house)
    page = owner.text(f"/sites/{shop.key}/imports")
    assert "The import of Umami was stopped by <bdi>ben@example.org</bdi>." in page
    assert "What was taken in by then stays." in page  # the process before may have taken some
    assert not left(house)


def test_what_is_over_or_of_another_site_is_not_stopped(
    send: Send, owner: Person, house: House, shop: SiteInfo
) -> None:
    with house.database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
    send("plausible", plausible())
    question = f"/sites/{shop.key}/imports?stop=1"
    [number] = re.findall(r'name="number" value="(\d+)"', owner.get(question).text)
    form, token_page = {"number": number}, f"/sites/{other.key}/imports"
    elsewhere = owner.send(token_page, form, to=f"/sites/{other.key}/imports/stop", follow_redirects=True)
    assert "That was over already." in elsewhere.text
    worked_off(house)
    again = owner.send(question, form, to=f"/sites/{shop.key}/imports/stop", follow_redirects=True).text
    assert "That was over already." in again
    assert "The export of Plausible is taken in." in again


def test_who_may_not_send_may_not_stop(send: Send, owner: Person, house: House, app: Flask, shop: SiteInfo) -> None:
    send("plausible", plausible())
    [number] = re.findall(r'name="number" value="(\d+)"', owner.text(f"/sites/{shop.key}/imports?stop=1"))
    viewer = member(house, app, shop, "viewer")
    refused = viewer.send("/account", {"number": number}, to=f"/sites/{shop.key}/imports/stop")
    assert refused.status_code in {403, 404}
    worked_off(house)
    assert "The export of Plausible is taken in." in owner.text(f"/sites/{shop.key}/imports")
