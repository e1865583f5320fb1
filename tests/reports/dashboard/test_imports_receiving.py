"""Files on their way here: who may send at once, what of a disk they may take, and what is said of those that are not
whole."""

import io
import os
import resource
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.kit.pages import Person, member
from tests.kit.sending import Send, left, plausible, send_slowly
from tracker.house import House
from tracker.imports import receiving
from tracker.sites import SiteInfo, create_site, describe

WAITS = "waits to be taken in"


@pytest.fixture
def other(house: House) -> SiteInfo:
    """Another site of the same owner's."""
    with house.database.session() as session:
        return describe(create_site(session, "Other", ["other.example"]))


def test_a_site_sends_one_export_at_a_time_and_leaves_room_for_other_sites(
    send: Send, owner: Person, shop: SiteInfo, other: SiteInfo
) -> None:
    answers: list[TestResponse] = []

    def meanwhile() -> None:
        answers.extend([send("plausible", plausible()), send("plausible", plausible(), site=other)])

    assert send_slowly(owner, shop, meanwhile).status_code == 302
    same, others = answers
    assert same.status_code == 409
    assert "Another export is being sent to this site at this moment; try again in a minute." in same.text
    assert WAITS in others.text


def test_many_who_send_at_once_leave_threads_to_who_reads(
    send: Send, owner: Person, shop: SiteInfo, other: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "slots", receiving.Slots(1, 1))
    answers: list[TestResponse] = []
    send_slowly(owner, shop, lambda: answers.append(send("plausible", plausible(), site=other)))
    assert [one.status_code for one in answers] == [503]
    assert "Others are sending files at this moment; try again in a minute." in answers[0].text
    assert WAITS in send("plausible", plausible(), site=other).text  # it was given back


def test_who_sends_to_many_sites_leaves_room_to_others(
    send: Send,
    owner: Person,
    shop: SiteInfo,
    other: SiteInfo,
    house: House,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receiving, "slots", receiving.Slots(2, 1))
    editor, answers = member(house, app, other, "editor"), []  # type: Person, list[TestResponse]

    def meanwhile() -> None:
        with ThreadPoolExecutor(1) as beside:  # where nobody is signed in yet
            for who in (owner, editor):
                answers.append(beside.submit(send, "plausible", plausible(), site=other, who=who).result())

    send_slowly(owner, shop, meanwhile)
    assert answers[0].status_code == 409
    assert "Your exports to other sites are still being sent; try again when one of them is here." in answers[0].text
    assert WAITS in answers[1].text


def test_what_comes_at_once_must_have_room_together(
    send: Send, owner: Person, house: House, shop: SiteInfo, other: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    # one of these forms has some 900 bytes
    free = house.settings.free_space_floor_mb * receiving.MIB + 1500
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    answers: list[TestResponse] = []
    send_slowly(owner, shop, lambda: answers.append(send("plausible", plausible(), site=other)))
    assert [one.status_code for one in answers] == [507]
    assert WAITS in send("plausible", plausible(), site=other).text


@pytest.mark.parametrize("size", [300_000, 66_000, 100])
def test_a_disk_that_is_full_on_the_way_keeps_nothing_and_is_no_hindrance_later(
    send: Send, house: House, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    folder, opened = house.settings.upload_folder, os.open

    def full(path: str | Path, flags: int, *more: int, **told: int) -> int:
        if flags & os.O_EXCL and folder in Path(path).parents:
            return opened("/dev/full", os.O_RDWR)
        return opened(path, flags, *more, **told)

    with monkeypatch.context() as filled:
        filled.setattr(os, "open", full)
        for _ in range(2):
            answered = send("umami", (os.urandom(size), "export.csv"))
            assert answered.status_code == 507
            assert "Found no room on this server’s disk; nothing was kept." in answered.text
            assert not left(house)
    assert WAITS in send("plausible", plausible()).text


def test_what_a_disk_takes_in_part_is_no_whole_file(tmp_path: Path) -> None:
    """A disk with room for a part of a piece takes that part first, and says nothing."""
    coming = receiving.Received(tmp_path / "uploads", 1)
    stream = coming.open()
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))
    try:
        with pytest.raises(OSError, match="too large"):
            stream.write(b"a" * 1500)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))
    coming.end()
    assert not list((tmp_path / "uploads").iterdir())


def test_a_form_without_its_length_or_not_whole_is_told_what_is_wrong(
    owner: Person, house: House, shop: SiteInfo
) -> None:
    page = f"/sites/{shop.key}/imports"
    cut = b'--b\r\nContent-Disposition: form-data; name="files"; filename="export.zip"\r\n\r\nPK'
    for told, status, says in (
        ({"content_length": len(cut)}, 400, "Came in a form that is not whole or cannot be read; load the page again"),
        ({"headers": {"Transfer-Encoding": "chunked"}}, 411, "Came without their length; have the proxy"),
    ):
        answered = owner.client.post(
            f"{page}/upload", input_stream=io.BytesIO(cut), content_type="multipart/form-data; boundary=b", **told
        )
        assert answered.status_code == status
        assert says in answered.text
        assert not left(house)
