"""What people have saved of a site, as a client gets it: goals, funnels, segments, releases."""

from datetime import datetime

import msgspec


class Condition(msgspec.Struct, frozen=True):
    """Something that a visitor does; `kind` is `path`, `event` or `element`, and says which of the others are set."""

    kind: str
    path: str | None = None
    event: str | None = None
    property: str | None = None
    equals: str | None = None
    element: str | None = None
    text: str | None = None


class Goal(msgspec.Struct, frozen=True):
    """What reaches a goal; `says` is the condition in words, `revenue` the property that tells what it was worth."""

    name: str
    condition: Condition
    says: str
    revenue: str | None = None
    currency: str | None = None


class FunnelStep(msgspec.Struct, frozen=True):
    """A step of a funnel; `says` is the condition in words."""

    name: str
    condition: Condition
    says: str


class Funnel(msgspec.Struct, frozen=True):
    """Steps in the order in which a visit takes them."""

    name: str
    steps: list[FunnelStep]


class Segment(msgspec.Struct, frozen=True):
    """Filters under a name, all of which must hold; `problem` says why they can be asked no more, if so."""

    name: str
    filters: list[str]
    problem: str | None = None


class Release(msgspec.Struct, frozen=True):
    """A moment at which the site changed, with the site's offset."""

    name: str
    at: datetime


class Goals(msgspec.Struct):
    """An answer with goals."""

    goals: list[Goal]


class Funnels(msgspec.Struct):
    """An answer with funnels."""

    funnels: list[Funnel]


class Segments(msgspec.Struct):
    """An answer with segments."""

    segments: list[Segment]


class Releases(msgspec.Struct):
    """An answer with releases."""

    releases: list[Release]
