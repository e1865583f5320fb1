"""What a client sends of a site's visitors, and what the server says became of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, NamedTuple, Required, TypedDict
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


class Batch(NamedTuple):
    """Events that are sent at once, each as it is written and by its place among all, and those that cannot be sent."""

    written: dict[int, msgspec.Raw]
    faults: list[Fault]


def batches(events: Iterable[EventWords]) -> Iterator[Batch]:
    """Yield events, each with an id, in as many at once as the server takes."""
    batch = Batch({}, [])
    size = 2  # the brackets
    for place, event in enumerate(events):
        try:
            written = msgspec.json.encode({"id": uuid4().hex, **event})
        except UnicodeEncodeError:
            batch.faults.append(Fault(place, "", "has half a letter, which no text can have"))
            continue
        if len(written) + 3 > MOST_BYTES:
            batch.faults.append(Fault(place, "", f"is larger than {MOST_BYTES:,} bytes"))
            continue
        if len(batch.written) == MOST_EVENTS or size + len(written) + 1 > MOST_BYTES:
            yield batch
            batch, size = Batch({}, []), 2
        batch.written[place] = msgspec.Raw(written)
        size += len(written) + 1
    yield batch
