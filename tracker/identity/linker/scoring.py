"""How many bits speak for a fingerprint and a known browser being one: Fellegi-Sunter, field by field."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tracker.identity.linker.fields import FIELDS, NAMES, PLACE, Value, Values, alike, is_newer
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
        self.new = [(bits(1 - one.novel), bits(one.novel)) if one else (0.0, 0.0) for one in self.fields]
        version = weights.fields[NAMES[_VERSION]]
        self.next = [bits(version.changes[gap] * version.similar) for gap in gaps]
        self.backward = bits(weights.backward)


def _stays(one: FieldWeights, direction: int, gap: int) -> float:
    return bits(1 - _rate(one, direction, gap))


def _moves(one: FieldWeights, direction: int, gap: int) -> float:
    return bits(_rate(one, direction, gap))


def _rate(one: FieldWeights, direction: int, gap: int) -> float:
    return (one.updated if direction > 0 else one.changes)[gap]


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
        self._rows: list[tuple[int, Value, float, float]] = []
        self._novelty: dict[int, tuple[bool, float]] = {}
        for place, value in enumerate(values):
            if value is None or logarithms.fields[place] is None:
                continue
            novel, expected = rarity.novelty(place, value, but)
            share = bits(expected if novel else 1 - expected)
            self._novelty[place] = novel, share
            differs = logarithms.other[place] + logarithms.new[place][novel] - share
            self._rows.append((place, value, self._chances[place], differs))
        self._tables: dict[tuple[int, int], list[tuple[int, Value, float, float]]] = {}

    @property
    def most(self) -> float:
        """Bits of a browser that looked exactly like this a moment ago: more cannot be had."""
        return sum(same for _, _, same, _ in self._table(0, 0)) + self._together(0)

    def score(self, states: Sequence[State]) -> float:
        """Return the bits for a browser by its current state alone; `explain` may find more."""
        state = states[-1]
        old = state.values
        gap, direction = self._circumstances(state)
        total, changed = 0.0, -abs(direction)
        for place, value, same, differs in self._table(gap, direction):
            if (before := old[place]) is not None:
                if before == value:
                    total += same
                else:
                    total += differs
                    changed += 1
        return total + self._together(changed) + self._passed(state)

    def explain(self, states: Sequence[State]) -> tuple[Evidence, ...]:
        """Return the evidence for a browser, one a field and one for their number; their bits are the score."""
        state = states[-1]
        gap, direction = self._circumstances(state)
        table = {place: (same, differs) for place, _, same, differs in self._table(gap, direction)}
        told: list[Evidence] = []
        changed = -abs(direction)
        for place, before in enumerate(state.values):
            value = self._values[place]
            if before is None and value is None:
                continue
            if place not in table or before is None or value is None:
                told.append(Evidence(NAMES[place], "missing", 0.0))
            elif before == value:
                told.append(Evidence(NAMES[place], "same", table[place][0]))
            else:
                changed += 1
                told.append(self._changed(place, value, before, states, table[place][1]))
        told.append(Evidence(TOGETHER, "changed" if changed else "same", self._together(changed)))
        told.append(Evidence(GAP, "passed", self._passed(state)))
        return tuple(told)

    def _changed(self, place: int, value: Value, before: Value, states: Sequence[State], differs: float) -> Evidence:
        learned, chance = self._log.fields[place], self._chances[place]
        if learned is None:
            return Evidence(NAMES[place], "missing", 0.0)
        if FIELDS[place].kind == "version" and (newer := is_newer(value, before)) is not None:
            return Evidence(NAMES[place], "newer" if newer else "older", differs if newer else self._log.backward)
        gap, direction = self._circumstances(states[-1])
        rate = self._log.moves[direction][gap][place]
        if any(value == state.values[place] for state in states[:-1]):
            return Evidence(NAMES[place], "earlier", max(differs, min(rate + bits(learned.back) - chance, 0.0)))
        if FIELDS[place].kind == "text" and alike(value, before):
            novel, share = self._novelty[place]
            newly = bits(learned.novel_similar if novel else 1 - learned.novel_similar) - share
            nearly = rate + bits(learned.similar) - bits(learned.chance) + newly
            return Evidence(NAMES[place], "similar", max(differs, nearly))
        return Evidence(NAMES[place], "changed", differs)

    def _passed(self, state: State) -> float:
        days, power = self._weights.silence
        return -power * math.log2(1 + abs(self._at_ms - state.last_ms) / DAY_MS / days)

    def _together(self, changed: int) -> float:
        together = self._weights.together
        return together[min(changed, len(together) - 1)]

    def _circumstances(self, state: State) -> tuple[int, int]:
        """Return the gap's place, and whether the browser's version went up (1) or down (-1) in it."""
        old, new = state.values[_VERSION], self._values[_VERSION]
        newer = is_newer(new, old) if old is not None and new is not None and old != new else None
        direction = 0 if newer is None else 1 if newer else -1
        return self._weights.gap(abs(self._at_ms - state.last_ms) / DAY_MS), direction

    def _table(self, gap: int, direction: int) -> list[tuple[int, Value, float, float]]:
        """Return place, value, bits when it is the same, bits when it is another, of each field that there is."""
        found = self._tables.get((gap, direction))
        if found is None:
            stays, moves = self._log.stays[direction][gap], self._log.moves[direction][gap]
            found = [
                (place, value, stays[place] - chance, moves[place] + differs)
                for place, value, chance, differs in self._rows
            ]
            if direction:
                found = [self._moved(row, gap, direction) if row[0] == _VERSION else row for row in found]
            self._tables[gap, direction] = found
        return found

    def _moved(self, row: tuple[int, Value, float, float], gap: int, direction: int) -> tuple[int, Value, float, float]:
        """Return the row of a version that went up or down.

        One that hardly anybody has yet is no evidence: everybody will have it soon.
        """
        place, value, same, _ = row
        up = min(self._log.next[gap] - self._chances[place], 0.0)
        return place, value, same, up if direction > 0 else self._log.backward
