"""What the linker answers: links with their reasons, and what it takes back or adds later."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tracker.identity.linker.fields import Value
from tracker.identity.linker.scoring import Evidence

Reason = Literal["linked", "unknown", "ambiguous", "too_common"]
"""`unknown`: looks like none that is known; `ambiguous`: like more than one; `too_common`: like
too many that may be about for it to be told, known or not."""


@dataclass(frozen=True, slots=True)
class Link:
    """Which browser a fingerprint is of: None when it is new or cannot be told, for this reason.

    `bits` speak for the `closest` known browser, `needed` is how many it takes; `margin` is how
    many more it has than all others together (infinite when there are none). `evidence` is the closest
    one's if that has what is needed, and its bits add up to `bits`.
    """

    browser: int | None
    reason: Reason
    bits: float = 0.0
    needed: float = 0.0
    margin: float = math.inf
    evidence: tuple[Evidence, ...] = ()
    closest: int | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A browser that was taken for new at a time, and is an earlier one, for this evidence.

    `bits`, `needed` and `margin` are as in Link.
    """

    earlier: int
    later: int
    at_ms: int
    bits: float
    margin: float
    evidence: tuple[Evidence, ...]
    needed: float = 0.0


@dataclass(frozen=True, slots=True)
class Parted:
    """A state, by its fields, that was taken for a browser's from a time on, and is not.

    The bits of its evidence are fewer than a link needs.
    """

    browser: int
    looks: Mapping[str, Value]
    at_ms: int
    bits: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """Links to add and links to take back."""

    joined: tuple[Joined, ...]
    parted: tuple[Parted, ...]
