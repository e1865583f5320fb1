"""Looks addresses up in a GeoIP file of the owner's: City, Country, or a flat one of any maker."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple, cast

import maxminddb

from tracker.errors import FootfallError

# How makers of flat files call what the nested ones keep as country.iso_code and so on.
_COUNTRY = ("country_code", "country_iso_code", "country")
_REGION = ("state1", "region", "region_name", "subdivision", "state")
_CITY = ("city", "city_name")
_PROBED = 300  # entries looked at to see whether a file tells countries at all


class Place(NamedTuple):
    """Where an address lies: ISO 3166 alpha-2 country; English names of region and city where known."""

    country: str
    region: str | None
    city: str | None


class Places:
    """An open GeoIP file. maxminddb is asked itself: geoip2's models cost five times the look-up."""

    def __init__(self, reader: maxminddb.Reader) -> None:
        self._reader = reader

    def find(self, address: str) -> Place | None:
        """Return the place of an address, None when the file does not know it."""
        try:
            return read_place(self._reader.get(address))
        except ValueError:  # no address, or of a kind that the file lacks
            return None

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()


def open_places(path: str) -> Places | None:
    """Open the owner's GeoIP file, None when `path` is empty; FootfallError when it will not do."""
    if not path:
        return None
    if not Path(path).is_file():
        raise FootfallError(
            f"FOOTFALL_GEOIP: there is no file {path}; give the path of a .mmdb file, or leave it empty"
        )
    try:
        reader = maxminddb.open_database(path)
        told = any(read_place(record) for _, record in islice(reader, _PROBED))
    except (maxminddb.InvalidDatabaseError, OSError, ValueError) as error:
        raise FootfallError(f"FOOTFALL_GEOIP: {path} is no GeoIP database in the .mmdb format ({error})") from error
    if not told:
        kind = reader.metadata().database_type
        reader.close()
        raise FootfallError(f"FOOTFALL_GEOIP: {path} ({kind}) tells no countries; use a City or Country database")
    return Places(reader)


def read_place(record: object) -> Place | None:
    """Return the place that one entry tells, None when it names no country."""
    if not isinstance(record, Mapping):
        return None
    nested = record.get("country")
    if isinstance(nested, Mapping):
        country = nested.get("iso_code")
        regions = record.get("subdivisions") or [None]
        region, city = _english(regions[0]), _english(record.get("city"))
    else:
        country = _first(record, _COUNTRY)
        region, city = _first(record, _REGION), _first(record, _CITY)
    if not isinstance(country, str) or len(country) != 2 or not country.isalpha():
        return None
    return Place(country.upper(), region, city)


def _english(entry: object) -> str | None:
    if not isinstance(entry, Mapping):
        return None
    return cast(str | None, entry.get("names", {}).get("en") or entry.get("iso_code"))


def _first(record: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    return next((value for name in names if isinstance(value := record.get(name), str) and value), None)
