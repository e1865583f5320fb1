"""Asks the event store within the time that a page may take."""

import time

from reports.report import Ask
from reports.run import TIMEOUT_S
from tracker.store.base import EventStore


def ask_of(store: EventStore) -> Ask:
    """Return how to ask a store: all statements of one page share its time."""
    return Ask(store, time.monotonic() + TIMEOUT_S)
