"""What is not taken in of what is sent by a page: why it is said to be, and that nothing stays on the disk."""

import gzip
import io

import pytest
from flask import Flask

from tests.kit.pages import Person, member
from tests.kit.sending import File, Send, left, plausible, worked_off
from tracker.house import House
from tracker.imports import receiving
from tracker.sites import SiteInfo


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


def test_it_is_said_in_the_language_of_who_sent_it(send: Send, owner: Person, house: House, shop: SiteInfo) -> None:
    owner.send("/account", {"language": "pl"}, to="/account/language")
    assert "Wybierz wyeksportowany plik." in send("matomo").text
    send("matomo", (b"label,nb_visits\nGoogle,3\n", "days.csv"))
    worked_off(house)
    assert "days.csv: brak kolumn date i nb_visits" in owner.text(f"/sites/{shop.key}/imports")


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
