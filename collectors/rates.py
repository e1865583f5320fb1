"""Limits how often one address may call on one site, and a site be called at all."""

import time
from collections.abc import Callable

from tracker.rate import Rate

_AS_MUCH_UNREAD = 2  # times as often as to one site may an address send what is dear to read, to all sites together


class Rates:
    """The limits of the door."""

    def __init__(self, address_rate: int, site_rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._addresses = Rate(address_rate, clock=clock)
        self._sites = Rate(site_rate, clock=clock)
        self._unread = Rate(_AS_MUCH_UNREAD * address_rate, clock=clock)

    def unread_wait_s(self, address: bytes) -> int:
        """Count one call that must be read to know its site, and return as `wait_s` does."""
        return self._unread.wait_s(address)

    def wait_s(self, address: bytes, site_id: int) -> int:
        """Count one call and return 0, or the seconds after which it may come again."""
        return self._addresses.wait_s((address, site_id)) or self._sites.wait_s(site_id)
