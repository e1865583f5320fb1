"""How many bits speak for a fingerprint and a known browser being one: Fellegi-Sunter, field by field."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import eq
from typing import Literal

from tracker.identity.linker.fields import FIELDS, NAMES, PLACE, Value, Values, alike, is_digest, is_newer
from tracker.identity.linker.memory import State
from tracker.identity.linker.rarity import Rarity
from tracker.identity.linker.weights import FieldWeights, Weights, bits

Outcome = Literal["same", "similar", "earlier", "newer", "older", "changed", "missing", "passed"]
"""`similar`: texts nearly the same; `earlier`: what this browser showed before; `newer` and `older`: versions."""

TOGETHER = "changes"
"""Evidence that is of no field: how many changed at once."""
GAP = "gap"
"""Evidence that is of no field: how long the browser was not seen (outcome `passed`)."""

DAY_MS = 86_400_000
_VERSION = PLACE["version"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says: bits above 0 speak for one browser, below 0 against."""

    field: str
    outcome: Outcome
    bits: float


class Logarithms:
    """The weights' probabilities in bits, by [direction][gap][place], taken once for all fingerprints.

    Direction is that of the browser's version: 0 for the same, 1 for up, -1 for down.
    """

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.fields = tuple(weights.fields.get(name) for name in NAMES)
        gaps = range(len(weights.gaps_days) + 1)
        self.stays, self.moves = (
            {
                direction: [[part(one, direction, gap) if one else 0.0 for one in self.fields] for gap in gaps]
                for direction in (-1, 0, 1)
            }
            for part in (_stays, _moves)
        )
        self.other = [bits(1 - one.back - one.similar) if one else 0.0 for one in self.fields]
        self.back = [bits(one.back) if one else 0.0 for one in self.fields]
        self.nearly = [_nearly(one) if one else (0.0, 0.0) for one in self.fields]
        self.new = [(bits(1 - one.novel), bits(one.novel)) if one else (0.0, 0.0) for one in self.fields]
        version = weights.fields[NAMES[_VERSION]]
        self.next = [bits(version.changes[gap] * version.similar) for gap in gaps]
        self.backward = bits(weights.backward)
        most = len(weights.together) - 1
        self.together = [weights.together[min(changed, most)] for changed in range(len(NAMES) + 1)]


def _stays(one: FieldWeights, direction: int, gap: int) -> float:
    return bits(1 - _rate(one, direction, gap))


def _moves(one: FieldWeights, direction: int, gap: int) -> float:
    return bits(_rate(one, direction, gap))


def _nearly(one: FieldWeights) -> tuple[float, float]:
    """Return what a text nearly the same has beside its rate: one that others show, and one that nobody does."""
    likely = bits(one.similar) - bits(one.chance)
    return likely + bits(1 - one.novel_similar), likely + bits(one.novel_similar)


def _rate(one: FieldWeights, direction: int, gap: int) -> float:
    return (one.updated if direction > 0 else one.changes)[gap]


@dataclass(frozen=True, slots=True)
class _Table:
    """Bits by place for browsers that were last seen so long ago: when a value is the same, and when it is another.

    `over` is by how much the same has more than another; `changed` what there is when all are others;
    `hidden` what a closer look at those may add at most.
    """

    same: tuple[float, ...]
    differs: tuple[float, ...]
    over: tuple[float, ...]
    changed: float
    hidden: float


def _tells_more(place: int, value: Value | None) -> bool:
    kind = FIELDS[place].kind
    return kind == "version" or (kind == "text" and not is_digest(value))


_NOTHING = object()  # is equal to no value


def _places(shown: int) -> Iterator[int]:
    while shown:
        lowest = shown & -shown
        yield lowest.bit_length() - 1
        shown ^= lowest


class Scorer:
    """Weighs known browsers against one fingerprint.

    `rarity` says how likely a browser that is not known would show each of its values, without
    one that looks like `but`.
    """

    def __init__(
        self, logarithms: Logarithms, values: Values, rarity: Rarity, at_ms: int, but: Values | None = None
    ) -> None:
        self._log = logarithms
        self._weights = logarithms.weights
        self._values = values
        self._at_ms = at_ms
        self._chances = [bits(chance) for chance in rarity.chances(values, but)]
        self._rows: list[tuple[int, float, float]] = []
        self._novelty: dict[int, tuple[bool, float]] = {}
        for place, value in enumerate(values):
            if value is None or logarithms.fields[place] is None:
                continue
            novel, expected = rarity.novelty(place, value, but)
            share = bits(expected if novel else 1 - expected)
            self._novelty[place] = novel, share
            differs = logarithms.other[place] + logarithms.new[place][novel] - share
            self._rows.append((place, self._chances[place], differs))
        self._compared = tuple(value if place in self._novelty else _NOTHING for place, value in enumerate(values))
        self._shown = sum(1 << place for place in self._novelty)
        # other places say the same closely as at a glance, unless the browser had the value before
        self._telling = tuple(place for place in self._novelty if _tells_more(place, values[place]))
        self._tables: dict[tuple[int, int], _Table] = {}

    @property
    def most(self) -> float:
        """Bits of a browser that looked exactly like this a moment ago: more cannot be had."""
        return math.fsum(self._table(0, 0).same) + self._log.together[0]

    def score(self, states: Sequence[State]) -> float:
        """Return the bits for a browser at a glance, by its current state alone; `look_closely` may find others."""
        state = states[-1]
        gap, direction = self._circumstances(state)
        table = self._table(gap, direction)
        # most of the linker's time is spent here: the comparing is left to C
        shared = list(compress(table.over, map(eq, state.values, self._compared)))
        missing = self._shown & ~state.shown
        changed = len(self._rows) - len(shared) - missing.bit_count() - abs(direction)
        total = table.changed + sum(shared) + self._log.together[changed] + self._passed(state)
        return total - sum(table.differs[place] for place in _places(missing)) if missing else total

    def reach(self, states: Sequence[State], glance: float) -> float:
        """Return how many bits a closer look may find at most for a browser that has so many at a glance."""
        if len(states) > 1:
            return math.inf
        return glance + self._table(*self._circumstances(states[-1])).hidden

    def look_closely(self, states: Sequence[State], glance: float) -> float:
        """Return the bits for a browser with all that can be found: texts nearly the same, values that it had before.

        `glance` is its score.
        """
        state = states[-1]
        table = self._table(*self._circumstances(state))
        for place in self._telling if len(states) == 1 else self._novelty:
            value, before = self._values[place], state.values[place]
            if before is not None and value is not None and before != value:
                glance += self._changed(place, value, before, states)[1] - table.differs[place]
        return glance

    def explain(self, states: Sequence[State]) -> tuple[Evidence, ...]:
        """Return the evidence for a browser, one a field and one for their number; `look_closely` gives their sum."""
        state = states[-1]
        gap, direction = self._circumstances(state)
        table = self._table(gap, direction)
        told: list[Evidence] = []
        changed = -abs(direction)
        for place, before in enumerate(state.values):
            value = self._values[place]
            if before is None and value is None:
                continue
            if place not in self._novelty or before is None or value is None:
                told.append(Evidence(NAMES[place], "missing", 0.0))
            elif before == value:
                told.append(Evidence(NAMES[place], "same", table.same[place]))
            else:
                changed += 1
                told.append(Evidence(NAMES[place], *self._changed(place, value, before, states)))
        told.append(Evidence(TOGETHER, "changed" if changed else "same", self._log.together[changed]))
        told.append(Evidence(GAP, "passed", self._passed(state)))
        return tuple(told)

    def _changed(self, place: int, value: Value, before: Value, states: Sequence[State]) -> tuple[Outcome, float]:
        gap, direction = self._circumstances(states[-1])
        differs = self._table(gap, direction).differs[place]
        if FIELDS[place].kind == "version" and (newer := is_newer(value, before)) is not None:
            return ("newer", differs) if newer else ("older", self._log.backward)
        if any(value == state.values[place] for state in states[:-1]):
            back = self._log.moves[direction][gap][place] + self._log.back[place] - self._chances[place]
            return "earlier", max(differs, min(back, 0.0))
        if FIELDS[place].kind == "text" and alike(value, before):
            return "similar", max(differs, self._nearly(place, gap, direction))
        return "changed", differs

    def _nearly(self, place: int, gap: int, direction: int) -> float:
        """Return the bits of a text that is nearly the same."""
        novel, share = self._novelty[place]
        return self._log.moves[direction][gap][place] + self._log.nearly[place][novel] - share

    def _passed(self, state: State) -> float:
        days, power = self._weights.silence
        return -power * math.log2(1 + abs(self._at_ms - state.last_ms) / DAY_MS / days)

    def _circumstances(self, state: State) -> tuple[int, int]:
        """Return the gap's place, and whether the browser's version went up (1) or down (-1) in it."""
        old, new = state.values[_VERSION], self._values[_VERSION]
        direction = 0
        if old != new and old is not None and new is not None and (newer := is_newer(new, old)) is not None:
            direction = 1 if newer else -1
        return self._weights.gap(abs(self._at_ms - state.last_ms) / DAY_MS), direction

    def _table(self, gap: int, direction: int) -> _Table:
        found = self._tables.get((gap, direction))
        if found is None:
            stays, moves = self._log.stays[direction][gap], self._log.moves[direction][gap]
            same, differs = [0.0] * len(NAMES), [0.0] * len(NAMES)
            for place, chance, other in self._rows:
                same[place], differs[place] = stays[place] - chance, moves[place] + other
            if direction:
                differs[_VERSION] = self._moved(gap, direction)
            over = tuple([one - other for one, other in zip(same, differs, strict=True)])
            hidden = sum(max(self._closely(place, gap, direction) - differs[place], 0.0) for place in self._telling)
            found = self._tables[gap, direction] = _Table(tuple(same), tuple(differs), over, sum(differs), hidden)
        return found

    def _closely(self, place: int, gap: int, direction: int) -> float:
        return self._log.backward if FIELDS[place].kind == "version" else self._nearly(place, gap, direction)

    def _moved(self, gap: int, direction: int) -> float:
        """Return the bits of a version that went up or down.

        One that hardly anybody has yet is no evidence: everybody will have it soon.
        """
        up = min(self._log.next[gap] - self._chances[_VERSION], 0.0)
        return up if direction > 0 else self._log.backward
