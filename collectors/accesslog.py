"""Takes an access log's page views in through the spool, as often as it is asked, and counts each once."""

import gzip
import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeAlias
from urllib.parse import quote

import msgspec

from collectors.logline import BadLineError, Request, read_line
from tracker.clock import MS_A_DAY
from tracker.errors import FootfallError
from tracker.event import Event, Footprint
from tracker.ingest.arrival import Arrival
from tracker.ingest.context import IngestContext
from tracker.ingest.places import Places
from tracker.ingest.salts import PassingSalts, SaltBook
from tracker.ingest.steps import AT_REQUEST
from tracker.sites import SiteInfo
from tracker.spool import SpoolRefusedError

Submit: TypeAlias = Callable[[bytes, int], "Future[None]"]
Progress: TypeAlias = Callable[[int, int], None]
Groups: TypeAlias = dict[tuple[str, str, int], list[tuple[Request, str]]]

_LINES_A_CHUNK = 2000
_EVENTS_A_FOOTPRINT = 100
_WAITING = 64  # footprints that may wait for their commit
_QUARTER_MS = 900_000  # days and hours begin at one in every zone, and with them a salt's time
_MAX_URL = 4096
_URL_SIGNS = "/?&=%:@;,+$!*'()~[]#"
_DAYS_HELD = 3
_json = msgspec.json.Encoder()


@dataclass
class ImportSummary:
    """What became of a log's lines: lines = imported + skipped + bad, the last two by reason."""

    lines: int = 0
    imported: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)


class LogImport:
    """One import of one log into one site.

    A view's id is a hash of its line and of how many like it came before, so that the same
    log, also one that has grown since, adds nothing twice. A view's time of receipt is its
    line's: it was then that a server received it. Visitors are told apart within a day by a
    salt that ends with this object.
    """

    def __init__(self, site: SiteInfo, places: Places | None, submit: Submit) -> None:
        self._site = site
        self._house = IngestContext(SaltBook(PassingSalts()), places)
        self._submit = submit
        self._seen: dict[int, Counter[bytes]] = {}
        self._waiting: deque[Future[None]] = deque()
        self.summary = ImportSummary()

    def take(self, lines: list[bytes]) -> None:
        """Take the next lines of the log, without their ends."""
        groups: Groups = {}
        for line in lines:
            self.summary.lines += 1
            try:
                request = read_line(line.decode("utf-8", "replace"))
            except BadLineError as error:
                self.summary.bad[str(error)] += 1
                continue
            reason = request.not_a_view()
            if reason:
                self.summary.skipped[reason] += 1
                continue
            key = (request.address, request.user_agent, request.at // _QUARTER_MS)
            groups.setdefault(key, []).append((request, self._identify(line, request.at // MS_A_DAY)))
        for views in groups.values():
            for start in range(0, len(views), _EVENTS_A_FOOTPRINT):
                self._keep(views[start : start + _EVENTS_A_FOOTPRINT])

    def finish(self) -> ImportSummary:
        """Wait until all is durable and return what became of the lines."""
        self._wait(0)
        return self.summary

    def _identify(self, line: bytes, day: int) -> str:
        """Return the view's id. Equal lines are of one second, so that counts of earlier days can be let go."""
        digest = hashlib.sha256(line).digest()[:16]
        seen = self._seen.setdefault(day, Counter())
        if len(self._seen) > _DAYS_HELD:
            del self._seen[next(iter(self._seen))]
        nth = seen[digest]
        seen[digest] += 1
        return f"{hashlib.sha256(digest + nth.to_bytes(8, 'big')).hexdigest()[:16]}-0"

    def _keep(self, views: list[tuple[Request, str]]) -> None:
        first = views[0][0]
        footprint = Footprint(
            site_id=self._site.id,
            received_at=first.at,
            user_agent=first.user_agent or None,
            keeps_time=True,
            events=[
                Event(
                    id=identifier,
                    kind="view",
                    at=request.at,
                    url=self._url(request.target),
                    referrer=request.referrer and request.referrer[:_MAX_URL],
                )
                for request, identifier in views
            ],
        )
        received = datetime.fromtimestamp(first.at / 1000, UTC)
        arrival = Arrival(first.address, first.user_agent, None, received, global_privacy_control=False)
        if any(step(footprint, arrival, self._site, self._house) for step in AT_REQUEST):
            footprint.events = []
        if len(footprint.events) < len(views):
            self.summary.skipped["url"] += len(views) - len(footprint.events)
        if footprint.events:
            self.summary.imported += len(footprint.events)
            self._send(_json.encode(footprint), len(footprint.events))

    def _url(self, target: str) -> str:
        host = self._site.hosts[0] if self._site.hosts else "localhost"
        return f"https://{host}{quote(target, safe=_URL_SIGNS)}"[:_MAX_URL]

    def _send(self, body: bytes, events: int) -> None:
        self._wait(_WAITING)
        try:
            self._waiting.append(self._submit(body, events))
        except SpoolRefusedError as error:
            raise _stopped(error) from error

    def _wait(self, most: int) -> None:
        """Wait until at most so many footprints are not yet durable."""
        while len(self._waiting) > most:
            try:
                self._waiting.popleft().result()
            except SpoolRefusedError as error:
                raise _stopped(error) from error


def import_log(
    log: Path, site: SiteInfo, places: Places | None, submit: Submit, progress: Progress = lambda done, total: None
) -> ImportSummary:
    """Import a log, gzipped or not, and return what became of its lines once all is durable.

    `progress` is told how many bytes of the file are read, and of how many. FootfallError
    when the file cannot be read, holds not one line of a log, or the spool takes no more;
    after that the import can be started again, and adds nothing twice.
    """
    running = LogImport(site, places, submit)
    for lines, done, total in _chunks(log):
        running.take(lines)
        progress(done, total)
        if running.summary.lines == sum(running.summary.bad.values()):
            raise FootfallError(f"{log}: no line of it is in the common or combined log format")
    return running.finish()


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


def _stopped(error: SpoolRefusedError) -> FootfallError:
    return FootfallError(f"the import stopped, for the spool takes no more now ({error}); start it again later")
