"""The rounds that find what webhooks are told of, and that send it: one process among many, each happening once.

They are two, so that slow receivers keep nothing from being found, and a slow store nothing from being sent.
"""

from collections.abc import Callable
from functools import partial

import structlog

from reports.webhooks.completions import note_completions
from reports.webhooks.new_struggles import note_new_struggles
from reports.webhooks.recorded import note_recorded
from tracker.clock import utc_now
from tracker.house import House
from tracker.webhooks.queue import forget_surplus
from tracker.webhooks.sending import send_waiting

_log = structlog.get_logger("footfall.webhooks")


def find_happenings(house: House, may_go_on: Callable[[], bool] = lambda: True) -> None:
    """Queue what happened, if this process leads."""
    if not house.leadership.hold():
        return
    now = utc_now()
    for find in (note_recorded, partial(note_completions, may_go_on=may_go_on)):
        try:
            find(house, now)
        except Exception:  # the others are found all the same
            _log.exception("webhooks could not be told of what happened")


def send_to_webhooks(house: House, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Send what waits, if this process leads; returns how many messages were tried."""
    if not house.leadership.hold():
        return 0
    tried = send_waiting(house.database, house.settings.hosts_of_ours, lambda: may_go_on() and house.leadership.hold())
    if tried:
        forget_surplus(house.database)
    return tried


def find_new_struggles(house: House, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Queue the struggles that are new, if this process leads; returns how many messages that made."""
    return note_new_struggles(house, utc_now(), may_go_on) if house.leadership.hold() else 0
