"""What a release made worse, as a client gets it: docs/checking-releases.md says how it is meant."""

from datetime import datetime

import msgspec


class Side(msgspec.Struct, frozen=True):
    """The time before the release, or after it: from `start` up to `end`, and what was seen in it."""

    start: datetime
    end: datetime
    visits: int
    views: int


class Place(msgspec.Struct, frozen=True):
    """An element or a script error in which a share became worse; shares are of the page's views."""

    element: str | None
    element_text: str | None
    script_error: str | None
    rate_before: float
    rate: float
    difference_low: float
    difference_high: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A share of views before and after the release: those struck by a signal, or above a web vital's limit.

    `path` is None for the site as a whole. `verdict` is `worse` or `better` where the interval of the difference (95 %,
    Newcombe) excludes none at all and that is beyond chance among all that was compared, else `same`. `is_new` is of
    what is worse and was never seen before. `places` are those on the page that became worse, the worst first.
    """

    measure: str
    title: str
    path: str | None
    verdict: str
    is_new: bool
    views_before: int
    views: int
    hits_before: int
    hits: int
    rate_before: float
    rate: float
    difference: float
    difference_low: float
    difference_high: float
    places: list[Place]


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What was compared before and after a release, the worst first.

    `verdict` is `worse`, `fine`, or `too little` where either side has fewer than `min_visits` visits. `compared` are
    all shares that were compared, `comparisons` those of them that are told.
    """

    release: str
    released_at: datetime
    verdict: str
    min_visits: int
    before: Side
    after: Side
    compared: int
    comparisons: list[Comparison]
    took_ms: int
