"""Which exported files a site takes in: one export at a time, whoever sends it and when."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from tracker.database import Database
from tracker.errors import ConflictError
from tracker.imports import uploads
from tracker.imports.uploads import WantedUpload
from tracker.models import Upload
from tracker.sites import create_site

WANTED = WantedUpload("plausible", "", None, "ann@example.org", "en")


def received(token: str) -> Any:
    """One file of three bytes in a folder of this name."""
    return SimpleNamespace(token=token, kept=False, names=lambda: [("0", "export.zip")], size=lambda _: 3)


def test_of_those_that_come_to_a_site_at_once_one_is_kept(each_database: Database) -> None:
    with each_database.session() as session:
        site, other = (create_site(session, name, [f"{name}.example"]).id for name in ("shop", "other"))
    coming = [(site, received("a")), (site, received("b")), (site, received("c")), (other, received("d"))]
    ready = threading.Barrier(len(coming))

    def begin(one: tuple[int, Any]) -> bool:
        ready.wait()
        try:
            uploads.begin(each_database, one[0], WANTED, one[1])
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(len(coming)) as threads:
        begun = list(threads.map(begin, coming))
    assert (begun[:3].count(True), begun[3]) == (1, True)
    assert [one.kept for _, one in coming] == begun
    with each_database.session() as session:
        kept = set(session.scalars(select(Upload.token)))
    assert kept == {one.token for (_, one), was_begun in zip(coming, begun, strict=True) if was_begun}


def test_what_is_stopped_as_it_begins_is_stopped_once(each_database: Database) -> None:
    with each_database.session() as session:
        site = create_site(session, "shop", ["shop.example"]).id
    for turn in range(10):
        upload = uploads.begin(each_database, site, WANTED, received(str(turn)))
        ready = threading.Barrier(2)

        def start(upload: Upload = upload, ready: threading.Barrier = ready) -> bool:
            ready.wait()
            return uploads.start(each_database, upload)

        with ThreadPoolExecutor(1) as thread:
            starting = thread.submit(start)
            ready.wait()
            folder = uploads.stop(each_database, site, str(upload.id), "ben@example.org")
        # either it never began, and its folder is nobody's, or it runs and will see who wants it stopped
        assert (starting.result(), folder) in {(False, upload.token), (True, None)}
        assert uploads.who_stopped(each_database, upload) == "ben@example.org"
        uploads.note_problem(each_database, upload, "")
