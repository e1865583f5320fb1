"""What a collector is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from collectors.answer import Answer, Outcome
from collectors.incoming import Incoming
from tracker.event import Footprint
from tracker.ingest.arrival import NOTHING_SAID, Said


@dataclass(slots=True)
class Reading:
    """What a collector read: a footprint for the site with this key.

    `host` is where the request says that it comes from, None when it does not say.
    `rejected` holds the field at fault of each event that was left out, `ignored` what else was
    at fault and did no harm. The footprint's `site_id` and `received_at` are filled in later.
    """

    site: str
    host: str | None
    footprint: Footprint
    rejected: list[str] = field(default_factory=list)
    said: Said = NOTHING_SAID
    ignored: Sequence[str] = ()


class Collector(Protocol):
    """A module with these names; `COLLECTORS` lists them all."""

    PATH: str
    METHOD: str
    BODY_BYTES: int

    @staticmethod
    def read(incoming: Incoming) -> Reading:
        """Turn a request into a reading; RefusedError when it is none of this collector's shape."""

    @staticmethod
    def word(outcome: Outcome, incoming: Incoming) -> Answer:
        """Word what became of a request as its sender expects it."""
