"""What the linker keeps of the browsers that it knows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.identity.linker.blocking import Blocks
from tracker.identity.linker.fields import Values
from tracker.identity.linker.groups import Browsers, Groups
from tracker.identity.linker.rarity import Rarity
from tracker.identity.linker.weights import Weights

KEPT = 3
"""Last states kept of a browser, beside its first: fields that change go back to where they were."""


@dataclass(slots=True)
class State:
    """How a browser looked, from when to when, and how often it was seen so.

    `shown` has a bit for each place that is not missing.
    """

    values: Values
    first_ms: int
    last_ms: int
    visits: int = 1
    shown: int = field(init=False)

    def __post_init__(self) -> None:
        self.shown = sum(1 << place for place, value in enumerate(self.values) if value is not None)


class Memory:
    """Known browsers: their first state and the last ones (the current one last), and the ways to find them."""

    def __init__(self, weights: Weights) -> None:
        self.states: dict[int, tuple[State, ...]] = {}
        self.rarity = Rarity(weights)
        self.blocks = Blocks()
        self._exact = Groups()

    def note(self, browser: int, values: Values, at_ms: int) -> None:
        """Keep that a browser looked like this at a time; what comes late does not become its current state."""
        states = self.states.get(browser, ())
        for state in states:
            if state.values == values:
                state.first_ms, state.last_ms = min(state.first_ms, at_ms), max(state.last_ms, at_ms)
                state.visits += 1
                if state is states[-1] and state.first_ms != at_ms:
                    return  # the order of states is what it was
                break
        else:
            states = (*states, State(values, at_ms, at_ms))
        self._put(browser, states)

    def forget(self, browser: int) -> None:
        """Keep nothing more of a browser; nothing happens when it is not known."""
        self._put(browser, ())

    def join(self, earlier: int, later: int) -> None:
        """Know two browsers as one, by the id of the earlier."""
        states: dict[Values, State] = {}
        for state in (*self.states.get(earlier, ()), *self.states.get(later, ())):
            if same := states.get(state.values):
                same.first_ms, same.last_ms = min(same.first_ms, state.first_ms), max(same.last_ms, state.last_ms)
                same.visits += state.visits
            else:
                states[state.values] = state
        self.forget(later)
        self._put(earlier, states.values())

    def part(self, browser: int, values: Values, into: int) -> None:
        """Know one state of a browser as that of another, new one."""
        states = self.states.get(browser, ())
        leaving = [state for state in states if state.values == values]
        self._put(browser, [state for state in states if state.values != values])
        self._put(into, [*self.states.get(into, ()), *leaving])

    def holders(self, values: Values) -> Browsers:
        """Return the browsers of which a kept state is exactly this."""
        return self._exact.of(values)

    def _put(self, browser: int, states: Iterable[State]) -> None:
        """Set what is kept of a browser."""
        by_time = sorted(states, key=lambda state: state.last_ms)
        first = min(by_time, key=lambda state: state.first_ms, default=None)
        kept = tuple(state for left, state in enumerate(reversed(by_time)) if left < KEPT or state is first)[::-1]
        before = self.states.pop(browser, ())
        if kept:
            self.states[browser] = kept
        old, new = ([state.values for state in some] for some in (before, kept))
        for values in old:
            if values not in new:
                self._exact.remove(values, browser)
        for values in new:
            if values not in old:
                self._exact.add(values, browser)
        if old[-1:] != new[-1:]:
            self._file(browser, old[-1:], -1)
            self._file(browser, new[-1:], 1)

    def _file(self, browser: int, current: list[Values], by: int) -> None:
        for values in current:
            self.rarity.count(values, by)
            if by > 0:
                self.blocks.add(browser, values)
            else:
                self.blocks.remove(browser, values)
