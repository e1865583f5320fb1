"""What `footfall import accesslog` does with a log that grows: takes its lines as they come, until told to stop."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from types import FrameType

import click

from collectors.accesslog.sources import FileSource, PipeSource, Source
from collectors.accesslog.taking import LogImport, not_a_log
from collectors.footprints import Taken
from tracker.clock import now_ms, utc_now
from tracker.commands.finding import find_site
from tracker.commands.spooling import beside_server
from tracker.errors import FootfallError
from tracker.ingest.past import PastSalts
from tracker.ingest.salts import SaltBook
from tracker.settings import Settings
from tracker.sites import SiteBook

_STANDARD_INPUT = 0
_EVERY_S = 1.0  # how often it is looked whether something came
_TELL_S = 60.0
_SURELY_NONE = 100  # lines of which not one is a log's


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
        if source.lost:
            say(
                f"{log}: what was read last time is not here any more; import its copy by itself, each line counts once"
            )
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
