"""What share of visits or views is usually struck, learned from the days before: pure reckoning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from tracker.alerts.usual import LEAST_DAYS, find_spread

Day = tuple[int, int]
"""How many were struck, and of how many."""


@dataclass(frozen=True)
class Share:
    """The usual share, the hits that it was learned from, and how much days differ beyond chance."""

    share: float
    hits: float
    spread: float

    def expect(self, _local: datetime, of: int, _hours: float) -> float:
        """Return how many of so many are usually struck."""
        return self.share * of

    def spread_of(self, _usual: float) -> float:
        """Return the spread of a count about what is usual."""
        return self.spread + 1 / max(self.hits, 1.0)


def learn_share(days: Sequence[Day]) -> Share | None:
    """Learn from days in which there was anything; None where those are less than LEAST_DAYS.

    A day on which much more was struck than on others is held to less, so that it does not become usual.
    """
    seen = [(hits, of) for hits, of in days if of]
    if len(seen) < LEAST_DAYS:
        return None
    all_of = sum(of for _, of in seen)
    rough = sum(hits for hits, _ in seen) / all_of
    held = [min(hits, 2 * rough * of + 3 * sqrt(rough * of) + 3) for hits, of in seen]
    share = (sum(held) + 0.5) / (all_of + 1)
    pairs = [(hits, share * of) for hits, of in seen]
    return Share(share, sum(held) + 0.5, find_spread(pairs, 1 - 1 / len(seen)))
