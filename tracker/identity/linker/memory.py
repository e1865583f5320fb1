"""What the linker keeps of the browsers that it knows."""

from dataclasses import dataclass

from tracker.identity.linker.blocking import Blocks
from tracker.identity.linker.fields import Values
from tracker.identity.linker.rarity import Rarity
from tracker.identity.linker.weights import Weights

KEPT = 3
"""States kept of a browser, the last ones: fields that change go back to where they were."""


@dataclass(slots=True)
class State:
    """How a browser looked, from when to when, and how often it was seen so."""

    values: Values
    first_ms: int
    last_ms: int
    visits: int = 1


class Memory:
    """Known browsers: their last states (the current one last), and the ways to find them."""

    def __init__(self, weights: Weights) -> None:
        self.states: dict[int, tuple[State, ...]] = {}
        self.rarity = Rarity(weights)
        self.blocks = Blocks()
        self._exact: dict[Values, tuple[int, ...]] = {}

    def note(self, browser: int, values: Values, at_ms: int) -> None:
        """Keep that a browser looked like this at a time; what comes late does not become its current state."""
        states = self.states.get(browser, ())
        for state in states:
            if state.values == values:
                state.first_ms, state.last_ms = min(state.first_ms, at_ms), max(state.last_ms, at_ms)
                state.visits += 1
                break
        else:
            states = (*states, State(values, at_ms, at_ms))
            self._exact[values] = (*self._exact.get(values, ()), browser)
        self._put(browser, tuple(sorted(states, key=lambda state: state.last_ms)))

    def forget(self, browser: int) -> None:
        """Keep nothing more of a browser; nothing happens when it is not known."""
        if browser in self.states:
            self._put(browser, ())
            del self.states[browser]

    def holders(self, values: Values) -> tuple[int, ...]:
        """Return the browsers of which a kept state is exactly this."""
        return self._exact.get(values, ())

    def _put(self, browser: int, states: tuple[State, ...]) -> None:
        before = self.states.get(browser, ())
        kept = states[-KEPT:]
        if dropped := {state.values for state in (*before, *states)} - {state.values for state in kept}:
            for values in dropped:
                left = tuple(one for one in self._exact.get(values, ()) if one != browser)
                if left:
                    self._exact[values] = left
                else:
                    self._exact.pop(values, None)
        old, new = (one[-1].values if one else None for one in (before, kept))
        if old != new:
            if old is not None:
                self.rarity.count(old, -1)
                self.blocks.remove(browser, old)
            if new is not None:
                self.rarity.count(new, 1)
                self.blocks.add(browser, new)
        self.states[browser] = kept
