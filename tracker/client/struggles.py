"""Struggles and their evidence, as a client gets them. All that pages and visitors wrote is in them as it was sent."""

from datetime import datetime

import msgspec


class Struggle(msgspec.Struct, frozen=True, kw_only=True):
    """A fault: a signal at an element of a page, or of a whole page; the report `struggles` says how each is counted.

    `struck_view_rate` is the share of views in which it happened, with its interval of 95 %. `trend` is worse,
    better, same or new. `examples` are ids for `Site.story`, the newest first; `trail` are the pages before that one.
    """

    signal: str
    path: str | None
    element: str | None
    element_text: str | None
    script_error: str | None
    visitors: int
    incidents: int
    impact: float
    raging_visitors: int = 0
    views: int | None = None
    struck_view_rate: float | None = None
    struck_view_rate_low: float | None = None
    struck_view_rate_high: float | None = None
    struck_view_rate_before: float | None = None
    trend: str | None = None
    since: datetime | None = None
    last_seen: datetime | None = None
    visits: int | None = None
    visits_lost: float | None = None
    visits_lost_low: float | None = None
    visits_lost_high: float | None = None
    score: float | None = None
    days: list[int] = []
    examples: list[str] = []
    trail: list[str] = []


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One incident; `id` is its story's. `trail` and `device` are empty where visitors are not told apart."""

    id: str
    signal: str
    at: datetime
    path: str | None
    element: str | None
    element_text: str | None
    trail: list[str]
    device: str | None
    country: str | None
    views_after: int | None


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened; `offset_ms` is from the struggle, negative before it.

    `evidence` holds the delays in ms of what followed a click, `signals` which signals it is the beginning of;
    `is_it` marks the struggle itself.
    """

    at: datetime
    offset_ms: int
    kind: str
    path: str | None = None
    title: str | None = None
    navigation: str | None = None
    element: str | None = None
    element_text: str | None = None
    name: str | None = None
    disabled: bool = False
    engaged_ms: int = 0
    watched_ms: int | None = None
    moved_anyway: bool = False
    evidence: dict[str, int] = {}
    properties: dict[str, str | int | float | bool | None] = {}
    signals: list[str] = []
    is_it: bool = False


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A struggle in its visit: what came before, what followed or did not.

    `about` says who visited and whence, and is empty where visitors are not told apart. `stayed_ms` is the time from
    the struggle to the last thing known of the visit; `cut` tells that there is more than `moments` show.
    """

    id: str
    signal: str
    at: datetime
    path: str | None
    element: str | None
    element_text: str | None
    repetitions: int
    duration_ms: int
    detail: str | None
    about: dict[str, str | int | None]
    moments: list[Moment]
    stayed_ms: int
    cut: bool


class Examples(msgspec.Struct):
    """An answer with examples."""

    examples: list[Example]
