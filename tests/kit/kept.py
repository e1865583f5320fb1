"""What collectors hand to the spool, kept in memory to be looked at."""

from concurrent.futures import Future
from typing import Any

import msgspec
import pytest

from tracker.event import Event, Footprint
from tracker.ingest.steps import to_rows
from tracker.sites import SiteInfo


class Kept:
    """Stands in for the spool: keeps what is submitted, and is durable at once."""

    def __init__(self, site: SiteInfo) -> None:
        self.site = site
        self.footprints: list[Footprint] = []

    def submit(self, body: bytes, events: int) -> "Future[None]":
        footprint = msgspec.json.decode(body, type=Footprint)
        assert len(footprint.events) == events
        self.footprints.append(footprint)
        future: Future[None] = Future()
        future.set_result(None)
        return future

    def events(self) -> list[Event]:
        return [event for footprint in self.footprints for event in footprint.events]

    def ids(self) -> list[str]:
        return [event.id for event in self.events()]

    def rows(self) -> list[dict[str, Any]]:
        found = [row for footprint in self.footprints for row in to_rows(footprint, self.site)]
        return sorted(found, key=lambda row: str(row["occurred_at"]))


@pytest.fixture
def kept(site: SiteInfo) -> Kept:
    return Kept(site)
