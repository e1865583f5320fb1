"""What `footfall import accesslog` does with a log that grows: takes its lines as they come, until told to stop."""

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Protocol

import click

from collectors.accesslog.following import Follower
from collectors.accesslog.lines import Lines
from collectors.accesslog.marks import FOLDER, read_marks, write_marks
from collectors.accesslog.taking import LogImport, not_a_log
from collectors.footprints import Taken
from tracker.clock import now_ms, utc_now
from tracker.commands.finding import find_site
from tracker.commands.spooling import beside_server
from tracker.errors import FootfallError
from tracker.identity.identifiers import hash_value
from tracker.ingest.past import PastSalts
from tracker.ingest.salts import SaltBook
from tracker.settings import Settings
from tracker.sites import SiteBook, SiteInfo

_STANDARD_INPUT = 0
_EVERY_S = 1.0  # how often it is looked whether something came
_TELL_S = 60.0
_SURELY_NONE = 100  # lines of which not one is a log's
_GZIPPED = b"\x1f\x8b"
_PIECE_BYTES = 1024 * 1024


class Source(Protocol):
    """Where lines come from; one that `goes_on` left none behind that is of the past."""

    goes_on: bool

    def before(self) -> Iterator[list[bytes]]:
        """Yield lines that were taken before."""

    def read(self) -> list[bytes] | None:
        """Return the lines that came since, None when no more will come."""

    def done(self) -> None:
        """Note that all that was read is durable."""

    def close(self) -> None:
        """Let go of it."""


class FileSource:
    """A log in a file, with the marks up to where it is read in the data folder."""

    def __init__(self, settings: Settings, site: SiteInfo, log: Path) -> None:
        def sign(head: bytes) -> str:
            return hash_value(site.identity_key, "log", head.decode("latin-1"))

        self._log = log
        self._marks = settings.data / FOLDER / f"{sign(str(log.absolute()).encode())}.json"
        with _readable(log):
            with log.open("rb") as beginning:
                packed = beginning.read(len(_GZIPPED)) == _GZIPPED
            if packed:
                raise FootfallError(f"{log} is gzipped, and such a file does not grow; import it without --follow")
            marks = read_marks(self._marks)
            self._follower = Follower(log, sign, marks)
        self.goes_on = bool(marks) and not self._follower.lost
        if self._follower.lost:
            say(
                f"{log}: what was read last time is not here any more; import its copy by itself, each line counts once"
            )

    def before(self) -> Iterator[list[bytes]]:
        """See Source."""
        return self._follower.run_up()

    def read(self) -> list[bytes]:
        """See Source."""
        with _readable(self._log):
            return self._follower.read()

    def done(self) -> None:
        """See Source."""
        write_marks(self._marks, self._follower.marks())

    def close(self) -> None:
        """See Source."""
        self._follower.close()


class PipeSource:
    """A log that comes through a pipe, such as standard input; what was read of it, nobody can read again."""

    goes_on = False

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines = Lines()
        self._ended = False

    def before(self) -> Iterator[list[bytes]]:
        """See Source."""
        return iter(())

    def read(self) -> list[bytes] | None:
        """See Source."""
        if self._ended:
            return None
        if not select.select([self._descriptor], [], [], 0)[0]:
            return []
        piece = os.read(self._descriptor, _PIECE_BYTES)
        self._ended = not piece
        return self._lines.feed(piece) if piece else self._lines.finish()

    def done(self) -> None:
        """See Source."""

    def close(self) -> None:
        """See Source."""


def follow(settings: Settings, log: Path | None, named_site: str | None) -> Taken:
    """Take the lines of a log, of standard input when None, as they come; ends with it or when told to.

    What is read goes into spool files of this process, for whatever server loads them. Visitors of
    today are told apart by the site's own salt, so that a restart in between changes nothing.
    """
    with ExitStack() as leaving:
        way_in = leaving.enter_context(beside_server(settings))
        site = find_site(way_in.sites, named_site)
        source: Source = PipeSource(_STANDARD_INPUT) if log is None else FileSource(settings, site, log)
        leaving.callback(source.close)
        salts = SaltBook(PastSalts(way_in.ingest.salts, site))
        live_since = 0 if source.goes_on else now_ms() // 1000 * 1000  # a log tells full seconds
        importing = LogImport(site, way_in.ingest.places, way_in.spool.submit, salts, live_since)
        stop = leaving.enter_context(_told_to_stop())
        told = _Telling(importing.summary)
        for lines in source.before():
            importing.remember(lines)
        while not stop.is_set():
            lines_now = source.read()
            if lines_now is None:
                break
            if lines_now:
                _take(importing, way_in.sites, lines_now)
                importing.finish()
                source.done()
                if importing.summary.rows >= _SURELY_NONE and importing.summary.rows == importing.summary.bad.total():
                    raise not_a_log(log or Path("-"))
            else:
                for book in (salts, way_in.ingest.salts):
                    book.forget(before=utc_now())
                stop.wait(_EVERY_S)
            told.sometimes()
        return importing.finish()


def say(text: str) -> None:
    """Tell whoever looks after this process, apart from what it answers."""
    click.echo(text, err=True)


def _take(importing: LogImport, sites: SiteBook, lines: list[bytes]) -> None:
    """Take lines for the site as it is now."""
    site = sites.by_id(importing.site.id)
    if site is None:
        raise FootfallError(f"the site {importing.site.name} is not there any more")
    importing.site = site
    if site.enabled:
        importing.take(lines)
    else:
        importing.leave_out(lines, "site switched off")


@contextmanager
def _readable(log: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FootfallError(f"{log}: cannot be read ({error})") from error


class _Telling:
    """Says now and then how far it is, if there is anything new."""

    def __init__(self, summary: Taken, clock: Callable[[], float] = time.monotonic) -> None:
        self._summary = summary
        self._clock = clock
        self._lines = 0
        self._at = clock()

    def sometimes(self) -> None:
        if self._summary.rows != self._lines and self._clock() - self._at >= _TELL_S:
            self._lines, self._at = self._summary.rows, self._clock()
            say(f"{self._summary.rows:,} lines so far: {self._summary.taken:,} views")


@contextmanager
def _told_to_stop() -> Iterator[Event]:
    """Yield what is set by SIGTERM and SIGINT, so that what was read is kept before the process ends."""
    stop = Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
