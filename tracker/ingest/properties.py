"""Cleans the properties of events: a custom event's one like the other, those of our own kinds by what they are."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeAlias

from tracker.event import Footprint, PropertyValue
from tracker.ingest.arrival import Arrival
from tracker.ingest.context import IngestContext
from tracker.ingest.secrets import PLACEHOLDER, clean_text, is_card
from tracker.ingest.url import host_and_path, tidy
from tracker.sites import SiteInfo

Properties: TypeAlias = dict[str, PropertyValue]

# What a page makes itself and lets be saved has no address but its kind.
_MADE_HERE = ("blob:", "data:")
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-f:.]+\](:\d+)?")


def clean_properties(footprint: Footprint, arrival: Arrival, site: SiteInfo, house: IngestContext) -> None:
    """Clean every property; of the kinds in `KNOWN`, drop what is not on their list or of another type."""
    for event in footprint.events:
        if not event.properties:
            continue
        known = KNOWN.get(event.kind)
        event.properties = _keep_known(event.properties, known) if known else _keep_all(event.properties)


def tidy_place(address: str) -> str | None:
    """Return the host and cleaned path of an address, with or without scheme; None for what has no host."""
    return _tidy_place(address)


def _place(address: str) -> str | None:
    if address.startswith(_MADE_HERE):
        return address.partition(":")[0] + ":"
    place = host_and_path(address if "://" in address else f"https://{address}", ("http", "https"))
    if place is None or not _HOST.fullmatch(place[1]):
        return None
    return clean_text(place[1]) + place[2]


def _query(text: str) -> str:
    return tidy(text)[:64]


def _message(text: str) -> str:
    return tidy(text)[:200]


_Tidy: TypeAlias = Callable[[str], str | None]
_Known: TypeAlias = Mapping[str, _Tidy | None]


def _numbers(names: str) -> _Known:
    return dict.fromkeys(names.split())


# By kind and name: how a text is cleaned; None for numbers, and for yes and no.
KNOWN: dict[str, _Known] = {
    "error": {"message": _message, "source": tidy_place, **_numbers("line column rejection")},
    "form": {
        "outcome": tidy,
        "last_field": tidy,
        "label": tidy,
        **_numbers("submits fields started_ms took_ms invalid"),
    },
    "field": {
        "form": tidy,
        "kind": tidy,
        **_numbers("position spent_ms corrections refills invalid last"),
    },
    "scroll": _numbers("reversals leg_px leg_permille span_ms pages_permille grows"),
    "swipe": {"direction": tidy, **_numbers("distance_px")},
    "link": {"href": tidy_place, **_numbers("download")},
    "search": {"query": _query, **_numbers("results")},
    "vitals": {"lcp_element": tidy, "inp_element": tidy},
}


def _keep_known(properties: Properties, known: _Known) -> Properties | None:
    kept: Properties = {}
    for name, value in properties.items():
        if name not in known:
            continue
        clean = known[name]
        if isinstance(value, str):
            text = clean(value) if clean else None
            if text is not None:
                kept[name] = text
        elif clean is None and value is not None:
            kept[name] = _tidy_number(value)
    return kept or None


def _keep_all(properties: Properties) -> Properties:
    return {
        tidy(name): tidy(value) if isinstance(value, str) else _tidy_number(value) for name, value in properties.items()
    }


def _tidy_number(value: int | float | bool | None) -> PropertyValue:
    return PLACEHOLDER if isinstance(value, int) and is_card(str(value)) else value


_tidy_place = lru_cache(maxsize=4096)(_place)
