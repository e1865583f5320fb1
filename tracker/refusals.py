"""Counts what was refused at the door, so that a site's owner can see it and why."""

import threading
from collections import Counter


class Refusals:
    """Refused requests by (site_id, reason); site 0 stands for an unknown site."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[int, str]] = Counter()

    def count(self, site_id: int, reason: str) -> None:
        """Note one refusal."""
        with self._lock:
            self._counts[site_id, reason] += 1

    def take(self) -> dict[tuple[int, str], int]:
        """Hand over all that was counted since the last call."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return dict(counts)
