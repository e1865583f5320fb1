"""What a check of a release answers, for programs; only ever added to."""

from datetime import datetime
from typing import Literal

import msgspec

Verdict = Literal["worse", "better", "same"]


class SideShape(msgspec.Struct, frozen=True):
    """The time before the release, or after it: from `start` up to, and without, `end`, and what was seen in it.

    Where visitors are not told apart and so nothing has visits, `visits` are the views.
    """

    start: datetime
    end: datetime
    visits: int
    views: int


class PlaceShape(msgspec.Struct, frozen=True):
    """An element or a script error in which a share became worse; shares are of the page's views."""

    element: str | None
    element_text: str | None
    script_error: str | None
    rate_before: float
    rate: float
    difference_low: float
    difference_high: float


class ComparisonShape(msgspec.Struct, frozen=True, kw_only=True):
    """A share of views before and after: those struck by a signal, or above the limit for good of a web vital.

    `path` is null for the site as a whole. `is_new` is of what is worse and was never seen before. `places` are those
    on the page that became worse, the worst first, at most five. The difference has its interval of 95 % (Newcombe).
    """

    measure: str
    title: str
    path: str | None
    verdict: Verdict
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
    places: list[PlaceShape]


class CheckShape(msgspec.Struct, frozen=True, kw_only=True):
    """What was compared before and after a release, the worst first, then what has the most views.

    `verdict` is `too little` where either side has fewer than `min_visits` visits. `compared` are all shares that were
    compared, those of single places among them; `comparisons` are of pages and of the site, at most a thousand.
    """

    release: str
    released_at: datetime
    verdict: Literal["worse", "fine", "too little"]
    min_visits: int
    before: SideShape
    after: SideShape
    compared: int
    comparisons: list[ComparisonShape]
    took_ms: int
