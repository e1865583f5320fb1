"""What the collector knows of a request and nobody after it may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.ingest.consent import DENIED


@dataclass(frozen=True, slots=True)
class Said:
    """What a page said of its visitor; nothing of it is kept as it is, and much of it not at all.

    `consent` is `denied` or the mark that consent gave (see `tracker.ingest.consent`), `login` what
    the page calls the visitor, `fingerprint` what the browser looks like. `device` is by what another
    tracker knows the browser, with that tracker's name, of a site that says that its visitors agreed.
    `visitor` is how the site's own server tells its visitors apart, in the place of an address.
    """

    consent: str | None = None
    login: str | None = None
    fingerprint: Mapping[str, str | int] | None = None
    device: str | None = None
    visitor: str | None = None


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request at the door. What it says of who sent it is forgotten when the steps at the request are done.

    `address` is None where none is known, as of an event that a server tells of without it.
    """

    address: str | None
    user_agent: str
    origin: str | None
    received_at: datetime
    global_privacy_control: bool
    said: Said = NOTHING_SAID

    @property
    def is_denied(self) -> bool:
        """Tell whether its visitor wants not to be told apart: by Global Privacy Control, or by taking consent back."""
        return self.global_privacy_control or self.said.consent == DENIED


@dataclass(frozen=True, slots=True)
class Drop:
    """A step's word that a footprint ends here, and why (counted under this reason)."""

    reason: str
