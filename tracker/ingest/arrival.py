"""What the collector knows of a request and nobody after it may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a page said of its visitor; nothing of it is kept as it is, and much of it not at all.

    `consent` is `denied` or the mark that consent gave (see `tracker.ingest.consent`), `login` what
    the page calls the visitor, `fingerprint` what the browser looks like.
    """

    consent: str | None = None
    login: str | None = None
    fingerprint: Mapping[str, str | int] | None = None


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request at the door. What it says of who sent it is forgotten when the steps at the request are done."""

    address: str
    user_agent: str
    origin: str | None
    received_at: datetime
    global_privacy_control: bool
    said: Said = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Drop:
    """A step's word that a footprint ends here, and why (counted under this reason)."""

    reason: str
