"""Looks whether what was counted up to a moment departs from what is usual: pure reckoning.

One look compares several stretches that end at its moment, short ones for busy sites and long ones for
quiet ones. All looks of a month share the false alarms that are allowed in it, and all stretches alike. Those
of one length overlap: as many count as would fit side by side, and ANEW times as many, for each has so many
chances to be the highest. bench/alerts.py says how often alerts are wrong in truth.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tracker.alerts.chances import at_least, at_most
from tracker.alerts.usual import HOURS_BEFORE, LEVEL_LEAST, LEVEL_MOST, level_of

STEP_MINUTES = 5
STEPS_A_DAY = 1440 // STEP_MINUTES
LOOKS_A_MONTH = 30 * STEPS_A_DAY
STRETCHES = (6, 12, 24, 48, 96, 288)
"""In steps: half an hour, 1, 2, 4 and 8 hours, a day."""
ANEW = 3
_BEFORE = HOURS_BEFORE * 60 // STEP_MINUTES
CLEAR = 12  # steps without a finding, after which something is over


@dataclass(frozen=True)
class Rule:
    """What is told: counts `above` or below what is usual, at least so many times it, from so many on.

    Of a share, `least` is of how many, and `hits` the fewest that are told.
    `false_a_month` is how many false alarms of this rule are allowed; `adapts` lets the
    hours before have their say in what is usual now.
    """

    above: bool
    ratio: float
    least: int
    false_a_month: float
    stretches: tuple[int, ...] = STRETCHES
    adapts: bool = True
    hits: int = 0

    def chance(self, width: int) -> float:
        """The chance below which what is seen in a stretch of so many steps is told."""
        looks = LOOKS_A_MONTH * min(1.0, ANEW / width)
        return self.false_a_month / (looks * len(self.stretches))


@dataclass(frozen=True)
class Track:
    """Counts of steps that follow each other, and what is usual in each, both summed up from its beginning.

    A step that is not known adds to neither. `of` are the sums of what was counted among, where
    that is a share: views for views with an error. `spread_of` tells the spread about a usual count.
    """

    seen: Sequence[int]
    usual: Sequence[float]
    spread_of: Callable[[float], float]
    of: Sequence[int] | None = None


@dataclass(frozen=True)
class Off:
    """A departure: steps from `first` up to `last`, not included, what was seen and what is usual there."""

    first: int
    last: int
    seen: int
    usual: float
    spread: float
    chance: float
    of: int | None = None


def track(
    counts: Sequence[int | None],
    usual: Sequence[float],
    spread_of: Callable[[float], float],
    of: Sequence[int] | None = None,
) -> Track:
    """Sum up counts of steps, None where one is not known."""
    known = [0.0 if count is None else level for count, level in zip(counts, usual, strict=True)]
    return Track(
        [0, *accumulate(count or 0 for count in counts)],
        [0.0, *accumulate(known)],
        spread_of,
        [0, *accumulate(of)] if of is not None else None,
    )


def look(track: Track, end: int, rule: Rule, since: int = 0) -> Off | None:
    """Return the least likely departure in the stretches that end before step `end` and begin at `since` or later."""
    found: Off | None = None
    for width in rule.stretches:
        first = end - width
        if first < since:
            break
        seen, usual = track.seen[end] - track.seen[first], track.usual[end] - track.usual[first]
        if _is_out_of_question(seen, usual, rule):
            continue
        if rule.adapts:
            before = max(0, first - _BEFORE)
            usual *= level_of(track.seen[first] - track.seen[before], track.usual[first] - track.usual[before])
        of = track.of[end] - track.of[first] if track.of is not None else None
        volume = of if of is not None else seen if rule.above else usual
        is_far = seen >= rule.ratio * usual if rule.above else seen <= rule.ratio * usual
        if not is_far or volume < rule.least or seen < rule.hits:
            continue
        spread = track.spread_of(usual)
        chance = at_least(seen, usual, spread) if rule.above else at_most(seen, usual, spread)
        if chance <= rule.chance(width) and (found is None or chance < found.chance):
            found = Off(first, end, seen, usual, spread, chance, of)
    return found


def goes_on(track: Track, end: int, rule: Rule, width: int) -> bool:
    """Tell whether what was found in a stretch of so many steps is not halfway back to what is usual.

    The hours before have no say in it, for they are those in which it went on.
    """
    first = max(0, end - width)
    seen, usual = track.seen[end] - track.seen[first], track.usual[end] - track.usual[first]
    halfway = usual * (1 + rule.ratio) / 2
    return seen >= max(halfway, 1) if rule.above else seen <= halfway


def _is_out_of_question(seen: int, usual: float, rule: Rule) -> bool:
    """Tell, quickly, that whatever the hours before were like, this cannot be told."""
    if rule.above:
        return seen < rule.ratio * usual * (LEVEL_LEAST if rule.adapts else 1)
    return seen > rule.ratio * usual * LEVEL_MOST


def departures(track: Track, first: int, last: int, rule: Rule, cool_down: int) -> Iterator[tuple[Off, int]]:
    """Yield what looks at the steps from `first` to `last` would have told, each with the step at which it was over.

    What is found is over when it is not found for CLEAR steps; what follows within the cool-down is not told.
    """
    since = step = 0
    step = first
    while step <= last:
        found = look(track, step, rule, since)
        if found is None:
            step += 1
            continue
        over, width = step, found.last - found.first
        while step <= last and step - over < CLEAR:
            if goes_on(track, step, rule, width):
                over = step
            step += 1
        yield found, over
        since, step = over, max(step, over + cool_down)
