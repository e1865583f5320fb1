"""Tells which known browser a fingerprint is of, and why; or that it cannot be told."""

from collections.abc import Mapping

from tracker.identity.linker.fields import NAMES, Value, values_of
from tracker.identity.linker.links import Link, Reason, Reconsidered
from tracker.identity.linker.memory import Memory
from tracker.identity.linker.reconsidering import joined, parted
from tracker.identity.linker.search import Search
from tracker.identity.linker.weights import Weights

_ENOUGH, _ENOUGH_BESIDE = 16, 8  # candidates, without and beside one who looks exactly like this


class Linker:
    """Knows browsers by how they last looked. Deterministic: the same calls give the same answers.

    Times are in milliseconds since 1970. Ids of browsers are the caller's. Not for several threads.
    """

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._memory = Memory(weights)
        self._search = Search(self._memory, weights)

    def __len__(self) -> int:
        return len(self._memory.states)

    def __contains__(self, browser: object) -> bool:
        return browser in self._memory.states

    def learn_of(self, browser: int, fingerprint: Mapping[str, Value], at_ms: int) -> None:
        """Note that a browser, known or not, looked like this at a time."""
        self._memory.note(browser, values_of(fingerprint), at_ms)

    def forget(self, browser: int) -> None:
        """Know a browser no longer; nothing happens when it is not known."""
        self._memory.forget(browser)

    def link(self, fingerprint: Mapping[str, Value], at_ms: int) -> Link:
        """Tell which known browser this is; changes nothing.

        What is `unknown` or `ambiguous` is best learned of as a new browser, which `reconsider` may
        join to its past later; what is `too_common` is best not learned of.
        """
        values, search = values_of(fingerprint), self._search
        scorer = search.scorer(values, at_ms)
        needed = search.needed(self.weights.sure)
        if scorer.most < search.needed(self.weights.distinct):
            return Link(None, "too_common", needed=needed)
        candidates, capped = search.candidates(values, _ENOUGH, _ENOUGH_BESIDE)
        best = search.closest(scorer, candidates, needed)
        if best is None:
            return Link(None, "too_common" if capped else "unknown", needed=needed)
        reason: Reason = "linked"
        if best.bits < needed:
            reason = "unknown"
        elif best.margin < self.weights.margin:
            reason = "ambiguous"
        browser = best.browser if reason == "linked" else None
        return Link(browser, reason, best.bits, needed, best.margin, best.evidence, best.browser)

    def reconsider(self, since_ms: int = 0) -> Reconsidered:
        """Tell which links made since a time are to be added and taken back, now that more is known; changes nothing.

        `join` and `part` put them into force here.
        """
        recent = [one for one, states in self._memory.states.items() if states[-1].last_ms >= since_ms]
        return Reconsidered(
            tuple(joined(self._search, self.weights, recent, since_ms)),
            tuple(found for one in recent for found in parted(self._search, self.weights, one)),
        )

    def join(self, earlier: int, later: int) -> None:
        """Know two browsers as one from now on, by the id of the earlier."""
        self._memory.join(earlier, later)

    def part(self, browser: int, looks: Mapping[str, Value], into: int) -> None:
        """Know a state of a browser, as Parted.looks has it, as that of another from now on."""
        self._memory.part(browser, tuple(looks.get(name) for name in NAMES), into)
