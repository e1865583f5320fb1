"""Takes an access log's page views in through the spool, as often as it is asked, and counts each once."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeAlias
from urllib.parse import quote

from collectors.accesslog.line import BadLineError, Request, read_line
from collectors.footprints import Intake, Numbering, Progress, Submit, Taken, cut, quarter_of
from tracker.errors import FootfallError
from tracker.event import MAX_URL, Event, Footprint
from tracker.ingest.context import IngestContext
from tracker.ingest.places import Places
from tracker.ingest.salts import PassingSalts, SaltBook
from tracker.sites import SiteInfo

Groups: TypeAlias = dict[tuple[str, str, int], list[tuple[Request, str]]]

_LINES_A_CHUNK = 2000
_URL_SIGNS = "/?&=%:@;,+$!*'()~[]#"
_HOUR_MS = 3_600_000
_HOURS_HELD = 6


class LogImport:
    """One import of one log into one site.

    A view's id is a hash of its line and of how many like it came before, so that the same
    log, also one that has grown since, adds nothing twice. A view's time of receipt is its
    line's: it was then that a server received it. Visitors are told apart within a day by
    `salts`, without them by a salt that ends with this object. Lines from `live_since` on, in ms since 1970,
    are of now; without it all are of the past. `site` may be changed for what it has become.
    """

    def __init__(
        self,
        site: SiteInfo,
        places: Places | None,
        submit: Submit,
        salts: SaltBook | None = None,
        live_since: int | None = None,
    ) -> None:
        self.site = site
        self._live_since = live_since
        self._numbering = Numbering(_HOUR_MS, _HOURS_HELD)
        self._intake = Intake(IngestContext(salts or SaltBook(PassingSalts()), places), submit)
        self.summary = self._intake.summary

    def take(self, lines: list[bytes]) -> None:
        """Take the next lines of the log, without their ends."""
        groups: Groups = {}
        for line in lines:
            try:
                request = read_line(line.decode("utf-8", "replace"))
            except BadLineError as error:
                self.summary.bad[str(error)] += 1
                continue
            reason = request.not_a_view()
            if reason:
                self.summary.skipped[reason] += 1
                continue
            key = (request.address, request.user_agent, quarter_of(request.at))
            groups.setdefault(key, []).append((request, self._identify(line, request.at)))
        for views in groups.values():
            for some in cut(views):
                self._keep(some)

    def remember(self, lines: list[bytes]) -> None:
        """Know lines that were taken before, so that equal ones after them are told from them."""
        for line in lines:
            with suppress(BadLineError):
                request = read_line(line.decode("utf-8", "replace"))
                if not request.not_a_view():
                    self._identify(line, request.at)

    def leave_out(self, lines: list[bytes], reason: str) -> None:
        """Count lines that are not to be taken."""
        self.summary.skipped[reason] += len(lines)

    def finish(self) -> Taken:
        """Wait until all is durable and return what became of the lines."""
        return self._intake.finish()

    def _identify(self, line: bytes, at: int) -> str:
        return f"{self._numbering.identify(line, at)}-0"

    def _keep(self, views: Sequence[tuple[Request, str]]) -> None:
        first = views[0][0]
        footprint = Footprint(
            site_id=self.site.id,
            received_at=first.at,
            user_agent=first.user_agent or None,
            keeps_time=True,
            imported=self._live_since is None or first.at < self._live_since,
            events=[
                Event(
                    id=identifier,
                    kind="view",
                    at=request.at,
                    url=self._url(request.target),
                    referrer=request.referrer and request.referrer[:MAX_URL],
                )
                for request, identifier in views
            ],
        )
        self._intake.keep(footprint, self.site, first.address, first.user_agent)

    def _url(self, target: str) -> str:
        return f"https://{self.site.default_host}{quote(target, safe=_URL_SIGNS)}"[:MAX_URL]


def import_log(
    log: Path, site: SiteInfo, places: Places | None, submit: Submit, progress: Progress = lambda done, total: None
) -> Taken:
    """Import a log, gzipped or not, and return what became of its lines once all is durable.

    `progress` is told how many bytes of the file are read, and of how many. FootfallError
    when the file cannot be read, holds not one line of a log, or the spool takes no more;
    after that the import can be started again, and adds nothing twice.
    """
    running = LogImport(site, places, submit)
    for lines, done, total in _chunks(log):
        running.take(lines)
        progress(done, total)
        if running.summary.rows == running.summary.bad.total():
            raise not_a_log(log)
    return running.finish()


def not_a_log(log: Path) -> FootfallError:
    """Return what to raise for a file of which no line can be understood."""
    return FootfallError(f"{log}: no line of it is in the common or combined log format")


def _chunks(log: Path) -> Iterator[tuple[list[bytes], int, int]]:
    try:
        total = log.stat().st_size
        with log.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            lines: BinaryIO = gzip.open(raw) if packed else raw  # type: ignore[assignment]  # noqa: SIM115
            while chunk := [line.rstrip(b"\r\n") for line in islice(lines, _LINES_A_CHUNK)]:
                yield chunk, min(raw.tell(), total), total
    except (OSError, EOFError) as error:
        raise FootfallError(f"{log}: cannot be read ({error})") from error
