"""Taking an export in a line."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reports.bulk.taking import lines, taking
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

Take = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def stitched(site: SiteInfo) -> SiteInfo:
    return replace(site, privacy_mode="stitched")


@pytest.fixture
def take(store: EventStore, stitched: SiteInfo) -> Take:
    """Take an export as NDJSON: `take("events", since=cursor, limit=3)`."""

    def taken(what: str, site: SiteInfo = stitched, **words: Any) -> list[dict[str, Any]]:
        chunks = lines(store, taking(store, site, what, **words))
        return [json.loads(line) for line in b"".join(chunks).splitlines()]

    return taken
