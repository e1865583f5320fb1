"""Reads what a browser keeps under consent: the mark, `<16 hex digits>.<day of issue>[.<day>]`.

Days are counted since 1970 and written in base 36. The third part is the snippet's own note
of when it last looked at the browser.
"""

import re
from dataclasses import dataclass
from datetime import datetime

DENIED = "denied"
LASTS_DAYS = 395  # 13 months, as France's CNIL allows a tracker to live; never extended
_MARK = re.compile(r"([0-9a-f]{16})\.([0-9a-z]{1,5})(?:\.[0-9a-z]{1,5})?")
_AHEAD_DAYS = 1  # a browser's calendar may be a day before ours


@dataclass(frozen=True, slots=True)
class Mark:
    """A first-party id, and for how many days it has been kept."""

    first_party: str
    age_days: int


def read_mark(text: str | None, now: datetime) -> Mark | None:
    """Return the mark in `text` if it is one and not yet over; None otherwise."""
    found = _MARK.fullmatch(text) if text else None
    if found is None:
        return None
    age = _day(now) - int(found[2], 36)
    return Mark(found[1], max(age, 0)) if -_AHEAD_DAYS <= age <= LASTS_DAYS else None


def _day(moment: datetime) -> int:
    return int(moment.timestamp() // 86_400)
