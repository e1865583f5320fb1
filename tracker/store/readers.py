"""Counts who reads, so that what is read can be exchanged while nobody does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.store.base import StoreDownError

PATIENCE_S = 60.0  # a report's query is stopped long before


class Readers:
    """Lets many read at once, or one who wants that nobody does."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._reading = 0
        self._waiting = False

    @contextmanager
    def one(self) -> Iterator[None]:
        """Read, as soon as nobody wants to be alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting)
            self._reading += 1
        try:
            yield
        finally:
            with self._changed:
                self._reading -= 1
                self._changed.notify_all()

    @contextmanager
    def none(self, patience_s: float = PATIENCE_S) -> Iterator[None]:
        """Be alone: those who read end first, those who come wait. StoreDownError when one of them does not end."""
        with self._changed:
            self._waiting = True
            try:
                if not self._changed.wait_for(lambda: self._reading == 0, patience_s):
                    raise StoreDownError(f"a query has gone on for {patience_s:g} s; nothing was changed")
                yield
            finally:
                self._waiting = False
                self._changed.notify_all()
