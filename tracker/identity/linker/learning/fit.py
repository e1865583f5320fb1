"""Counts on pairs of states what the linker's weights are: nothing is fitted that cannot be counted."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tracker.identity.linker.fields import FIELDS, PLACE, SYSTEMS, Value, Values, alike, is_newer, system_of, values_of
from tracker.identity.linker.learning.lives import Life
from tracker.identity.linker.weights import FieldWeights, bits

GAPS_DAYS = (1.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
Pair = tuple[Mapping[str, Value], Mapping[str, Value], float, bool]
"""Two states, the earlier first, days between them, and whether they are of one browser."""

_A_GAP = 2  # pairs of each life and gap
_OTHERS = 40_000
_PRIOR = 20.0  # pairs that the whole counts for, where a gap or a share has few of its own
_MOST = 8
_USUAL = 1500  # pairs of others in which a value that is not novel is to be found
_FLOOR = 0.0005
_VERSION = PLACE["version"]


@dataclass
class Tally:
    """What pairs of one browser say of one field."""

    seen: list[float] = field(default_factory=lambda: [0.0] * (len(GAPS_DAYS) + 1))
    changed: list[float] = field(default_factory=lambda: [0.0] * (len(GAPS_DAYS) + 1))
    updated_seen: list[float] = field(default_factory=lambda: [0.0] * (len(GAPS_DAYS) + 1))
    updated: list[float] = field(default_factory=lambda: [0.0] * (len(GAPS_DAYS) + 1))
    similar: float = 0.0
    novel: float = 0.0
    novel_similar: float = 0.0


def pairs_of(lives: Sequence[Life], seed: int) -> Iterator[Pair]:
    """Yield pairs of one browser at gaps of every length, and as many thousands of two browsers as are needed."""
    rng = random.Random(seed)  # noqa: S311  # nosec B311
    ends = (0.1, *GAPS_DAYS, 2 * GAPS_DAYS[-1])
    for life in lives:
        for low, high in pairwise(ends):
            for _ in range(_A_GAP):
                gap = rng.uniform(low, high)
                if life.begin + gap < life.until:
                    day = rng.uniform(life.begin, life.until - gap)
                    yield life.at(day), life.at(day + gap), gap, True
    for _ in range(_OTHERS):
        one, other = rng.sample(lives, 2)
        day, later = rng.uniform(one.begin, one.until), rng.uniform(other.begin, other.until)
        yield one.at(day), other.at(later), later - day, False


def fit(pairs: Iterable[Pair], back: Mapping[str, float]) -> tuple[dict[str, FieldWeights], tuple[float, ...], float]:
    """Return the weights by field, those of changes in company, and the chance of a version that goes down.

    `back` is the share of changes that return to an earlier value, which pairs do not tell.
    """
    same: list[tuple[Values, Values, int]] = []
    others: list[tuple[Values, Values]] = []
    for one, other, days, is_same in pairs:
        before, after = values_of(one), values_of(other)
        if is_same:
            same.append((before, after, gap_of(days)))
        else:
            others.append((before, after))
    tallies = [Tally() for _ in FIELDS]
    usual = [{look[place] for both in others[:_USUAL] for look in both} for place in range(len(FIELDS))]
    down = known = 0
    for before, after, gap in same:
        newer = _direction(before, after)
        known += before[_VERSION] is not None
        down += newer < 0
        for place, tally in enumerate(tallies):
            _tally(tally, place, (before[place], after[place]), (gap, newer > 0), after[place] not in usual[place])
    learned = {
        one.name: _weights(place, tallies[place], others, back.get(one.name, 0.0))
        for place, one in enumerate(FIELDS)
        if sum(tallies[place].seen)
    }
    return learned, _together(same, learned), max(down / max(known, 1), _FLOOR)


def gap_of(days: float) -> int:
    """Return the place of a gap among GAPS_DAYS."""
    return sum(days > end for end in GAPS_DAYS)


def _direction(before: Values, after: Values) -> int:
    old, new = before[_VERSION], after[_VERSION]
    newer = None if old is None or new is None or old == new else is_newer(new, old)
    return 0 if newer is None else 1 if newer else -1


def _tally(
    tally: Tally, place: int, both: tuple[Value | None, Value | None], when: tuple[int, bool], novel: bool
) -> None:
    (old, new), (gap, updated) = both, when
    if old is None or new is None:
        return
    differs = old != new
    if updated and place != _VERSION:
        tally.updated_seen[gap] += 1
        tally.updated[gap] += differs
    else:
        tally.seen[gap] += 1
        tally.changed[gap] += differs
    if not differs:
        return
    if FIELDS[place].kind == "version" and isinstance(old, int) and isinstance(new, int):
        tally.similar += new // 1000 == old // 1000 + 1
    elif FIELDS[place].kind == "text" and alike(old, new):
        tally.similar += 1
        tally.novel_similar += novel
    else:
        tally.novel += novel


def _weights(place: int, tally: Tally, others: Sequence[tuple[Values, Values]], back: float) -> FieldWeights:
    changed = sum(tally.changed) + sum(tally.updated)
    beside = tuple(PLACE[name] for name in FIELDS[place].beside)
    there = [(one, other) for one, other in others if one[place] is not None and other[place] is not None]
    near = [(one, other) for one, other in there if all(one[near] == other[near] for near in beside)]
    agree = _agreed(place, there) / max(len(there), 1)
    by_chance = sum(one[place] != other[place] and _alike(place, one, other) for one, other in near)
    beside_all = (_agreed(place, near) + 4 * agree) / (len(near) + 4)
    systems = {
        system: round((_agreed(place, same) + 4 * beside_all) / (len(same) + 4), 4)
        for system in sorted(SYSTEMS)
        for same in [[pair for pair in near if system_of(pair[0]) == system_of(pair[1]) == system]]
    }
    changes = _rates(tally.changed, tally.seen)
    return FieldWeights(
        changes=changes,
        updated=_rates(tally.updated, tally.updated_seen, changes),
        back=round(back, 4),
        similar=round((tally.similar + 0.1) / (changed + 1) * (1 - back), 4),
        agree=round(max(agree, _FLOOR), 4),
        beside=round(beside_all, 4),
        systems=systems,
        chance=round((by_chance + 0.2) / (len(near) + 4), 4),
        novel=round((tally.novel + 0.5) / (changed - tally.similar + 2), 4),
        novel_similar=round((tally.novel_similar + 0.5) / (tally.similar + 2), 4),
    )


def _agreed(place: int, pairs: Sequence[tuple[Values, Values]]) -> int:
    return sum(one[place] == other[place] for one, other in pairs)


def _alike(place: int, one: Values, other: Values) -> bool:
    ours, theirs = one[place], other[place]
    return FIELDS[place].kind == "text" and ours is not None and theirs is not None and alike(ours, theirs)


def _rates(changed: Sequence[float], seen: Sequence[float], prior: Sequence[float] | None = None) -> tuple[float, ...]:
    """Return the shares by gap, held towards a prior where pairs are few, and never falling with the gap."""
    whole = sum(changed) / max(sum(seen), 1)
    rates: list[float] = []
    for gap, (some, all_) in enumerate(zip(changed, seen, strict=True)):
        towards = prior[gap] if prior else min(whole, some / all_ if all_ else whole)
        rate = (some + _PRIOR * towards) / (all_ + _PRIOR)
        rates.append(round(max(rate, _FLOOR, *rates[-1:]), 5))
    return tuple(rates)


def _together(same: Sequence[tuple[Values, Values, int]], learned: Mapping[str, FieldWeights]) -> tuple[float, ...]:
    """Return how many bits more likely so many changes are than they would be if each came by itself."""
    seen, expected = [1.0] * _MOST, [1.0] * _MOST
    for before, after, gap in same:
        updated = _direction(before, after) > 0
        chances, number = [1.0] + [0.0] * (_MOST - 1), 0
        for place, one in enumerate(FIELDS):
            old, new = before[place], after[place]
            if old is None or new is None or place == _VERSION:
                continue
            number += old != new
            rate = (learned[one.name].updated if updated else learned[one.name].changes)[gap]
            for many in range(_MOST - 1, 0, -1):
                chances[many] = chances[many] * (1 - rate * (many < _MOST - 1)) + chances[many - 1] * rate
            chances[0] *= 1 - rate
        seen[min(number, _MOST - 1)] += 1
        expected = [sum(both) for both in zip(expected, chances, strict=True)]
    return tuple(
        round(bits(some / len(same)) - bits(wanted / len(same)), 3) for some, wanted in zip(seen, expected, strict=True)
    )
