"""Names whom a visitor who consented is taken for, as far as the site's mode allows."""

from urllib.parse import parse_qsl, urlsplit

from tracker.event import Footprint
from tracker.identity.identifiers import hash_value, identifier_id, read_link
from tracker.ingest.arrival import Arrival
from tracker.ingest.consent import read_mark
from tracker.ingest.context import IngestContext
from tracker.sites import SiteInfo

CONSENTING = ("consented", "stitched")
LINK_PARAMETER = "ff_link"  # in the addresses of links that were made for one recipient
_SAYS_LITTLE = ("screen", "fonts")  # compared by likeness, which hashes have none of
_FRESH_DAYS = 1


def name_person(footprint: Footprint, arrival: Arrival, site: SiteInfo, house: IngestContext) -> None:
    """Put the first-party id in the place of the daily hash; in `stitched` mode add what else tells who it is.

    Nothing without a mark that consent gave, in whatever mode, and nothing of who denied it.
    What another tracker knows the browser by stands for the mark; how old it is nobody can say.
    """
    if arrival.is_denied or site.privacy_mode not in CONSENTING:
        return
    mark = read_mark(arrival.said.consent, arrival.received_at)
    first_party = mark.first_party if mark else arrival.said.device
    if not first_party:
        return
    footprint.daily_id = footprint.visitor_id
    footprint.visitor_id = identifier_id(site.identity_key, "first_party", first_party)
    footprint.consent = site.privacy_mode
    footprint.consent_fresh = mark is not None and mark.age_days <= _FRESH_DAYS
    if not footprint.consent_fresh:
        footprint.earlier_visitor_id = None  # no visit of before midnight can be going on under another name
    if site.privacy_mode == "stitched":
        _stitch(footprint, arrival, site)


def _stitch(footprint: Footprint, arrival: Arrival, site: SiteInfo) -> None:
    login = (arrival.said.login or "").strip()
    if login:
        footprint.login_id = identifier_id(site.identity_key, "login", login)
    if arrival.said.fingerprint:
        footprint.fingerprint = {
            name: value
            if isinstance(value, int) or name in _SAYS_LITTLE
            else hash_value(site.identity_key, name, value)
            for name, value in arrival.said.fingerprint.items()
        }
    for event in footprint.events:
        if LINK_PARAMETER in event.url:
            token = dict(parse_qsl(urlsplit(event.url).query)).get(LINK_PARAMETER, "")
            footprint.link_login_id = read_link(site.identity_key, token)
