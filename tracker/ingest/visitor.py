"""Names a visitor for one day, in a way that nobody can turn round."""

import hashlib
import hmac

from tracker.addresses import packed
from tracker.event import Footprint
from tracker.ingest.arrival import Arrival
from tracker.ingest.consent import DENIED
from tracker.ingest.context import IngestContext
from tracker.sites import SiteInfo


def name_visitor(footprint: Footprint, arrival: Arrival, site: SiteInfo, house: IngestContext) -> None:
    """Set `visitor_id`, and in the hour after the site's midnight `earlier_visitor_id`.

    Neither in `count` mode, nor for a browser that sends Global Privacy Control or whose owner
    took consent back.
    """
    if site.privacy_mode == "count" or arrival.global_privacy_control or arrival.said.consent == DENIED:
        return
    salts = house.salts.at(site, arrival.received_at)
    network = truncate(arrival.address)
    footprint.visitor_id = daily_hash(salts.today, network, arrival.user_agent)
    if salts.earlier:
        footprint.earlier_visitor_id = daily_hash(salts.earlier, network, arrival.user_agent)


def daily_hash(salt: bytes, network: str, user_agent: str) -> int:
    """Return the signed 64-bit keyed hash of a truncated address and a user agent."""
    digest = hmac.digest(salt, f"{network}\n{user_agent}".encode(errors="replace"), hashlib.sha256)
    return int.from_bytes(digest[:8], "big", signed=True)


def truncate(address: str) -> str:
    """Return the network that an address lies in, /24 or /48; "" for what is no address."""
    found = packed(address)
    return found[: 3 if len(found) == 4 else 6].hex()
