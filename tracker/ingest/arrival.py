"""What the collector knows of a request and nobody after it may know."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request at the door. The address is forgotten when the steps at the request are done."""

    address: str
    user_agent: str
    origin: str | None
    received_at: datetime
    global_privacy_control: bool


@dataclass(frozen=True, slots=True)
class Drop:
    """A step's word that a footprint ends here, and why (counted under this reason)."""

    reason: str
