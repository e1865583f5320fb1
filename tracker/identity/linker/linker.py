"""Tells which known browser a fingerprint is of, and why; or that it cannot be told."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tracker.identity.linker.fields import Value, Values, values_of
from tracker.identity.linker.memory import Memory
from tracker.identity.linker.scoring import Evidence, Logarithms, Scorer
from tracker.identity.linker.weights import Weights

Reason = Literal["linked", "unknown", "ambiguous", "too_common"]
"""`unknown`: looks like none that is known; `ambiguous`: like more than one; `too_common`: like
too many that may be about for it to be told, known or not."""

_ENOUGH, _ENOUGH_BESIDE = 32, 8  # candidates, without and beside one who looks exactly like this
_CLOSELY = 4  # candidates that are looked at closely: texts nearly the same, values of earlier states


@dataclass(frozen=True, slots=True)
class Link:
    """Which browser a fingerprint is of: None when it is new or cannot be told, for this reason.

    `bits` speak for the closest known browser, `needed` is how many it takes; `margin` is how
    many more it has than the runner-up (infinite when there is none). `evidence` is the closest
    one's, and its bits add up to `bits`.
    """

    browser: int | None
    reason: Reason
    bits: float = 0.0
    needed: float = 0.0
    margin: float = math.inf
    evidence: tuple[Evidence, ...] = ()
    closest: int | None = None


class Linker:
    """Knows browsers by how they last looked. Deterministic: the same calls give the same answers."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._logarithms = Logarithms(weights)
        self._memory = Memory(weights)

    def __len__(self) -> int:
        return len(self._memory.states)

    def __contains__(self, browser: object) -> bool:
        return browser in self._memory.states

    def learn_of(self, browser: int, fingerprint: Mapping[str, Value], at_ms: int) -> None:
        """Note that a browser, known or not, looked like this at a time."""
        self._memory.note(browser, values_of(fingerprint), at_ms)

    def forget(self, browser: int) -> None:
        """Know a browser no longer."""
        self._memory.forget(browser)

    def link(self, fingerprint: Mapping[str, Value], at_ms: int) -> Link:
        """Tell which known browser this is; changes nothing."""
        return self.link_values(values_of(fingerprint), at_ms)

    def link_values(self, values: Values, at_ms: int, but: Iterable[int] = ()) -> Link:
        """Tell it of `values_of` a fingerprint, some browsers left out."""
        memory = self._memory
        scorer = Scorer(self._logarithms, values, memory.rarity, at_ms)
        needed = self.weights.sure + math.log2(max(len(memory.states), 1))
        if scorer.most < needed:
            return Link(None, "too_common", needed=needed)
        exact = memory.holders(values)
        candidates, capped = memory.blocks.candidates(values, _ENOUGH_BESIDE if exact else _ENOUGH)
        candidates.update(dict.fromkeys(exact))
        for one in but:
            candidates.pop(one, None)
        scored = sorted((-scorer.score(memory.states[one]), one) for one in candidates)
        closely = sorted(
            (
                (sum(item.bits for item in evidence), one, evidence)
                for _, one in scored[:_CLOSELY]
                for evidence in [scorer.explain(memory.states[one])]
            ),
            key=lambda found: (-found[0], found[1]),
        )
        if not closely:
            return Link(None, "too_common" if capped else "unknown", needed=needed)
        bits, best, evidence = closely[0]
        margin = bits - closely[1][0] if len(closely) > 1 else math.inf
        reason: Reason = "linked"
        if bits < needed:
            reason = "unknown"
        elif margin < self.weights.margin:
            reason = "ambiguous"
        return Link(best if reason == "linked" else None, reason, bits, needed, margin, evidence, best)
