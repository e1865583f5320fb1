"""What a site's own server says of an event, and what it gets back: the shapes of `POST …/events`."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from tracker.event import MAX_PROPERTIES, ClientMs, PropertyValue, Url, Word

MOST_EVENTS = 1000
MOST_BYTES = 1024 * 1024  # of a body, as it comes and unpacked

Told = Annotated[str, Meta(min_length=1, max_length=256)]


class SentEvent(Struct, forbid_unknown_fields=True, kw_only=True):
    """One thing that a visitor did, as the site's server tells it.

    `at` is ms since 1970, or ISO 8601, in UTC if it says no zone; now by default. `id` is the
    sender's own name of the event: the same twice counts once. `ip` and `user_agent` are the
    visitor's, `visitor` is whatever else the server tells visitors apart by; without either, and
    without a mark in `consent`, nobody is told apart. `gpc` says that the visitor's browser sent
    Global Privacy Control.
    """

    kind: Literal["view", "custom", "search", "identify"]
    at: ClientMs | Annotated[str, Meta(max_length=64)] | None = None
    id: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    url: Url | None = None
    title: Annotated[str, Meta(max_length=512)] | None = None
    referrer: Url | None = None
    name: Annotated[Word, Meta(min_length=1)] | None = None
    properties: Annotated[dict[Word, PropertyValue], Meta(max_length=MAX_PROPERTIES)] | None = None
    revenue: float | None = None
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)")] | None = None
    ip: Annotated[str, Meta(max_length=64)] | None = None
    user_agent: Annotated[str, Meta(max_length=2048)] | None = None
    visitor: Told | None = None
    consent: Annotated[str, Meta(max_length=64)] | None = None
    login: Told | None = None
    gpc: bool = False
    language: Annotated[str, Meta(max_length=64)] | None = None
    zone: Annotated[str, Meta(max_length=64)] | None = None


class Fault(Struct, frozen=True):
    """Why one event was left out: its place in the request, counted from 0, the field and what is wrong with it."""

    index: int
    field: str
    problem: str


class TakenEvents(Struct, frozen=True):
    """What became of a request's events: how many are on disk, and of the others which and why."""

    accepted: int
    rejected: int
    problems: list[Fault] = msgspec.field(default_factory=list)
