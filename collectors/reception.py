"""The one function behind both doors: limits, schema, site, origin, rate, steps; then bytes for the spool."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from msgspec.json import Encoder
from sqlalchemy.exc import SQLAlchemyError

from collectors.answer import Answer, Outcome, RefusedError
from collectors.collector import Collector, Reading
from collectors.door import Door
from collectors.incoming import Incoming
from collectors.origin import host_of, preflight_headers
from collectors.proxies import network_of
from collectors.rates import Rates
from tracker.clock import utc_now
from tracker.event import Footprint
from tracker.foreign import BY_NAME, ForeignInfo
from tracker.ingest.arrival import Arrival
from tracker.ingest.steps import AT_REQUEST, RequestStep
from tracker.sites import SiteInfo
from tracker.spool import SpoolRefusedError

_log = logging.getLogger(__name__)
_encoder = Encoder()
_MOST_KEPT_BYTES = 1024 * 1024  # of one request; a query or a header that all its events repeat can outgrow its body
_NO_DATABASE = Outcome(503, reason="database", retry_after_s=5)


@dataclass(frozen=True, slots=True)
class Kept:
    """Footprints for the spool, each with how many events it has; once all are durable, `answer` may be sent.

    They are kept all together or not at all, so that whoever is refused may send the same again.
    """

    site_id: int
    bodies: tuple[tuple[bytes, int], ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class _Admitted:
    """A reading and the site whose it is."""

    reading: Reading
    site: SiteInfo


@dataclass(frozen=True, slots=True)
class _Refused:
    """A reading that is not taken, why, and the site whose owner is told; 0 is none."""

    reading: Reading
    site_id: int
    outcome: Outcome


class Reception:
    """Decides what to answer. Shared by all requests of a process, for it holds the rates."""

    def __init__(self, door: Door, steps: Sequence[RequestStep] = AT_REQUEST) -> None:
        self._door = door
        self._steps = tuple(steps)
        self._rates = Rates(door.settings.address_rate, door.settings.site_rate)

    def receive(self, collector: Collector, incoming: Incoming) -> Answer | Kept:
        """Return what to keep before answering, or an answer at once. Never raises for what a sender did."""
        wait_s = self._rates.unread_wait_s(network_of(incoming.address)) if _is_foreign(collector) else 0
        if wait_s:
            return self._refuse(collector, incoming, Outcome(429, reason="rate", retry_after_s=wait_s), 0)
        try:
            reading = collector.read(incoming)
        except RefusedError as refused:
            return self._refuse(collector, incoming, refused.outcome, 0)
        admitted = [self._admit(one) for one in (reading, *reading.more)]
        late = self._wait(admitted, incoming)
        if late is not None:
            return self._refuse(collector, incoming, late.outcome, late.site_id)
        site_id, outcomes, bodies = 0, list[Outcome](), list[tuple[bytes, int]]()
        for one in admitted:
            outcomes.append(self._take(one, incoming))
            if isinstance(one, _Admitted) and outcomes[-1].accepted:
                site_id = one.site.id
                bodies.append((_encoder.encode(one.reading.footprint), outcomes[-1].accepted))
        size = sum(map(_size, admitted))
        later = next((outcome for outcome in outcomes if outcome.retry_after_s is not None), None)
        if later is not None:  # its sender comes again with all of it: nothing may be kept twice, nothing be lost
            return collector.word(replace(later, rejected=size), incoming)
        if sum(len(body) for body, _ in bodies) > _MOST_KEPT_BYTES:
            too_large = Outcome(413, rejected=size, reason="too_large")
            return self._refuse(collector, incoming, too_large, site_id)
        answer = collector.word(reduce(_together, outcomes), incoming)
        return Kept(site_id, tuple(bodies), answer) if bodies else answer

    def refuse(self, collector: Collector, incoming: Incoming, refused: RefusedError) -> Answer:
        """Word and count what is wrong with a body that could not be read."""
        return self._refuse(collector, incoming, refused.outcome, 0)

    def turn_away(self, collector: Collector, incoming: Incoming, kept: Kept, refused: SpoolRefusedError) -> Answer:
        """Word and count that the spool did not take what `receive` gave."""
        outcome = Outcome(503, reason=refused.reason, retry_after_s=refused.retry_after_s)
        return self._refuse(collector, incoming, outcome, kept.site_id)

    def preflight(self, collector: Collector, origin: str | None) -> Answer:
        """Answer a browser that asks whether a page of `origin` may send: 204, or 403 when no site owns it."""
        host = host_of(origin) if origin else None
        if origin is None or self._door.sites.owner_of(host) is None:
            return Answer(403, b"", ((b"vary", b"origin"), (b"x-footfall-reason", b"origin")))
        return Answer(204, b"", preflight_headers(origin, collector.ALLOWS, with_cookies=collector.WITH_COOKIES))

    def _admit(self, reading: Reading) -> _Admitted | _Refused:
        """Find the site whose a reading is, and whether it may send."""
        site_id = 0
        try:
            found = self._find(reading)
            if found is None:
                owner = self._door.sites.owner_of(reading.host) if reading.product else None
                site_id = owner.id if owner else 0  # whose pages sent it under a name that none has, is told
                raise RefusedError(404, "unknown_id" if reading.product else "unknown_site")
            site, known = found
            site_id = site.id
            if known is not None:
                _settle(reading, site, known)
            _check(site, reading)
        except SQLAlchemyError:  # sites are read from the relational store now and then
            _log.exception("collector: the relational store does not answer")
            return _Refused(reading, site_id, _NO_DATABASE)
        except RefusedError as refused:
            return _Refused(reading, site_id, refused.outcome)
        return _Admitted(reading, site)

    def _wait(self, admitted: Sequence[_Admitted | _Refused], incoming: Incoming) -> _Refused | None:
        """Count one call on each site of a request; return a refusal of it all if it is too often for one of them.

        A part that is left out of a request that is else taken would be lost: nobody sends it again.
        """
        sites = {one.site.id: one.reading for one in admitted if isinstance(one, _Admitted)}
        for site_id, reading in sites.items():
            wait_s = self._rates.wait_s(network_of(incoming.address), site_id)
            if wait_s:
                rejected = sum(map(_size, admitted))
                return _Refused(reading, site_id, Outcome(429, rejected=rejected, reason="rate", retry_after_s=wait_s))
        return None

    def _take(self, one: _Admitted | _Refused, incoming: Incoming) -> Outcome:
        """Return what becomes of a reading. Counts what is refused."""
        if isinstance(one, _Admitted):
            try:
                return self._enrich(one.site, one.reading, incoming)
            except SQLAlchemyError:  # salts are read from the relational store, too
                _log.exception("collector: the relational store does not answer")
                one = _Refused(one.reading, one.site.id, _NO_DATABASE)
        self._count(one.outcome, one.site_id)
        return replace(one.outcome, rejected=_size(one))

    def _find(self, reading: Reading) -> tuple[SiteInfo, ForeignInfo | None] | None:
        """Return the site that is meant, and what is known of the name that another tracker has for it."""
        if reading.product is not None:
            return self._door.sites.by_foreign_id(reading.product, reading.site)
        site = self._door.sites.by_key(reading.site)
        return None if site is None else (site, None)

    def _enrich(self, site: SiteInfo, reading: Reading, incoming: Incoming) -> Outcome:
        """Run the steps; afterwards nothing knows the address."""
        arrived = utc_now()
        footprint: Footprint = reading.footprint
        footprint.site_id = site.id
        footprint.received_at = int(arrived.timestamp() * 1000)
        arrival = Arrival(
            incoming.address,
            footprint.user_agent or "",
            incoming.origin,
            arrived,
            incoming.global_privacy_control,
            reading.said,
        )
        read = len(footprint.events)
        rejected = len(reading.rejected)
        for field in (*reading.rejected, *reading.ignored):
            self._door.refusals.count(site.id, f"schema {field}")
        for what in reading.not_taken:
            self._door.refusals.count(site.id, f"not_taken {what}")
        if not read:
            return Outcome(202, rejected=rejected, reason="not_taken")
        for step in self._steps:
            drop = step(footprint, arrival, site, self._door.ingest)
            if drop is not None:
                self._door.refusals.count(site.id, drop.reason)
                return Outcome(202, rejected=rejected + read, reason=drop.reason)
        left = len(footprint.events)
        for _ in range(read - left):
            self._door.refusals.count(site.id, "url")
        return Outcome(202, accepted=left, rejected=rejected + read - left)

    def _refuse(self, collector: Collector, incoming: Incoming, outcome: Outcome, site_id: int) -> Answer:
        self._count(outcome, site_id)
        return collector.word(outcome, incoming)

    def _count(self, outcome: Outcome, site_id: int) -> None:
        reason = outcome.reason or ""
        self._door.refusals.count(site_id, f"{reason} {outcome.field}" if outcome.field else reason)


def _is_foreign(collector: Collector) -> bool:
    """Tell whether a collector reads what another tracker sends, which is dear: packed, and of many visitors."""
    return collector.__name__.rpartition(".")[2] in BY_NAME


def _check(site: SiteInfo, reading: Reading) -> None:
    if not site.enabled:
        raise RefusedError(404, "disabled_site")
    if reading.host is None or not site.owns(reading.host):
        raise RefusedError(403, "origin")


def _size(one: _Admitted | _Refused) -> int:
    """Return how many events came."""
    return len(one.reading.footprint.events) + len(one.reading.rejected)


def _settle(reading: Reading, site: SiteInfo, known: ForeignInfo) -> None:
    """Hold another tracker's word to what its site says: its secret, whether to believe its ids, whence it is."""
    if not known.is_proved_by(reading.secret):
        raise RefusedError(403, "secret")
    if not known.consented:
        reading.said = replace(reading.said, device=None, login=None)
    if reading.host == "" and site.hosts:
        reading.host = site.hosts[0]
        for event in reading.footprint.events:
            if event.url.startswith("/"):
                event.url = f"https://{reading.host}{event.url}"


def _together(one: Outcome, other: Outcome) -> Outcome:
    """Return what became of a request of several readings: taken if one of them was, else as the first was refused."""
    accepted, rejected = one.accepted + other.accepted, one.rejected + other.rejected
    if accepted:
        return Outcome(202, accepted, rejected)
    return replace(one, rejected=rejected)
