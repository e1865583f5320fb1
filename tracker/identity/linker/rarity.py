"""How common values are among the known browsers: counted as they come, so that hashed values do as well."""

from typing import Any

from tracker.identity.linker.fields import FIELDS, PLACE, SYSTEMS, Value, Values, system_of
from tracker.identity.linker.weights import Weights

_STRENGTH = 4.0  # so many browsers is what the learned probability counts for beside those counted
_BESIDE = tuple(tuple(PLACE[name] for name in field.beside) for field in FIELDS)


class Rarity:
    """Counts of values, and of values beside others; says how likely another browser is to show a value."""

    def __init__(self, weights: Weights) -> None:
        learned = [weights.fields.get(field.name) for field in FIELDS]
        self._agree = [one.agree if one else 1.0 for one in learned]
        self._beside = {
            system: [one.systems.get(system, one.beside) if one else 1.0 for one in learned]
            for system in (*SYSTEMS, "other")
        }
        self._all = [0] * len(FIELDS)
        self._single = [0] * len(FIELDS)
        self._counts: list[dict[Value, int]] = [{} for _ in FIELDS]
        self._beside_all: list[dict[Values, int]] = [{} for _ in FIELDS]
        self._beside_counts: list[dict[Values, int]] = [{} for _ in FIELDS]

    def count(self, values: Values, by: int) -> None:
        """Note that a browser looks like this (`by` 1) or does so no longer (-1)."""
        for place, value in enumerate(values):
            if value is None:
                continue
            self._all[place] += by
            left = _add(self._counts[place], value, by)
            self._single[place] += _is_single(left) - _is_single(left - by)
            if _BESIDE[place]:
                beside = tuple([values[other] for other in _BESIDE[place]])
                _add(self._beside_all[place], beside, by)
                _add(self._beside_counts[place], (*beside, value), by)

    def chances(self, values: Values, but: Values | None = None) -> list[float]:
        """Return by place how likely a browser that is none of those known shows this value beside the others.

        One holder is left out of the count, the one that it is compared with, and one more who
        looks like `but`. Missing fields are 1.
        """
        found = [1.0] * len(values)
        expected_beside = self._beside[system_of(values)]
        for place, value in enumerate(values):
            if value is None:
                continue
            less = 2 if but and but[place] == value else 1
            others = max(self._counts[place].get(value, 0) - less, 0)
            everybody = max(self._all[place] - less, 0)
            chance = (others + _STRENGTH * self._agree[place]) / (everybody + _STRENGTH)
            if _BESIDE[place]:
                beside = tuple([values[other] for other in _BESIDE[place]])
                if less == 2 and but and beside != tuple([but[other] for other in _BESIDE[place]]):
                    less = 1
                others = max(self._beside_counts[place].get((*beside, value), 0) - less, 0)
                everybody = max(self._beside_all[place].get(beside, 0) - less, 0)
                expected = max(chance, expected_beside[place])
                chance = (others + _STRENGTH * expected) / (everybody + _STRENGTH)
            found[place] = min(chance, 1.0)
        return found

    def novelty(self, place: int, value: Value, but: Values | None = None) -> tuple[bool, float]:
        """Tell whether nobody known shows a value, and how likely a browser that is not known shows such a one.

        The latter is the share of values with one holder (Good and Turing's estimate). One that
        looks like `but` does not count.
        """
        strength = _STRENGTH * 0.5
        holders = self._counts[place].get(value, 0) - (1 if but and but[place] == value else 0)
        return holders <= 0, (self._single[place] + strength) / (self._all[place] + _STRENGTH)


def _add(counts: dict[Any, int], key: Any, by: int) -> int:
    left = counts.get(key, 0) + by
    if left > 0:
        counts[key] = left
    else:
        counts.pop(key, None)
    return left


def _is_single(count: int) -> int:
    return 1 if count == 1 else 0
