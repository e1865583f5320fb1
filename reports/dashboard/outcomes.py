"""What became of the beacons that were sent for a site: counted, or not and why, in an owner's words."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from tracker.languages import gettext, marked
from tracker.store.base import EventStore

TITLES = {
    "loaded": marked("Counted"),
    "duplicate": marked("Sent twice, counted once"),
    "dropped": marked("Left out"),
    "dead": marked("Not readable"),
    "refused": marked("Refused at the door"),
}
# Why, by the house's own word for it; a reason that is not here is shown by that word.
REASONS = {
    "bot": marked("bot"),
    "closing": marked("closing"),
    "commit_failed": marked("commit failed"),
    "content_type": marked("content type"),
    "database": marked("database"),
    "disabled_site": marked("disabled site"),
    "length_required": marked("length required"),
    "malformed": marked("malformed"),
    "no_space": marked("no space"),
    "origin": marked("origin"),
    "queue_full": marked("queue full"),
    "rate": marked("rate"),
    "schema": marked("schema"),
    "spool_full": marked("spool full"),
    "step": marked("step"),
    "store": marked("store"),
    "too_large": marked("too large"),
    "too_slow": marked("too slow"),
    "unknown_site": marked("unknown site"),
    "unreadable": marked("unreadable"),
    "url": marked("url"),
}


@dataclass(frozen=True)
class Outcome:
    """How many events met one end, and why."""

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
    return [Outcome(_title(outcome), _reason(reason), events) for outcome, reason, events in mine]


def _title(outcome: str) -> str:
    return gettext(TITLES[outcome]) if outcome in TITLES else outcome


def _reason(text: str) -> str:
    """Say why, and of which field where a sender's field was wrong: schema url."""
    reason, _, field = text.partition(" ")
    said = gettext(REASONS[reason]) if reason in REASONS else reason.replace("_", " ")
    return gettext("%(reason)s %(field)s", reason=said, field=field.replace("_", " ")) if field else said
