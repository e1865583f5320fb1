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
class Closest:
    """The known browser that a fingerprint is most likely of, with the evidence, if that is enough, and the sum of it.

    `margin` is how many more bits it has than all others together.
    """

    browser: int
    bits: float
    margin: float
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
        self,
        scorer: Scorer,
        candidates: Candidates,
        enough: float,
        only: Callable[[tuple[State, ...]], bool] | None = None,
    ) -> Closest | None:
        """Return the most likely one; None when there are none.

        Where none can have `enough` bits, it is told at a glance, without evidence. A hundred that are each
        a little less likely than the best may be likelier together.
        """
        states = self.memory.states
        scored = sorted((-scorer.score(states[one]), one) for one in candidates if only is None or only(states[one]))
        if not scored:
            return None
        scored, rest = scored[:_CLOSELY], scored[_CLOSELY:]
        if max(scorer.reach(states[one], -less) for less, one in scored) >= enough:
            scored = sorted((-scorer.look_closely(states[one], -less), one) for less, one in scored)
        (best, browser), *others = scored
        margin = math.inf
        if others:
            likely = math.fsum(candidates[one] * 2 ** min(best - less, 0.0) for less, one in (*others, *rest))
            margin = -math.log2(likely + _NOBODY)
        evidence = scorer.explain(states[browser]) if -best >= enough else ()
        return Closest(browser, -best, margin, evidence)
