"""What a watch would have told in the last days by some settings: the same looks, over what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from reports.alerts.departing import learning_until, replay
from reports.alerts.kind import Kind, Looking
from tracker.alerts.incidents import Noticed

DAYS = 28
MOST = 50


@dataclass(frozen=True)
class Tried:
    """What would have been told, the newest first, and the kinds of which that cannot be said."""

    noticed: Sequence[tuple[Kind, Noticed]]
    more: bool
    untried: Sequence[Kind]
    learning: Sequence[Kind]


def try_out(kinds: Sequence[Kind], looking: Looking, cool_down: timedelta) -> Tried:
    """Look again at the last DAYS. QueryTimeoutError when that takes too long."""
    found, learning = [], []
    for kind in kinds:
        for departure in kind.departures(looking.site):
            told = list(replay(kind, departure, looking, DAYS, cool_down))
            found += [(kind, one) for one in told]
            if not told and kind not in learning and learning_until(departure, looking) is not None:
                learning.append(kind)
    found.sort(key=lambda one: one[1].began_at, reverse=True)
    untried = [kind for kind in kinds if not kind.departures(looking.site)]
    return Tried(found[:MOST], len(found) > MOST, untried, learning)
