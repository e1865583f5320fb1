"""An import that is broken off, by a stop, a full disk or a server that is gone: it is taken up again, or given up."""

import os
import shutil
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.kit.pages import Person
from tests.kit.sending import Send, left, plausible, worked_off
from tracker import jobs
from tracker.clock import utc_now
from tracker.house import House
from tracker.imports import uploads, working
from tracker.imports.working import Told, Work
from tracker.models import Upload
from tracker.sites import SiteInfo, create_site, describe


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
