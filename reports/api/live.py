"""What goes on at a site now, as JSON."""

import time

from flask import Response

from reports.api.bodies import answer
from reports.api.problems import problem
from reports.live import read_live
from reports.report import Ask
from tracker.clock import utc_now
from tracker.gate import current_site
from tracker.house import current_house
from tracker.store.base import QueryTimeoutError

_TIMEOUT_S = 5.0


def live(site_key: str) -> Response:
    """Answer who is there now, on which pages, from where, and what happened last."""
    ask = Ask(current_house().store, time.monotonic() + _TIMEOUT_S)
    try:
        found = read_live(current_site(), ask, utc_now())
    except QueryTimeoutError:
        return problem(504, f"This took longer than {_TIMEOUT_S:g} s.")
    return answer(found)
