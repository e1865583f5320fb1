"""The one function behind both doors: limits, schema, site, origin, rate, steps; then bytes for the spool."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

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
from tracker.event import MAX_URL, Event, Footprint
from tracker.ingest.arrival import Arrival
from tracker.ingest.steps import AT_REQUEST, RequestStep
from tracker.sites import SiteInfo
from tracker.spool import SpoolRefusedError

_log = logging.getLogger(__name__)
_encoder = Encoder()


@dataclass(frozen=True, slots=True)
class Kept:
    """A footprint for the spool; once it is durable, and no sooner, `answer` may be sent."""

    site_id: int
    body: bytes
    events: int
    answer: Answer


class Reception:
    """Decides what to answer. Shared by all requests of a process, for it holds the rates."""

    def __init__(self, door: Door, steps: Sequence[RequestStep] = AT_REQUEST) -> None:
        self._door = door
        self._steps = tuple(steps)
        self._rates = Rates(door.settings.address_rate, door.settings.site_rate)

    def receive(self, collector: Collector, incoming: Incoming) -> Answer | Kept:
        """Return what to keep before answering, or an answer at once. Never raises for what a sender did."""
        site_id = 0
        try:
            reading = collector.read(incoming)
            site = self._door.sites.by_key(reading.site)
            if site is None:
                raise RefusedError(404, "unknown_site")
            site_id = site.id
            self._check(site, reading, incoming)
            outcome = self._enrich(site, reading, incoming)
        except SQLAlchemyError:  # sites and salts are read from the relational store now and then
            _log.exception("collector: the relational store does not answer")
            return self._refuse(collector, incoming, Outcome(503, reason="database", retry_after_s=5), site_id)
        except RefusedError as refused:
            return self._refuse(collector, incoming, refused.outcome, site_id)
        answer = collector.word(outcome, incoming)
        if not outcome.accepted:
            return answer
        return Kept(site_id, _encoder.encode(reading.footprint), outcome.accepted, answer)

    def refuse(self, collector: Collector, incoming: Incoming, refused: RefusedError) -> Answer:
        """Word and count what is wrong with a body that could not be read."""
        return self._refuse(collector, incoming, refused.outcome, 0)

    def turn_away(self, collector: Collector, incoming: Incoming, kept: Kept, refused: SpoolRefusedError) -> Answer:
        """Word and count that the spool did not take what `receive` gave."""
        outcome = Outcome(503, reason=refused.reason, retry_after_s=refused.retry_after_s)
        return self._refuse(collector, incoming, outcome, kept.site_id)

    def preflight(self, origin: str | None) -> Answer:
        """Answer a browser that asks whether a page of `origin` may send: 204, or 403 when no site owns it."""
        host = host_of(origin) if origin else None
        if origin is None or host is None or not any(site.owns(host) for site in self._door.sites.all()):
            return Answer(403, b"", ((b"vary", b"origin"), (b"x-footfall-reason", b"origin")))
        return Answer(204, b"", preflight_headers(origin))

    def _check(self, site: SiteInfo, reading: Reading, incoming: Incoming) -> None:
        if not site.enabled:
            raise RefusedError(404, "disabled_site")
        if reading.host is None or not site.owns(reading.host):
            raise RefusedError(403, "origin")
        wait_s = self._rates.wait_s(network_of(incoming.address), site.id)
        if wait_s:
            raise RefusedError(429, "rate", retry_after_s=wait_s)

    def _enrich(self, site: SiteInfo, reading: Reading, incoming: Incoming) -> Outcome:
        """Run the steps; afterwards nothing knows the address."""
        arrived = utc_now()
        footprint: Footprint = reading.footprint
        footprint.site_id = site.id
        footprint.received_at = int(arrived.timestamp() * 1000)
        arrival = Arrival(
            incoming.address,
            incoming.user_agent or "",
            incoming.origin,
            arrived,
            incoming.global_privacy_control,
            reading.said,
        )
        read = len(footprint.events)
        rejected = len(reading.rejected)
        for field in (*reading.rejected, *reading.ignored):
            self._door.refusals.count(site.id, f"schema {field}")
        for step in self._steps:
            drop = step(footprint, arrival, site, self._door.ingest)
            if drop is not None:
                self._door.refusals.count(site.id, drop.reason)
                return Outcome(202, rejected=rejected + read, reason=drop.reason)
        # cleaned urls may have grown by percent signs, and what the schema refuses could not be loaded
        footprint.events = [event for event in footprint.events if _fits(event)]
        left = len(footprint.events)
        if not left:
            self._door.refusals.count(site.id, "url")
            return Outcome(202, rejected=rejected + read, reason="url")
        for _ in range(read - left):
            self._door.refusals.count(site.id, "url")
        return Outcome(202, accepted=left, rejected=rejected + read - left)

    def _refuse(self, collector: Collector, incoming: Incoming, outcome: Outcome, site_id: int) -> Answer:
        reason = outcome.reason or ""
        self._door.refusals.count(site_id, f"{reason} {outcome.field}" if outcome.field else reason)
        return collector.word(outcome, incoming)


def _fits(event: Event) -> bool:
    return len(event.url) <= MAX_URL and (event.referrer is None or len(event.referrer) <= MAX_URL)
