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

    With a `product`, `site` is what that other tracker calls the site, and `secret` what its sender
    proves itself by, None on a way on which it need not. `host` is where the request says that it
    comes from, None when it does not say, and "" when what another tracker sends may be from
    anywhere: then it is from the site itself. `rejected` holds the field at fault of each event that
    was left out, `ignored` what else was at fault and did no harm, `not_taken` what was understood
    and is not kept, each a word of the collector's own. The footprint's `site_id` and `received_at`
    are filled in later. `more` are readings of the same request that are another visitor's or site's.
    """

    site: str
    host: str | None
    footprint: Footprint
    rejected: list[str] = field(default_factory=list)
    said: Said = NOTHING_SAID
    ignored: Sequence[str] = ()
    product: str | None = None
    secret: str | None = None
    not_taken: Sequence[str] = ()
    more: Sequence["Reading"] = ()


class Collector(Protocol):
    """A module with these names; `COLLECTORS` lists them all. One for another tracker is called as its product.

    A path that ends in `*` takes anything there up to the next slash. `ALLOWS` are the headers
    that a browser may send from another origin, in small letters; `WITH_COOKIES` says that cookies
    may come along.
    """

    __name__: str
    PATHS: tuple[str, ...]
    METHODS: tuple[str, ...]
    BODY_BYTES: int
    ALLOWS: bytes
    WITH_COOKIES: bool

    @staticmethod
    def read(incoming: Incoming) -> Reading:
        """Turn a request into a reading; RefusedError when it is none of this collector's shape."""

    @staticmethod
    def word(outcome: Outcome, incoming: Incoming) -> Answer:
        """Word what became of a request as its sender expects it."""
