"""Puts a server's events together by visitor and day, and takes them the way of all footprints up to the spool."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from msgspec.json import Encoder

from collectors.footprints import cut, quarter_of, take_steps
from collectors.server.event import FaultyError, make_event
from tracker.event import Event, Footprint
from tracker.ingest.arrival import Arrival, Said
from tracker.ingest.context import IngestContext
from tracker.ingest.past import PastSalts
from tracker.ingest.salts import SaltBook
from tracker.sent_event import Fault, SentEvent
from tracker.sites import SiteInfo

_NO_PLACE = "is none of the web's"
_encoder = Encoder()


@dataclass
class Batch:
    """Bodies for the spool, each with how many events it has, and why the other events are left out."""

    bodies: list[tuple[bytes, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many events there are to keep."""
        return sum(events for _, events in self.bodies)


@dataclass(frozen=True, slots=True)
class _Same:
    """What the events of one footprint have in common. `quarter` counts quarters of an hour, None for today."""

    ip: str | None
    user_agent: str | None
    said: Said
    gpc: bool
    language: str | None
    zone: str | None
    quarter: int | None


_Numbered = tuple[int, Event]


def make_batch(sent: Iterable[tuple[int, SentEvent]], site: SiteInfo, house: IngestContext, now: datetime) -> Batch:
    """Return what is to be kept of events; after this nothing knows an address, a login or a token.

    Events of today are received now. Those of another day were received when they happened, as
    lines of a log are: so each is known again however late it comes a second time.
    """
    batch = Batch()
    now_ms = int(now.timestamp() * 1000)
    together: dict[_Same, list[_Numbered]] = defaultdict(list)
    for index, one in sent:
        try:
            event = make_event(one, site, now_ms)
        except FaultyError as fault:
            batch.faults.append(Fault(index, fault.field, fault.problem))
        else:
            together[_same(one, event.at, site, now)].append((index, event))
    past = IngestContext(SaltBook(PastSalts(house.salts, site, lambda: now)), house.places)
    for same, events in together.items():
        received = now if same.quarter is None else datetime.fromtimestamp(events[0][1].at / 1000, UTC)
        for some in cut(events):
            _take(batch, same, some, received, site, house if same.quarter is None else past)
    return batch


def _same(sent: SentEvent, at: int, site: SiteInfo, now: datetime) -> _Same:
    is_today = site.day_of(datetime.fromtimestamp(at / 1000, UTC)) == site.day_of(now)
    said = Said(consent=sent.consent, login=sent.login, visitor=sent.visitor)
    quarter = None if is_today else quarter_of(at)
    return _Same(sent.ip, sent.user_agent, said, sent.gpc, sent.language, sent.zone, quarter)


def _take(  # noqa: PLR0917 - what a step takes, and whose it is
    batch: Batch, same: _Same, events: Sequence[_Numbered], received: datetime, site: SiteInfo, house: IngestContext
) -> None:
    footprint = Footprint(
        site_id=site.id,
        received_at=int(received.timestamp() * 1000),
        user_agent=same.user_agent,
        language=same.language,
        zone=same.zone,
        keeps_time=True,
        events=[event for _, event in events],
    )
    arrival = Arrival(same.ip, same.user_agent or "", None, received, same.gpc, same.said)
    take_steps(footprint, arrival, site, house)
    if footprint.events:
        batch.bodies.append((_encoder.encode(footprint), len(footprint.events)))
    batch.faults += _left_out(events, footprint.events)


def _left_out(events: Sequence[_Numbered], kept: Sequence[Event]) -> Iterator[Fault]:
    """Tell which events the steps left out: those whose address is none, or too long once it is cleaned."""
    still = {id(event) for event in kept}
    return (Fault(index, "url", _NO_PLACE) for index, event in events if id(event) not in still)
