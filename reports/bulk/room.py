"""Room for exports that the store makes at once: few, so that reports still get its processors and memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.errors import FootfallError

MOST_AT_ONCE = 2
TRY_AGAIN_S = 30
_room = threading.BoundedSemaphore(MOST_AT_ONCE)


class NoRoomError(FootfallError):
    """As many exports are being made as may be."""


@contextmanager
def room() -> Iterator[None]:
    """Make an export; NoRoomError when others leave no room for it."""
    if not _room.acquire(blocking=False):
        raise NoRoomError(f"{MOST_AT_ONCE} exports are being made; try again in {TRY_AGAIN_S} seconds")
    try:
        yield
    finally:
        _room.release()
