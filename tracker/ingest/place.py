"""Tells a visitor's place: by the owner's GeoIP file, else the country by the browser's time zone."""

from functools import lru_cache
from typing import cast
from zoneinfo import available_timezones

from babel.core import get_global

from tracker.event import Footprint
from tracker.ingest.arrival import Arrival
from tracker.ingest.context import IngestContext
from tracker.sites import SiteInfo


def find_place(footprint: Footprint, arrival: Arrival, site: SiteInfo, house: IngestContext) -> None:
    """Set country, region and city; a country guessed from the zone is marked approximate.

    A zone that is none is forgotten: it is text from outside, and would be kept as such.
    """
    if footprint.zone is not None and footprint.zone not in _zones():
        footprint.zone = None
    place = house.places.find(arrival.address) if house.places and arrival.address else None
    if place:
        footprint.country, footprint.region, footprint.city = place
    elif footprint.zone is not None:
        footprint.country = country_of_zone(footprint.zone)
        footprint.place_approximate = footprint.country is not None


@lru_cache(maxsize=1024)
def country_of_zone(zone: str) -> str | None:
    """Return the ISO 3166 alpha-2 country in which a time zone lies, None for UTC and the like."""
    territories, aliases = get_global("zone_territories"), get_global("zone_aliases")
    country = cast(str | None, territories.get(zone) or territories.get(aliases.get(zone, "")))
    return country if country and country.isalpha() and country != "ZZ" else None


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
