"""A clock that stands still until a test moves it, a noon at which all clocks do, and what work may cost."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine

from tests.kit.ground import at


class Clock:
    """What is asked for the time in seconds, as `time.monotonic` is."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def computed_within(seconds: float) -> Iterator[None]:
    """Bound the processor's time for what is done within.

    As in the server, what is there before is kept from the garbage collector: it would look through all that other
    tests left, just then.
    """
    gc.freeze()
    began = time.thread_time()
    try:
        yield
    finally:
        gc.unfreeze()
    assert time.thread_time() - began < seconds


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """A Monday's noon that does not pass, far from where a day, a week or a month ends; to be asked for first."""
    with time_machine.travel(at("2026-03-02 12:00"), tick=False) as travelling:
        yield travelling
