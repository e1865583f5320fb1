"""Limits how often one address may call on one site, and a site be called at all, in bounded memory."""

import math
import time
from array import array
from collections.abc import Callable, Hashable

_SLOTS = 65_536
_BURST_S = 10.0
_ROUNDING_S = 1e-6


class Rate:
    """At most `per_second` on average, with a burst of ten seconds' worth; 0 sets no limit.

    A key is only remembered as the slot that it hashes to, which holds the time at which
    its bucket will be full again. So memory never grows and no address is kept; two keys in
    one slot share a bucket, which Python's secret hash keeps from being arranged.
    """

    def __init__(self, per_second: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap_s = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._full_at = array("d", bytes(8 * _SLOTS)) if per_second else array("d")

    def wait_s(self, key: Hashable) -> int:
        """Count one call under `key` and return 0, or the whole seconds after which it may come again."""
        if not self._gap_s:
            return 0
        now = self._clock()
        slot = hash(key) % _SLOTS
        full_at = max(self._full_at[slot], now) + self._gap_s
        if full_at - now > _BURST_S + _ROUNDING_S:
            return max(1, math.ceil(full_at - now - _BURST_S))
        self._full_at[slot] = full_at
        return 0


class Rates:
    """Both limits of the door."""

    def __init__(self, address_rate: int, site_rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._addresses = Rate(address_rate, clock)
        self._sites = Rate(site_rate, clock)

    def wait_s(self, address: bytes, site_id: int) -> int:
        """Count one call and return 0, or the seconds after which it may come again."""
        return self._addresses.wait_s((address, site_id)) or self._sites.wait_s(site_id)
