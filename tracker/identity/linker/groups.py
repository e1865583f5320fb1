"""Sets of browsers by key, made for very many keys of which most hold one browser."""

from collections.abc import Hashable, Reversible, Sized
from typing import Protocol


class Browsers(Reversible[int], Sized, Protocol):
    """Some browsers, in the order in which they came."""


class Groups:
    """Browsers by key; one alone under a key stands there without a set of its own."""

    def __init__(self) -> None:
        self._held: dict[Hashable, int | dict[int, None]] = {}

    def add(self, key: Hashable, browser: int) -> None:
        """Put a browser under a key."""
        held = self._held.setdefault(key, browser)
        if isinstance(held, dict):
            held[browser] = None
        elif held != browser:
            self._held[key] = {held: None, browser: None}

    def remove(self, key: Hashable, browser: int) -> None:
        """Take a browser from under a key, if it is there."""
        held = self._held.get(key)
        if isinstance(held, dict):
            held.pop(browser, None)
            if not held:
                del self._held[key]
        elif held == browser:
            del self._held[key]

    def of(self, key: Hashable) -> Browsers:
        """Return the browsers under a key, in the order in which they came."""
        held = self._held.get(key)
        return () if held is None else (held,) if isinstance(held, int) else held
