"""A clock that stands still until a test moves it, and a noon at which all clocks do."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.kit.ground import at


class Clock:
    """What is asked for the time in seconds, as `time.monotonic` is."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """A Monday's noon that does not pass, far from where a day, a week or a month ends; to be asked for first."""
    with time_machine.travel(at("2026-03-02 12:00"), tick=False) as travelling:
        yield travelling
