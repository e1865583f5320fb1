"""Footprints, arrivals and what the ingest steps need."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kit.ground import at, ms
from tracker.database import Database
from tracker.event import Event, Footprint
from tracker.ingest.arrival import Arrival, Drop
from tracker.ingest.context import IngestContext, open_context
from tracker.ingest.steps import AT_REQUEST
from tracker.settings import Settings
from tracker.sites import SiteInfo

NOON = "2026-03-01 12:00"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def ingest(settings: Settings, database: Database) -> Iterator[IngestContext]:
    context = open_context(settings, database)
    yield context
    context.close()


def view(seq: int = 0, **fields: Any) -> dict[str, Any]:
    """Return the fields of a view event, others laid over them."""
    return {
        "id": f"00000000000000aa-{seq}",
        "kind": "view",
        "at": ms(NOON),
        "url": "https://shop.example/",
        **fields,
    }


def footprint_of(site: SiteInfo, events: list[Event] | None = None, **fields: Any) -> Footprint:
    """Return a footprint of one plain view unless told otherwise."""
    shared: dict[str, Any] = {"received_at": ms(NOON), "sent_at": ms(NOON), "user_agent": FIREFOX, **fields}
    return Footprint(site_id=site.id, events=[Event(**view())] if events is None else events, **shared)


def arrival_of(**fields: Any) -> Arrival:
    """Return a plain arrival at noon unless told otherwise."""
    told: dict[str, Any] = {
        "address": "203.0.113.77",
        "user_agent": FIREFOX,
        "origin": "https://shop.example",
        "received_at": at(NOON),
        "global_privacy_control": False,
        **fields,
    }
    return Arrival(**told)


def at_request(footprint: Footprint, site: SiteInfo, ingest: IngestContext, **arrival: Any) -> Drop | None:
    """Run the steps at the request, as the collector does."""
    for step in AT_REQUEST:
        drop = step(footprint, arrival_of(**arrival), site, ingest)
        if drop:
            return drop
    return None
