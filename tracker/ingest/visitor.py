"""Names a visitor for one day, in a way that nobody can turn round."""

import hashlib
import hmac

from tracker.addresses import packed
from tracker.event import Footprint
from tracker.ingest.arrival import Arrival
from tracker.ingest.context import IngestContext
from tracker.sites import SiteInfo

_BY_ITS_SERVER = "visitor"  # no network is written like this


def name_visitor(footprint: Footprint, arrival: Arrival, site: SiteInfo, house: IngestContext) -> None:
    """Set `visitor_id`, and in the hour after the site's midnight `earlier_visitor_id`.

    Neither in `count` mode, nor for a browser that sends Global Privacy Control or whose owner
    took consent back, nor where nothing is known that tells it from others.
    """
    if site.privacy_mode == "count" or arrival.is_denied:
        return
    if arrival.said.visitor is not None:
        told = (_BY_ITS_SERVER, arrival.said.visitor)
    elif arrival.address is not None:
        told = (truncate(arrival.address), arrival.user_agent)
    else:
        return
    salts = house.salts.at(site, arrival.received_at)
    footprint.visitor_id = daily_hash(salts.today, *told)
    if salts.earlier:
        footprint.earlier_visitor_id = daily_hash(salts.earlier, *told)


def daily_hash(salt: bytes, network: str, user_agent: str) -> int:
    """Return the signed 64-bit keyed hash of a truncated address and a user agent."""
    digest = hmac.digest(salt, f"{network}\n{user_agent}".encode(errors="replace"), hashlib.sha256)
    return int.from_bytes(digest[:8], "big", signed=True)


def truncate(address: str) -> str:
    """Return the network that an address lies in, /24 or /48; "" for what is no address."""
    found = packed(address)
    return found[: 3 if len(found) == 4 else 6].hex()
