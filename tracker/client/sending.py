"""What a client sends of a site's visitors, and what the server says became of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, Required, TypedDict
from uuid import uuid4

import msgspec

MOST_EVENTS = 1000
MOST_BYTES = 1024 * 1024


class EventWords(TypedDict, total=False):
    """One event, by the fields of docs/api/ingest.md; `at` is an aware time, or ms since 1970."""

    kind: Required[Literal["view", "custom", "search", "identify"]]
    at: datetime | int | str
    id: str
    url: str
    title: str
    referrer: str
    name: str
    properties: dict[str, str | float | bool]
    revenue: float
    currency: str
    ip: str
    user_agent: str
    visitor: str
    consent: str
    login: str
    gpc: bool
    language: str
    zone: str


class Fault(msgspec.Struct, frozen=True):
    """Why an event was left out: its place among those sent, counted from 0, the field and what is wrong with it."""

    index: int
    field: str
    problem: str


class Taken(msgspec.Struct, frozen=True):
    """What became of events: how many are on the server's disk, and of the others which and why."""

    accepted: int
    rejected: int
    problems: list[Fault] = msgspec.field(default_factory=list)


def batches(events: Iterable[EventWords]) -> Iterator[list[msgspec.Raw]]:
    """Yield events, each with an id, in as many at once as the server takes."""
    batch: list[msgspec.Raw] = []
    size = 2  # the brackets
    for event in events:
        written = msgspec.json.encode({"id": uuid4().hex, **event})
        if batch and (len(batch) == MOST_EVENTS or size + len(written) + 1 > MOST_BYTES):
            yield batch
            batch, size = [], 2
        batch.append(msgspec.Raw(written))
        size += len(written) + 1
    if batch:
        yield batch
