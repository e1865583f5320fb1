"""A cell of a report's table, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.wording.deltas import Delta
from reports.wording.links import Address


@dataclass(frozen=True)
class Shown:
    """One cell: its kind, its words (or parts, of a trail), what is said in small below, and a link that filters.

    `badge` stands beside the words, with `mood` (good or hurts) as its class; of the kind badge
    there are no other words. `links` lead to single examples, `picture` is drawn beside, `delta` tells how
    it changed.
    """

    kind: str
    text: str
    parts: Sequence[str] = ()
    small: str = ""
    link: Address | None = None
    badge: str = ""
    mood: str = ""
    links: Sequence[tuple[str, Address]] = ()
    picture: Markup | None = None
    delta: Delta | None = None
