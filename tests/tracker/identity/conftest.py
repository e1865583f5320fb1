"""Noon of a day on which nothing moves but what a test moves."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.tracker.identity.asking import NOON


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as moving:
        yield moving
