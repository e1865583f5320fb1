"""Takes in what was sent by pages: the files that lie in this process's data folder, one upload after the other."""

import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError

from tracker.errors import FootfallError
from tracker.house import House
from tracker.imports import uploads
from tracker.imports.book import ImportInfo, WantedImport
from tracker.imports.files import GivenFile, Progress, StoppedByHandError
from tracker.imports.reasons import firsts_of
from tracker.imports.receiving import has_room
from tracker.imports.taking import take_counts
from tracker.imports.titles import TITLES
from tracker.languages import gettext, language_of, speaking
from tracker.models import Upload
from tracker.sites import SiteInfo

Told = Mapping[str, Mapping[str, int]]
_MOST_TRIES = 3  # of one that ends the process each time, as by filling its memory
A_LOOK_S = 1.0
_LEFT_BEHIND_S = 3600.0
_log = structlog.get_logger("footfall.imports")


class Work(NamedTuple):
    """What is to be taken in, and into which site; `progress` is told of bytes done, and raises when it must end."""

    site: SiteInfo
    upload: Upload
    wanted: WantedImport
    files: Sequence[GivenFile]
    progress: Progress


Taker = Callable[[House, Work], tuple[ImportInfo | None, Told]]
"""Takes an export in: the import that it became, None of nothing, and what became of its rows by end and reason."""


class _StoppedError(Exception):
    """The process ends: what is left is for the next one."""


def counts_taken(house: House, work: Work) -> tuple[ImportInfo | None, Told]:
    """Take in the counts of a product."""
    made, became = take_counts(house.database, work.site.id, work.wanted, work.files, work.upload.kind, work.progress)
    return made, {"taken": became.taken, "skipped": became.left.skipped, "bad": became.left.bad}


OF_COUNTS: Mapping[str, Taker] = dict.fromkeys(TITLES, counts_taken)


def work_off(house: House, takers: Mapping[str, Taker], stopping: threading.Event) -> None:
    """Take in all that waits in this data folder; what is stopped on the way is begun anew by the next process."""
    while not stopping.is_set():
        tokens = _folders(house.settings.upload_folder)
        waiting = uploads.unfinished_of(house.database, tokens) if tokens else []
        _clear(house.settings.upload_folder, set(tokens) - {one.token for one in waiting})
        if not waiting:
            return
        _work(house, takers, waiting[0], stopping)


def stop(house: House, site_id: int, given: str, who: str) -> None:
    """Stop the upload of a site's that has this number; InvalidInputError when it is over already."""
    token = uploads.stop(house.database, site_id, given, who)
    if token is not None:
        shutil.rmtree(house.settings.upload_folder / token, ignore_errors=True)


def _work(house: House, takers: Mapping[str, Taker], upload: Upload, stopping: threading.Event) -> None:
    if uploads.start(house.database, upload):
        with speaking(language_of(upload.language)):
            try:
                if upload.tries >= _MOST_TRIES:
                    raise FootfallError(gettext("it broke off again and again"))
                _take(house, takers[upload.product], upload, _Watch(house, upload, stopping))
            except _StoppedError:
                uploads.note(house.database, upload, state="waiting", tries=upload.tries, done_bytes=0)
                return
            except FootfallError as error:
                uploads.note_problem(house.database, upload, str(error))
            except Exception:
                _log.exception("an upload was not taken in", site_id=upload.site_id, product=upload.product)
                uploads.note_problem(house.database, upload, gettext("something broke on our side; the log tells more"))
    shutil.rmtree(house.settings.upload_folder / upload.token, ignore_errors=True)


def _take(house: House, taker: Taker, upload: Upload, watch: "_Watch") -> None:
    house.sites.forget()
    site = house.sites.by_id(upload.site_id)
    if site is None:
        raise FootfallError(gettext("the site is gone"))
    folder = house.settings.upload_folder / upload.token
    files = [GivenFile(folder / file, name) for file, name in upload.files]
    wanted = WantedImport(upload.product, ", ".join(file.name for file in files), upload.created_by)
    made: ImportInfo | None = None
    became: Told = {"taken": {}, "skipped": {}, "bad": {}}
    with suppress(StoppedByHandError):  # counts that are not whole do not count
        made, became = taker(house, Work(site, upload, wanted, files, watch))
    house.sites.forget()
    told = {
        "import_id": made.number if made else None,
        "told": {end: dict(reasons) for end, reasons in became.items()},
        "first": {reason: list(place) for reason, place in firsts_of(became["bad"]).items()},
        "done_bytes": upload.total_bytes,
    }
    uploads.note_end(house.database, upload, watch.stopped_by, told)


class _Watch:
    """Is told how far an upload is, and notes it now and then.

    Ends it with the process, where the disk has no room, and where somebody stops it, who is then in `stopped_by`.
    """

    def __init__(self, house: House, upload: Upload, stopping: threading.Event) -> None:
        self._house = house
        self._upload = upload
        self._stopping = stopping
        self._looked = 0.0  # at once: it may have been stopped under the process before
        self.stopped_by = ""

    def __call__(self, done: int, _total: int) -> None:
        if self._stopping.is_set():
            raise _StoppedError
        if time.monotonic() - self._looked > A_LOOK_S:
            self._looked = time.monotonic()
            self._look(done)

    def _look(self, done: int) -> None:
        database, settings = self._house.database, self._house.settings
        if not has_room(settings):
            raise FootfallError(gettext("this server’s disk has no room for it"))
        with suppress(SQLAlchemyError):  # how far it is matters less than to go on
            uploads.note(database, self._upload, done_bytes=done)
            uploads.note_heard(database, _folders(settings.upload_folder))  # also what came meanwhile
            self.stopped_by = uploads.who_stopped(database, self._upload)
        if self.stopped_by:
            raise StoppedByHandError


def _folders(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


def _clear(folder: Path, names: set[str]) -> None:
    """Remove what nobody waits for, once it cannot be coming in at this moment."""
    for one in (folder / name for name in names):
        with suppress(OSError):  # it may be removed by whoever received it
            newest = max(each.stat().st_mtime for each in (one, *one.iterdir()))
            if time.time() - newest > _LEFT_BEHIND_S:
                shutil.rmtree(one)
