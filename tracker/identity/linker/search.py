"""Finds and weighs those known browsers that a fingerprint may be of."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from tracker.identity.linker.blocking import CAP, Candidates
from tracker.identity.linker.fields import Values
from tracker.identity.linker.memory import Memory, State
from tracker.identity.linker.scoring import Evidence, Logarithms, Scorer
from tracker.identity.linker.weights import Weights

_CLOSELY = 4  # candidates that are looked at closely: texts nearly the same, values of earlier states

_AT_LEAST = 256  # browsers that are about on any site
_NOBODY = 2.0**-60


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known browser, with the evidence that a fingerprint is its and the sum of that."""

    browser: int
    bits: float
    evidence: tuple[Evidence, ...]


class Search:
    """Looks in the memory by the weights."""

    def __init__(self, memory: Memory, weights: Weights) -> None:
        self.memory = memory
        self._logarithms = Logarithms(weights)

    def scorer(self, values: Values, at_ms: int, but: Values | None = None) -> Scorer:
        """Return what weighs browsers against a fingerprint; one that looks like `but` does not count as another."""
        return Scorer(self._logarithms, values, self.memory.rarity, at_ms, but)

    def needed(self, sure: float) -> float:
        """Return how many bits a link needs: so many that one of all known is told, and to be sure.

        A site that knows few browsers as yet has more visitors than those.
        """
        return sure + math.log2(max(len(self.memory.states), _AT_LEAST))

    def candidates(self, values: Values, enough: int, enough_beside: int | None = None) -> tuple[Candidates, bool]:
        """Return who may be meant, and whether there were too many to look at all of them.

        Fewer (`enough_beside`) are enough where one looks exactly like this. None at all are
        returned where more than a block may hold look exactly like this.
        """
        exact = self.memory.holders(values)
        if len(exact) > CAP:
            return {}, True
        found, capped = self.memory.blocks.candidates(
            values, enough_beside if exact and enough_beside is not None else enough
        )
        found.update(dict.fromkeys(exact, 1.0))
        return found, capped

    def closest(
        self, scorer: Scorer, candidates: Candidates, only: Callable[[tuple[State, ...]], bool] | None = None
    ) -> tuple[list[Candidate], float]:
        """Return the best few, the best one first, and how many bits the first has over all others together.

        A hundred that are each a little less likely than the best may be likelier together.
        """
        states = self.memory.states
        scored = sorted((-scorer.score(states[one]), one) for one in candidates if only is None or only(states[one]))
        weighed = [(one, scorer.explain(states[one])) for _, one in scored[:_CLOSELY]]
        found = sorted(
            (Candidate(one, math.fsum(item.bits for item in evidence), evidence) for one, evidence in weighed),
            key=lambda candidate: (-candidate.bits, candidate.browser),
        )
        others = [(other.bits, candidates[other.browser]) for other in found[1:]]
        others += [(-score, candidates[one]) for score, one in scored[_CLOSELY:]]
        if not others:
            return found, math.inf
        best = found[0].bits
        return found, -math.log2(math.fsum(many * 2 ** min(bits - best, 0.0) for bits, many in others) + _NOBODY)
