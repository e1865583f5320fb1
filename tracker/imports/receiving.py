"""Takes the files of a form as they come, into the data folder: never held in memory, never larger than allowed."""

import os
import secrets
import shutil
import threading
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from flask import Flask, Request, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.settings import Settings

MIB = 2**20
MOST_FILES = 50
_MOST_PARTS = MOST_FILES + 20  # the form's own fields stand beside the files
FORM_BYTES = MIB  # of a form without files, and of what stands around the files of one that has some
_AT_ONCE = 4  # each holds one of the threads that answer for pages, for as long as its sender takes
_AT_ONCE_OF_ONE = 2  # so that nobody alone keeps all others from sending


class UploadRefusedError(InvalidInputError):
    """Files that were not taken; `status` is HTTP's word for why."""

    def __init__(self, problem: str, status: int) -> None:
        super().__init__("files", problem)
        self.status = status


class _Coming(NamedTuple):
    """Files on their way: from whom, and how many bytes they are said to be."""

    who: str
    length: int


class Slots:
    """Who is sending files at this moment.

    Few at once, one of a site, fewer of one person, together no more than the disk has room for.
    """

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._lock = threading.Lock()
        self._coming: dict[int, _Coming] = {}  # by site

    def take(self, site_id: int, who: str, length: int, settings: Settings) -> None:
        """Let a site's files of so many bytes come from somebody; UploadRefusedError when they may not now."""
        with self._lock:
            if site_id in self._coming:
                raise UploadRefusedError(
                    gettext("another export is being sent to this site at this moment; try again in a minute"), 409
                )
            if len(self._coming) >= self._most:
                raise UploadRefusedError(gettext("others are sending files at this moment; try again in a minute"), 503)
            if sum(one.who == who for one in self._coming.values()) >= self._most_of_one:
                raise UploadRefusedError(
                    gettext("your exports to other sites are still being sent; try again when one of them is here"), 409
                )
            if not has_room(settings, length + sum(one.length for one in self._coming.values())):
                raise _no_room()
            self._coming[site_id] = _Coming(who, length)

    def give_back(self, site_id: int) -> None:
        """Note that a site's files are here, or will not come."""
        with self._lock:
            del self._coming[site_id]


slots = Slots(_AT_ONCE, _AT_ONCE_OF_ONE)


class Received:
    """The files of one request, in a folder of theirs that goes with the request unless it is kept."""

    def __init__(self, upload_folder: Path, site_id: int) -> None:
        self.token = secrets.token_hex(16)
        self.site_id = site_id
        self.kept = False
        self._folder = upload_folder / self.token
        self._files: list[_Unbuffered] = []

    def open(self) -> IO[bytes]:
        """Return a new file that is its owner's alone; RequestEntityTooLarge when there are as many as may be."""
        if len(self._files) == MOST_FILES:
            raise RequestEntityTooLarge
        if not self._files:
            self._folder.mkdir(mode=0o700, parents=True)
        number = os.open(self._folder / str(len(self._files)), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._files.append(_Unbuffered(number, "r+"))
        return cast(IO[bytes], self._files[-1])

    def names(self) -> list[tuple[str, str]]:
        """Return the name that each file has here, and the one that its sender gave it."""
        of_stream = {id(stream): str(number) for number, stream in enumerate(self._files)}
        given = [one for many in request.files.listvalues() for one in many if one.filename]
        return [(of_stream[id(one.stream)], one.filename or "") for one in given]

    def size(self, file: str) -> int:
        """Return the bytes of a file by the name that it has here."""
        return (self._folder / file).stat().st_size

    def close(self) -> None:
        """Let go of the files, which are whole on disk then; OSError when one is not."""
        for stream in self._files:
            stream.close()

    def end(self) -> None:
        """Remove what was not kept."""
        for stream in self._files:
            with suppress(OSError):  # what cannot be whole is removed like all else
                stream.close()
        if not self.kept:
            shutil.rmtree(self._folder, ignore_errors=True)


class _Unbuffered(FileIO):
    """A file of which all that was written is written: a full disk says so then, and not when it is closed."""

    def write(self, piece: bytes, /) -> int:  # type: ignore[override]  # what a form is read in is bytes
        """Write the whole piece, which the system may take in parts."""
        left = memoryview(piece)
        while left:
            left = left[super().write(left) :]
        return len(piece)


class UploadRequest(Request):
    """A request whose files go to where its route takes them."""

    received: Received | None = None

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.received is not None:
            return self.received.open()
        return super()._get_file_stream(total_content_length, content_type, filename, content_length)

    def make_form_data_parser(self) -> FormDataParser:
        """Return what reads the form; of one with files that cannot be read it raises ValueError."""
        parser = super().make_form_data_parser()
        parser.silent = self.received is None
        return parser


def install(app: Flask) -> None:
    """Have an app's requests give up what they received and did not keep."""
    app.request_class = UploadRequest
    app.teardown_request(_end)


def bound_form() -> None:
    """Let the form of this request, which has no files, be no longer than any of ours is."""
    request.max_content_length = FORM_BYTES


def receive(settings: Settings, site_id: int, who: str) -> None:
    """Read the form of this request with its files, which somebody sends to a site.

    UploadRefusedError when they are too large, nothing has room, or it cannot be read.
    """
    if request.mimetype != "multipart/form-data":
        bound_form()
        return
    most = settings.upload_cap_mb * MIB
    length = _stated(most)
    settings.upload_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    current, coming = _current(), Received(settings.upload_folder, site_id)
    slots.take(site_id, who, length, settings)
    current.received = coming  # from here on its end gives the slot back
    request.max_content_length, request.max_form_parts = most + FORM_BYTES, _MOST_PARTS
    try:
        request.form.get("product")
        coming.close()
    except RequestEntityTooLarge as error:
        raise UploadRefusedError(
            gettext(
                "must be %(most)s files at most, together no larger than %(size)s MB", most=MOST_FILES, size=most // MIB
            ),
            413,
        ) from error
    except OSError as error:
        raise _no_room() from error
    except ValueError as error:
        raise UploadRefusedError(
            gettext("came in a form that is not whole or cannot be read; load the page again and send again"), 400
        ) from error


def received() -> Received | None:
    """Return what this request has received, None where that was no form with files."""
    return _current().received


def has_room(settings: Settings, more_bytes: int = 0) -> bool:
    """Tell whether the data folder's disk has room for more, beside what stays free for events."""
    return shutil.disk_usage(settings.data).free >= more_bytes + settings.free_space_floor_mb * MIB


def _stated(most: int) -> int:
    """Return how long this request says it is; what cannot be taken is refused before any of it is read."""
    if not most:
        raise UploadRefusedError(gettext("are taken by the command line alone on this server"), 403)
    length = request.content_length
    if length is None:
        raise UploadRefusedError(
            gettext("came without their length; have the proxy before this server pass on Content-Length"), 411
        )
    if length > most + FORM_BYTES:
        raise UploadRefusedError(
            gettext(
                "is larger than %(size)s MB; export less at once, or import it by the command line", size=most // MIB
            ),
            413,
        )
    return length


def _no_room() -> UploadRefusedError:
    return UploadRefusedError(gettext("found no room on this server’s disk; nothing was kept"), 507)


def _current() -> UploadRequest:
    return cast(UploadRequest, cast(Any, request)._get_current_object())


def _end(_error: BaseException | None) -> None:
    current = _current()
    if current.received is not None:
        ended, current.received = current.received, None
        try:
            ended.end()
        finally:
            slots.give_back(ended.site_id)
