"""Looks addresses up in a GeoIP file of the owner's: City or Country by geoip2, or a flat one of any maker."""

from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import geoip2.database
import geoip2.errors
import maxminddb
from geoip2.models import City, Country

from tracker.errors import FootfallError

# How makers of flat files call what geoip2's models have as country.iso_code and so on.
_COUNTRY = ("country_code", "country_iso_code", "country")
_REGION = ("state1", "region", "region_name", "subdivision", "state")
_CITY = ("city", "city_name")
_PROBED = 300  # entries looked at to see whether a flat file tells countries at all


class Place(NamedTuple):
    """Where an address lies: ISO 3166 alpha-2 country; English names of region and city where known."""

    country: str
    region: str | None
    city: str | None


class Places:
    """An open GeoIP file: how to look an address up, and how to let go of it."""

    def __init__(self, look_up: Callable[[str], Place | None], close: Callable[[], None]) -> None:
        self._look_up = look_up
        self.close = close

    def find(self, address: str) -> Place | None:
        """Return the place of an address, None when the file does not know it."""
        try:
            return self._look_up(address)
        except (ValueError, geoip2.errors.AddressNotFoundError):  # no address, or of a kind that the file lacks
            return None


def open_places(path: str) -> Places | None:
    """Open the owner's GeoIP file, None when `path` is empty; FootfallError when it will not do."""
    if not path:
        return None
    if not Path(path).is_file():
        raise FootfallError(
            f"FOOTFALL_GEOIP: there is no file {path}; give the path of a .mmdb file, or leave it empty"
        )
    try:
        reader = geoip2.database.Reader(path)
        kind = reader.metadata().database_type
        if "City" in kind:
            return Places(lambda address: of_city(reader.city(address)), reader.close)
        if "Country" in kind:
            return Places(lambda address: of_country(reader.country(address)), reader.close)
        reader.close()
        return _open_flat(path, kind)
    except (maxminddb.InvalidDatabaseError, OSError, ValueError) as error:
        raise FootfallError(f"FOOTFALL_GEOIP: {path} is no GeoIP database in the .mmdb format ({error})") from error


def of_city(found: City) -> Place | None:
    """Return the place that a City file tells, None when it names no country."""
    region = found.subdivisions[0].names.get("en") if found.subdivisions else None
    return _place(found.country.iso_code, region, found.city.names.get("en"))


def of_country(found: Country) -> Place | None:
    """Return the place that a Country file tells, None when it names no country."""
    return _place(found.country.iso_code, None, None)


def of_flat(entry: object) -> Place | None:
    """Return the place that an entry of a flat file tells, None when it names no country."""
    if not isinstance(entry, Mapping):
        return None
    return _place(_first(entry, _COUNTRY), _first(entry, _REGION), _first(entry, _CITY))


def _open_flat(path: str, kind: str) -> Places:
    reader = maxminddb.open_database(path)
    if not any(of_flat(entry) for _, entry in islice(reader, _PROBED)):
        reader.close()
        raise FootfallError(f"FOOTFALL_GEOIP: {path} ({kind}) tells no countries; use a City or Country database")
    return Places(lambda address: of_flat(reader.get(address)), reader.close)


def _place(country: str | None, region: str | None, city: str | None) -> Place | None:
    if country is None or len(country) != 2 or not country.isalpha():
        return None
    return Place(country.upper(), region, city)


def _first(entry: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    return next((value for name in names if isinstance(value := entry.get(name), str) and value), None)
