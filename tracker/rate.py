"""How often somebody may call: counted in bounded memory, by whom one likes."""

import math
import time
from array import array
from collections.abc import Callable, Hashable
from dataclasses import dataclass

CALLS_WINDOW_S = 60  # in which so many calls of the API may come as its setting says
_SLOTS = 65_536
_ROUNDING_S = 1e-6


@dataclass(frozen=True)
class Left:
    """How many calls may come at once now, and in how many seconds all may come again."""

    calls: int
    full_in_s: int


class Rate:
    """At most `per_second` on average, with a burst of `burst_s` seconds' worth; 0 sets no limit.

    A key is only remembered as the slot that it hashes to, which holds the time at which
    its bucket will be full again. So memory never grows and no address is kept; two keys in
    one slot share a bucket, which Python's secret hash keeps from being arranged.
    """

    def __init__(self, per_second: float, burst_s: float = 10.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap_s = 1 / per_second if per_second else 0.0
        self._burst_s = burst_s
        self._clock = clock
        self._full_at = array("d", bytes(8 * _SLOTS)) if per_second else array("d")

    def wait_s(self, key: Hashable) -> int:
        """Count one call under `key` and return 0, or the whole seconds after which it may come again."""
        if not self._gap_s:
            return 0
        now = self._clock()
        slot = hash(key) % _SLOTS
        full_at = max(self._full_at[slot], now) + self._gap_s
        if full_at - now > self._burst_s + _ROUNDING_S:
            return max(1, math.ceil(full_at - now - self._burst_s))
        self._full_at[slot] = full_at
        return 0

    def left(self, key: Hashable) -> Left | None:
        """Tell what `key` has left, and count nothing; None where there is no limit."""
        if not self._gap_s:
            return None
        spent_s = max(0.0, self._full_at[hash(key) % _SLOTS] - self._clock())
        calls = math.floor((self._burst_s - spent_s + _ROUNDING_S) / self._gap_s)
        return Left(max(0, calls), math.ceil(spent_s - _ROUNDING_S))
