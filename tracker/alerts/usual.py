"""What is usual on a site at each hour of its week, learned from the hours of the weeks before: pure reckoning.

Counts vary by chance (Poisson) and beyond it, in proportion to their size: days differ, and so do hours.
How much beyond is learned too. Nothing that happened once moves what is usual: each count is held
to a range about the median of its hour of the week before it is averaged.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from statistics import median

HOURS_A_WEEK = 168
WEEKS = 8
LEAST_DAYS = 14
_DAY = 24
_SHAPES_DIFFER = 0.04  # squared: how far an hour of the week may be from what its hour and its weekday say
_MOST_SQUARED = 9.0  # beyond three times its usual distance a count tells no more of what is usual
_EXPECTED = 0.995  # the mean of a squared standard normal number that is held to _MOST_SQUARED
_LEAST_SPREAD, _MOST_SPREAD = 0.006, 1.0
_HALVINGS = 8
HOURS_BEFORE = 6  # which tell of what sort a day is
_SPEAK_FOR_USUAL = 50.0  # counts that say beforehand that it is like any other
LEVEL_LEAST, LEVEL_MOST = 0.7, 1.4  # no more than that, or something that goes wrong slowly would be taken for usual

Hour = tuple[datetime, int | None]
"""An hour's beginning on the site's own clock, and its count; None where it is not known."""


@dataclass(frozen=True)
class Usual:
    """Counts by hour of the week (from Monday's midnight), as learned from so many weeks.

    `spread` is how much counts vary beyond chance: the squared share of their size.
    """

    levels: tuple[float, ...]
    weeks: float
    spread: float

    def at(self, local: datetime) -> float:
        """Return the count that is usual in the hour that holds a time of the site's own clock."""
        return self.levels[slot_of(local)]

    def expect(self, local: datetime, _of: int, hours: float) -> float:
        """Return what is usual in so many hours that begin at a time of the site's own clock."""
        return self.at(local) * hours

    def spread_of(self, usual: float) -> float:
        """Return the spread of a count about what is usual, which is itself not known to the last digit."""
        return self.spread + 1 / (1 / _SHAPES_DIFFER + self.weeks * usual)


def slot_of(local: datetime) -> int:
    """Return the hour of the week."""
    return local.weekday() * _DAY + local.hour


def learn(hours: Sequence[Hour]) -> Usual | None:
    """Learn from hours in the order of time, the newest WEEKS of them; None where they are less than LEAST_DAYS."""
    known = [(slot_of(local), count) for local, count in hours[-WEEKS * HOURS_A_WEEK :] if count is not None]
    if len(known) < LEAST_DAYS * _DAY:
        return None
    by_slot: list[list[float]] = [[] for _ in range(HOURS_A_WEEK)]
    for slot, count in known:
        by_slot[slot].append(count)
    levels = _levels([_held(counts) for counts in by_slot])
    weeks = len(known) / HOURS_A_WEEK
    return Usual(tuple(levels), weeks, _spread(known, levels, weeks))


def level_of(seen: float, usual: float) -> float:
    """Return how many times what is usual is usual now, as far as the hours before tell."""
    return min(max((seen + _SPEAK_FOR_USUAL) / (usual + _SPEAK_FOR_USUAL), LEVEL_LEAST), LEVEL_MOST)


def _held(counts: list[float]) -> list[float]:
    """Hold counts of one hour of the week to a range about their median."""
    if not counts:
        return counts
    middle = median(counts)
    chance = 3 * sqrt(middle)
    return [min(max(count, middle / 2 - chance), 2 * middle + chance + 3) for count in counts]


def _levels(by_slot: list[list[float]]) -> list[float]:
    """Average each hour of the week; where little is seen, its hour of the day and its weekday have their say."""
    whole = _mean([count for counts in by_slot for count in counts])
    of_hour = [_mean([count for counts in by_slot[hour::_DAY] for count in counts]) for hour in range(_DAY)]
    of_day = [
        _mean([count for counts in by_slot[day * _DAY : (day + 1) * _DAY] for count in counts]) / (whole or 1)
        for day in range(HOURS_A_WEEK // _DAY)
    ]
    levels = []
    for slot, counts in enumerate(by_slot):
        said = of_hour[slot % _DAY] * of_day[slot // _DAY]
        strength = 1 / (_SHAPES_DIFFER * said) if said else 0.0
        levels.append((strength * said + sum(counts)) / ((strength + len(counts)) or 1))
    return levels


def _spread(known: Sequence[tuple[int, int]], levels: Sequence[float], weeks: float) -> float:
    """Find how much hours vary beyond chance, once the hours before have had their say."""
    pairs = []
    before: deque[tuple[int, float]] = deque()
    seen = usual = 0.0
    for slot, count in known:
        level = levels[slot] * level_of(seen, usual)
        if level >= 1:
            pairs.append((count, level))
        before.append((count, levels[slot]))
        seen, usual = seen + count, usual + levels[slot]
        if len(before) > HOURS_BEFORE:
            gone, was = before.popleft()
            seen, usual = seen - gone, usual - was
    if not pairs:
        return _MOST_SPREAD
    fitted = sum(1 / (weeks + 1 / (_SHAPES_DIFFER * level)) for _, level in pairs) / len(pairs)
    return find_spread(pairs, 1 - fitted)


def find_spread(pairs: Sequence[tuple[float, float]], free: float) -> float:
    """Return the spread by which counts are as far from their means, in pairs, as chance would have them.

    `free` is the share of their distance that learning the means from them left.
    """
    wanted = _EXPECTED * free * len(pairs)
    apart = [((count - level) ** 2, level, level * level) for count, level in pairs]
    low, high = _LEAST_SPREAD, _MOST_SPREAD
    for _ in range(_HALVINGS):
        middle = sqrt(low * high)
        squared = [far / (level + middle * square) for far, level, square in apart]
        found = sum(one if one < _MOST_SQUARED else _MOST_SQUARED for one in squared)
        low, high = (middle, high) if found > wanted else (low, middle)
    return high


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0
