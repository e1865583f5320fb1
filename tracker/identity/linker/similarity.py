"""Judges two fingerprints of which only similarities are known, field by field from 0 to 1: Fellegi-Sunter again.

For labelled pairs whose values nobody has any more, or may not have.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.identity.linker.scoring import Evidence, Outcome
from tracker.identity.linker.weights import bits

LEVELS = (0.5, 0.75, 0.9, 0.99999)
"""Similarities are taken for one of five levels, of which these are the lower ends but the first."""

_SMOOTHING = 1.0  # pairs that each level is held to have besides those seen

Similarities = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether two fingerprints are of one browser; `evidence` adds up to `bits`, which must reach the limit."""

    same: bool
    bits: float
    evidence: tuple[Evidence, ...]


class SimilarityJudge:
    """Weighs levels of similarity by how often each is seen in pairs of one browser and of two."""

    def __init__(self, pairs: Iterable[tuple[Similarities, bool]]) -> None:
        """Learn from labelled pairs: the bits of each level, and the limit with the best F1 on those pairs."""
        seen: dict[bool, Counter[tuple[str, int]]] = {True: Counter(), False: Counter()}
        known = [(similarities, same) for similarities, same in pairs]
        for similarities, same in known:
            seen[same].update((field, level_of(value)) for field, value in similarities.items())
        all_ = {same: Counter(dict.fromkeys((field for field, _ in counts), 0)) for same, counts in seen.items()}
        for same, counts in seen.items():
            for (field, _), number in counts.items():
                all_[same][field] += number
        smooth = _SMOOTHING * (len(LEVELS) + 1)
        self._bits = {
            (field, level): bits((seen[True][field, level] + _SMOOTHING) / (all_[True][field] + smooth))
            - bits((seen[False][field, level] + _SMOOTHING) / (all_[False][field] + smooth))
            for field in {field for counts in seen.values() for field, _ in counts}
            for level in range(len(LEVELS) + 1)
        }
        self.limit = _best_limit([(self._score(similarities), same) for similarities, same in known])

    def judge(self, similarities: Similarities) -> Judged:
        """Tell whether they are of one browser; fields that were not learned of are left out."""
        evidence = tuple(
            Evidence(field, _outcome(level_of(value)), self._bits[field, level_of(value)])
            for field, value in similarities.items()
            if (field, 0) in self._bits
        )
        total = sum(item.bits for item in evidence)
        return Judged(total >= self.limit, total, evidence)

    def _score(self, similarities: Similarities) -> float:
        return sum(self._bits.get((field, level_of(value)), 0.0) for field, value in similarities.items())


def level_of(similarity: float) -> int:
    """Return the level of a similarity, from 0 to the number of LEVELS."""
    return sum(similarity >= end for end in LEVELS)


def _outcome(level: int) -> Outcome:
    return "same" if level == len(LEVELS) else "similar" if level >= len(LEVELS) // 2 else "changed"


def _best_limit(scored: Iterable[tuple[float, bool]]) -> float:
    """Return the bits from which on pairs are taken for one browser, by F1."""
    by_bits = sorted(scored, reverse=True)
    same = sum(label for _, label in by_bits)
    best, limit, right = -1.0, 0.0, 0
    for taken, (score, label) in enumerate(by_bits, 1):
        right += label
        f1 = 2 * right / (taken + same)
        if f1 > best:
            best, limit = f1, score
    return limit
