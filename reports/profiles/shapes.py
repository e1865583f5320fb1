"""What is told of profiles: the same shapes for pages and for the API. Ids are texts, which no reader rounds."""

from datetime import datetime
from typing import Literal

import msgspec

Standing = Literal["counts", "set aside", "hub", "taken back"]
"""What becomes of an edge: it counts; it is set aside, for it would make two logins one; it does not
count, for one of its ends is shared by too many; or somebody took it back."""

Who = Literal["signed in", "known", "one day"]


class ProfileLine(msgspec.Struct, frozen=True, kw_only=True):
    """A profile in a list.

    `who` is `signed in` when it has a login, `known` when it has another identifier that lasts, `one day` when its
    visitor is told apart for a day only. `identifiers` counts them by kind. What the events tell is of the range
    and filters that were asked about; `first_seen` is ever. `source` is that of its first visit.
    """

    id: str
    who: Who
    first_seen: datetime
    last_seen: datetime
    visits: int
    views: int
    struggles: int
    devices: list[str]
    browsers: list[str]
    source: str | None
    identifiers: dict[str, int]
    conflict: bool


class IdentifierShape(msgspec.Struct, frozen=True, kw_only=True):
    """An identifier of a profile; `named` is its kind in words.

    A `hub` is shared by more than one person has. `stretches` are the times for which it is of this profile, empty
    when it always is.
    """

    id: str
    kind: str
    named: str
    short: str
    first_seen: datetime
    last_seen: datetime
    hub: bool
    profile: str
    stretches: list[tuple[datetime | None, datetime | None]] = []


class EdgeShape(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that `a` and `b` are of one browser or person, with what speaks for it in words.

    `bits` is the weight of the evidence where it was weighed, and `needed` how many it took. `consent` is the
    privacy mode that the visitor had agreed to. What was taken back keeps by whom, when and why.
    """

    id: str
    kind: str
    a: IdentifierShape
    b: IdentifierShape
    evidence: list[str]
    standing: Standing
    rule: str
    confidence: float
    bits: float | None
    needed: float | None
    consent: str
    observed_at: datetime
    last_observed_at: datetime
    observations: int
    retracted_at: datetime | None = None
    retracted_by: str | None = None
    reason: str | None = None


class Struggled(msgspec.Struct, frozen=True, kw_only=True):
    """A struggle in a visit; `story` is the id of its story."""

    signal: str
    offset_ms: int
    path: str | None
    story: str


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """A custom event in a visit."""

    name: str
    offset_ms: int


class VisitShape(msgspec.Struct, frozen=True, kw_only=True):
    """A visit of a profile; `visitor` is the identifier under which it came."""

    id: str
    visitor: str
    started_at: datetime
    ended_at: datetime
    views: int
    engaged_ms: int
    bounced: bool
    trail: list[str]
    trail_offset_ms: list[int]
    source: str | None
    medium: str | None
    campaign: str | None
    device: str | None
    browser: str | None
    os: str | None
    country: str | None
    city: str | None
    struggles: list[Struggled] = []
    events: list[Happened] = []


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One of a profile's sources, devices or places: `name` is what it is, `visits` how many came with it."""

    name: list[str | None]
    visits: int
    first_seen: datetime
    last_seen: datetime


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Something on a profile's timeline: a visit, a sign-in, or an edge that came or was taken back."""

    at: datetime
    kind: Literal["visit", "sign-in", "stitched", "taken back"]
    words: str
    visit: VisitShape | None = None
    edge: str | None = None


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a profile's time, the newest first; `before` asks for what came earlier, null when nothing did."""

    moments: list[Moment]
    before: datetime | None


class ProfileShape(msgspec.Struct, frozen=True, kw_only=True):
    """A profile: by what it is known, what ties that together, and what it came with.

    `more_edges` tells that there are more edges than are shown.
    """

    id: str
    short: str
    who: Who
    first_seen: datetime | None
    last_seen: datetime | None
    visits: int
    views: int
    identifiers: list[IdentifierShape]
    edges: list[EdgeShape]
    more_edges: bool
    conflicts: list[int]
    sources: list[Seen]
    devices: list[Seen]
    places: list[Seen]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two people in a conflict: a login, the profile that it is of, and what is known of that."""

    login: IdentifierShape
    profile: str
    identifiers: dict[str, int]
    visits: int
    views: int
    last_seen: datetime | None
    devices: list[Seen]
    places: list[Seen]


class ConflictShape(msgspec.Struct, frozen=True, kw_only=True):
    """Two logins that an edge would make one person; the edge is set aside until somebody decides.

    `decision` is `one` or `apart`, null while it is open.
    """

    id: int
    opened_at: datetime
    edge: EdgeShape
    sides: list[Side]
    decision: str | None
    decided_at: datetime | None
    decided_by: str | None
