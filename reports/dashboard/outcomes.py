"""What became of the beacons that were sent for a site: counted, or not and why, in an owner's words."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from tracker.store.base import EventStore

TITLES = {
    "loaded": "Counted",
    "duplicate": "Sent twice, counted once",
    "dropped": "Left out",
    "dead": "Not readable",
    "refused": "Refused at the door",
}


@dataclass(frozen=True)
class Outcome:
    """How many events met one end; `reason` is the house's own word for it."""

    title: str
    reason: str
    events: int


def outcomes(store: EventStore, site_id: int) -> Sequence[Outcome] | None:
    """Return what became of a site's events, the good end first; None when the store does not answer."""
    try:
        tallies = store.tallies()
    except Exception:
        structlog.get_logger("footfall.pages").exception("tallies failed")
        return None
    order = list(TITLES)
    mine = [(outcome, reason, events) for (site, outcome, reason), events in tallies.items() if site == site_id]
    mine.sort(key=lambda one: (order.index(one[0]) if one[0] in order else len(order), -one[2]))
    return [Outcome(TITLES.get(outcome, outcome), reason.replace("_", " "), events) for outcome, reason, events in mine]
