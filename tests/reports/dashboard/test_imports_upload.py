"""Sending another product's export by a page: what is taken, what is refused, and what stays on the disk."""

import gzip
import io
import os
import shutil
import stat
import threading
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select, update

from collectors.history.uploaded import OF_EVENTS
from reports.dashboard.import_products import PRODUCTS
from tests.kit.pages import Person, member
from tests.kit.sending import VISITORS, File, Send, left, plausible, worked_off
from tracker import jobs
from tracker.clock import utc_now
from tracker.house import House
from tracker.imports import receiving, uploads, working
from tracker.imports.working import OF_COUNTS, Told, Work
from tracker.models import Upload
from tracker.sites import SiteInfo, create_site, describe

BAD = "never,1,1,1,1,1\n"
UMAMI = (
    "event_id,session_id,hostname,browser,url_path,event_type,created_at\n"
    "e1,s1,shop.example,chrome,/a,1,2026-03-01 10:00:00\n"
    "e2,s1,shop.example,chrome,/b,1,2026-03-02 10:01:00\n"
    "e3,s1,localhost,chrome,/b,1,2026-03-02 10:02:00\n"
)


def test_counts_are_taken_in_and_it_is_said_what_became_of_them(
    send: Send, owner: Person, house: House, shop: SiteInfo
) -> None:
    waiting = send("plausible", plausible(VISITORS + BAD)).text
    assert "The export of Plausible is here, and waits to be taken in." in waiting
    assert 'hx-trigger="load delay:2s"' in waiting
    [folder, file] = sorted(left(house))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    worked_off(house)
    page = owner.text(f"/sites/{shop.key}/imports")
    assert "The export of Plausible is taken in." in page
    assert "1 count of the days from 1 Mar 2026 to 1 Mar 2026." in page
    assert "<td>Not readable</td><td><bdi>day</bdi>" in page
    assert "first in line 3 of imported_visitors_20260301_20260302.csv" in page
    assert "From <bdi>export.zip</bdi>" in page
    assert "hx-trigger" not in owner.text(f"/sites/{shop.key}/imports/progress")
    assert not left(house)
    assert "took in what another product counted" in owner.text(f"/sites/{shop.key}/audit")


def test_events_are_taken_in_and_counted_like_all_others(
    send: Send, owner: Person, house: House, shop: SiteInfo
) -> None:
    send("umami", (UMAMI.encode(), "exports/website_event.csv"), until="2026-03-02")
    worked_off(house)
    assert house.loader.drain(20)
    page = owner.text(f"/sites/{shop.key}/imports")
    assert "1 view or event of the days from 1 Mar 2026 to 1 Mar 2026." in page
    assert '<bdi>views and events</bdi></td><td class="n">1</td>' in page
    assert "another host" in page
    assert "not before the day given" in page
    assert "<bdi>website_event.csv</bdi>" in page
    assert 'name="number"' not in page  # there is nothing that removes it
    pages = owner.get(f"/api/v1/sites/{shop.key}/reports/pages?range=2026-03-01..2026-03-02").json["rows"]
    assert [(row["path"], row["views"]) for row in pages] == [("/a", 1)]
    assert "took in events of another product" in owner.text(f"/sites/{shop.key}/audit")


def test_an_export_of_which_nothing_could_be_taken_in_is_no_success(
    send: Send, owner: Person, house: House, shop: SiteInfo
) -> None:
    send("umami", (UMAMI.replace("shop.example", "other.example").encode(), "website_event.csv"))
    worked_off(house)
    page = owner.text(f"/sites/{shop.key}/imports")
    assert "Nothing of the export of Umami could be taken in." in page
    assert "another host" in page
    assert "Reports show it" not in page


@pytest.mark.parametrize(
    ("product", "file", "says"),
    [
        ("plausible", (b"PK\x03\x04nonsense", "export.zip"), "export.zip: cannot be read"),
        ("matomo", (b"label,nb_visits\nGoogle,3\n", "days.csv"), "days.csv: it lacks the columns date and nb_visits"),
        ("goatcounter", (gzip.compress(b"a" * 2**27), "hits.csv.gz"), "hits.csv.gz: it unpacks to more than 250"),
        ("umami", (b"a,b\n", "<script>.csv"), "&lt;script&gt;.csv: no table of Umami"),
        ("umami", (b"a,b\n", "1767225600000.csv"), "<bdi>1767225600000.csv: no table of Umami"),
        ("umami", (b"a,b\n", "of\u202evsc.csv"), "<bdi>of vsc.csv: no table of Umami"),
        ("umami", (b"a,b\n", "days/."), "<bdi>export: no table of Umami"),
    ],
)
def test_what_cannot_be_taken_in_is_said_by_the_name_that_its_sender_knows(
    send: Send, owner: Person, house: House, shop: SiteInfo, product: str, file: File, says: str
) -> None:
    send(product, file)
    worked_off(house)
    page = owner.text(f"/sites/{shop.key}/imports")
    assert "was not taken in:" in page
    assert says in page
    assert not left(house)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "Choose the file that was exported."),
        ({"files": [(io.BytesIO(), "export.zip")]}, "Export.zip is empty; export it again."),
        ({"product": "nothing", "files": [(io.BytesIO(b"a"), "a")]}, "Must be one of the products."),
        ({"product": "umami", "files": [(io.BytesIO(b"a"), "a")], "until": "soon"}, "Must be a day, such as"),
        ({"product": "matomo", "files": [(io.BytesIO(b"a"), "a")], "kind": "all"}, "Must be one of the choices."),
        ({"files": [(io.BytesIO(b"a"), "a")] * 51}, "Must be 50 files at most, together no larger than 512 MB."),
    ],
)
def test_a_form_that_cannot_be_leaves_nothing_behind(
    owner: Person, house: House, shop: SiteInfo, form: dict[str, object], says: str
) -> None:
    page = f"/sites/{shop.key}/imports"
    answered = owner.send(page, {"product": "plausible", **form}, to=f"{page}/upload")
    assert answered.status_code >= 400
    assert says in answered.text
    assert not left(house)


def test_what_is_larger_than_the_setting_is_refused_before_it_is_read(
    send: Send, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.settings.upload_cap_mb = 1
    monkeypatch.setattr(receiving, "MIB", 1000)
    monkeypatch.setattr(receiving, "FORM_BYTES", 1000)
    monkeypatch.setattr(receiving, "Received", None)  # what is never begun cannot fill a disk
    answered = send("umami", (b"a" * 2001, "export.csv"))
    assert answered.status_code == 413
    assert "Is larger than 1 MB; export less at once, or import it by the command line." in answered.text
    assert '<a href="/sites/' in answered.text


def test_an_installation_can_take_no_files_by_pages(send: Send, owner: Person, house: House, shop: SiteInfo) -> None:
    house.settings.upload_cap_mb = 0
    assert 'type="file"' not in owner.text(f"/sites/{shop.key}/imports")
    assert send("plausible", plausible()).status_code == 403
    assert not left(house)


def test_nothing_is_read_of_who_may_not_or_comes_from_elsewhere(
    send: Send, owner: Person, stranger: Person, app: Flask, house: House, shop: SiteInfo
) -> None:
    address = f"/sites/{shop.key}/imports/upload"
    viewer = member(house, app, shop, "viewer")

    def body() -> dict[str, object]:
        return {"product": "plausible", "files": (io.BytesIO(b"a"), "export.zip")}

    assert stranger.client.post(address, data=body()).status_code == 302
    assert viewer.client.post(address, data=body()).status_code in {403, 404}
    assert not house.settings.upload_folder.exists()
    assert owner.client.post(address, data=body()).status_code == 400  # without the token of the form
    across = owner.client.post(address, data=body(), headers={"Sec-Fetch-Site": "cross-site"})
    assert across.status_code == 400
    assert not left(house)


def test_other_forms_are_short(stranger: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "FORM_BYTES", 1000)
    long = {"email": "a", "file": (io.BytesIO(b"a" * 1001), "a")}
    answered = stranger.client.post("/sign-in", data=long)
    assert answered.status_code == 413
    assert "A form has 1 MB at most. Send less." in answered.text


def test_one_export_waits_for_another_and_leaves_nothing_behind(send: Send, house: House) -> None:
    send("plausible", plausible())
    before = left(house)
    second = send("plausible", plausible())
    assert second.status_code == 400
    assert "Another export is being taken in; send this one when it is done." in second.text
    assert left(house) == before


def test_a_disk_that_is_full_takes_no_more(send: Send, house: House) -> None:
    house.settings.free_space_floor_mb = 10**9
    answered = send("plausible", plausible())
    assert answered.status_code == 507
    assert "Found no room on this server’s disk; nothing was kept." in answered.text
    assert not left(house)


def test_a_disk_that_runs_full_ends_an_import_and_leaves_events_their_room(
    send: Send, owner: Person, house: House, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    send("plausible", plausible())
    monkeypatch.setattr(working, "A_LOOK_S", 0.0)
    house.settings.free_space_floor_mb = 10**9
    worked_off(house)
    page = owner.text(f"/sites/{shop.key}/imports")
    assert "this server’s disk has no room for it" in page
    assert "count of the days" not in page
    assert not left(house)


class StoppedAtOnce(threading.Event):
    """A server's end that comes once something is under way."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = 0

    def is_set(self) -> bool:
        self._asked += 1
        return self._asked > 1


def test_what_a_stop_breaks_off_is_taken_in_after_it(send: Send, owner: Person, house: House, shop: SiteInfo) -> None:
    send("plausible", plausible())
    for _ in range(5):
        jobs.take_uploads(house, StoppedAtOnce())
    assert "waits to be taken in" in owner.text(f"/sites/{shop.key}/imports")
    worked_off(house)
    assert "is taken in." in owner.text(f"/sites/{shop.key}/imports")


def test_what_ends_the_process_again_and_again_is_given_up(
    send: Send, owner: Person, house: House, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise SystemExit

    send("plausible", plausible())
    with monkeypatch.context() as deadly:
        deadly.setattr("tracker.imports.files.ExportFile", killed)
        for _ in range(3):
            with pytest.raises(SystemExit):
                worked_off(house)
    worked_off(house)
    assert "it broke off again and again" in owner.text(f"/sites/{shop.key}/imports")
    assert not left(house)


def test_what_lies_on_a_server_that_is_gone_is_sent_again(
    send: Send, owner: Person, house: House, shop: SiteInfo
) -> None:
    send("plausible", plausible())
    shutil.rmtree(house.settings.upload_folder)
    worked_off(house)
    assert "waits to be taken in" in owner.text(f"/sites/{shop.key}/imports")
    with house.database.session() as session:
        session.execute(update(Upload).values(heard_at=utc_now() - timedelta(hours=2)))
    assert "the server that had it is gone. Send it again." in owner.text(f"/sites/{shop.key}/imports")
    send("plausible", plausible())
    worked_off(house)
    assert "is taken in." in owner.text(f"/sites/{shop.key}/imports")


def test_what_comes_while_another_is_taken_in_is_not_taken_for_lost(
    send: Send, house: House, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
    seen = []

    def taken(_house: House, work: Work) -> tuple[None, Told]:
        if work.site.id == shop.id:
            send("plausible", plausible(), site=other)
            with house.database.session() as session:
                session.execute(update(Upload).values(heard_at=utc_now() - timedelta(hours=2)))
            work.progress(1, 2)
            with house.database.session() as session:
                seen.extend(uploads.is_open(one) for one in session.scalars(select(Upload)))
        return None, {"taken": {}, "skipped": {}, "bad": {}}

    monkeypatch.setattr(working, "A_LOOK_S", 0.0)
    send("plausible", plausible())
    working.work_off(house, {"plausible": taken}, threading.Event())
    assert seen == [True, True]


def test_what_was_left_behind_goes_later_for_it_may_be_coming_in(house: House) -> None:
    old, new = (house.settings.upload_folder / name for name in ("a" * 32, "b" * 32))
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "0").write_text("x")
    for one in (old / "0", old):
        os.utime(one, (1, 1))
    worked_off(house)
    assert left(house) == [new, new / "0"]


def test_a_page_says_of_every_product_what_comes_along(owner: Person, shop: SiteInfo) -> None:
    assert [one.name for one in PRODUCTS] == [*OF_COUNTS, *OF_EVENTS]
    for product in PRODUCTS:
        page = unescape(owner.text(f"/sites/{shop.key}/imports?product={product.name}"))
        assert product.where in page
        assert ('id="until"' in page) == product.of_events
        assert ('id="kind"' in page) == product.asks_kind


@pytest.mark.browser
def test_in_a_browser_the_page_says_by_itself_when_it_is_done(
    owner: Person, house: House, shop: SiteInfo, pages_url: str, page: Page
) -> None:
    cookie = owner.client.get_cookie("footfall")
    assert cookie
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": pages_url}])
    page.goto(f"{pages_url}/sites/{shop.key}/imports")
    body, name = plausible()
    page.get_by_label("Files of Plausible").set_input_files(
        {"name": name, "mimeType": "application/zip", "buffer": body}
    )
    page.get_by_role("button", name="Take it in").press("Enter")
    page.get_by_text("waits to be taken in").wait_for()
    worked_off(house)
    page.get_by_text("The export of Plausible is taken in.").wait_for()
    page.get_by_text("1 count of the days from 1 Mar 2026 to 1 Mar 2026.").wait_for()
    page.context.clear_cookies()
