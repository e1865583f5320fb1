"""What all who take in events of the past share: equal rows, footprints of a hundred events, the way to the spool."""

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

from msgspec.json import Encoder

from tracker.errors import FootfallError
from tracker.event import Footprint
from tracker.ingest.arrival import Arrival
from tracker.ingest.context import IngestContext
from tracker.ingest.steps import AT_REQUEST
from tracker.languages import gettext
from tracker.sites import SiteInfo
from tracker.spool import SpoolRefusedError

Submit: TypeAlias = Callable[[bytes, int], "Future[None]"]
Progress: TypeAlias = Callable[[int, int], None]
T = TypeVar("T")

_QUARTER_MS = 900_000  # days and hours begin at one in every zone, and with them a salt's time
_EVENTS_A_FOOTPRINT = 100
_MOST_NUMBERED = 5_000_000  # different rows whose counts are held; they take half a gigabyte
_WAITING = 64  # footprints that may wait for their commit
_encoder = Encoder()


@dataclass
class Taken:
    """What became of rows, or of a log's lines: taken, skipped or bad, the last two by reason.

    `first_at` and `last_at` are the moments of the first and last event that was taken, in ms since 1970; None of none.
    """

    taken: int = 0
    first_at: int | None = None
    last_at: int | None = None
    skipped: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """How many there were."""
        return self.taken + self.skipped.total() + self.bad.total()

    def note(self, moments: Sequence[int]) -> None:
        """Note events that were taken, by their moments."""
        self.taken += len(moments)
        self.first_at = min(moments if self.first_at is None else (self.first_at, *moments))
        self.last_at = max(moments if self.last_at is None else (self.last_at, *moments))


class Numbering:
    """Gives rows their ids: each a hash of the row and of how many like it came before.

    Equal rows are of one moment. So the counts of `held` spans of `span_ms` are enough, and those of the span that
    was used longest ago are let go of first, earlier where memory asks for it.
    """

    def __init__(self, span_ms: int, held: int) -> None:
        self._span_ms = span_ms
        self._held = held
        self._seen: dict[int, Counter[bytes]] = {}
        self._rows = 0  # different ones in all that is held

    def identify(self, row: bytes, at: int) -> str:
        """Return 16 hex digits for a row of the moment `at`, in ms since 1970; FootfallError in a span of too many."""
        digest = hashlib.sha256(row).digest()[:16]
        span = at // self._span_ms
        seen = self._seen[span] = self._seen.pop(span, Counter())  # the last used stands last
        nth = seen[digest]
        seen[digest] += 1
        self._rows += nth == 0
        while len(self._seen) > self._held or (self._rows > _MOST_NUMBERED and len(self._seen) > 1):
            self._rows -= len(self._seen.pop(next(iter(self._seen))))
        if self._rows > _MOST_NUMBERED:
            raise FootfallError(
                gettext("more than %(most)s rows of one day are in it, as in no export", most=_MOST_NUMBERED)
            )
        return hashlib.sha256(digest + nth.to_bytes(8, "big")).hexdigest()[:16]


class Intake:
    """Sends footprints of the past through the steps and into the spool, and counts in `summary` what became of them.

    Their visitors are told apart by the salts of `house`.
    """

    def __init__(self, house: IngestContext, submit: Submit) -> None:
        self._house = house
        self._submit = submit
        self._waiting: deque[Future[None]] = deque()
        self.summary = Taken()

    def keep(self, footprint: Footprint, site: SiteInfo, address: str, user_agent: str, *, gpc: bool = False) -> None:
        """Take a footprint in that came from an address, by a browser; both are forgotten here.

        FootfallError when the spool takes no more.
        """
        told = len(footprint.events)
        received = datetime.fromtimestamp(footprint.received_at / 1000, UTC)
        take_steps(footprint, Arrival(address, user_agent, None, received, gpc), site, self._house)
        kept = len(footprint.events)
        if kept < told:
            self.summary.skipped["url"] += told - kept
        if kept:
            self.summary.note([event.at for event in footprint.events])
            self._send(_encoder.encode(footprint), kept)

    def finish(self) -> Taken:
        """Wait until all is durable and return what became of it; FootfallError when the spool takes no more."""
        self._wait(0)
        return self.summary

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


def quarter_of(at: int) -> int:
    """Return the quarter of an hour, counted since 1970, in which a moment in ms lies; events of one share a salt."""
    return at // _QUARTER_MS


def cut(events: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut events of one visitor and one quarter into what a footprint holds."""
    for start in range(0, len(events), _EVENTS_A_FOOTPRINT):
        yield events[start : start + _EVENTS_A_FOOTPRINT]


def take_steps(footprint: Footprint, arrival: Arrival, site: SiteInfo, house: IngestContext) -> None:
    """Take a footprint through the steps at the request; it has no events left where one of them drops it."""
    if any(step(footprint, arrival, site, house) for step in AT_REQUEST):
        footprint.events = []


def _stopped(error: SpoolRefusedError) -> FootfallError:
    return FootfallError(
        gettext("the import stopped, for the spool takes no more now (%(why)s); start it again later", why=str(error))
    )
