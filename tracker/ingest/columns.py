"""Lays an event out in the columns of the store: its ids, its kind, its evidence."""

from typing import cast

import msgspec

from tracker.event import Event, Footprint
from tracker.ingest.rows import Row
from tracker.sites import SiteInfo

_NOT_COLUMNS = ("id", "at", "url", "referrer")
_json = msgspec.json.Encoder()


def lay_out(footprint: Footprint, rows: list[Row], site: SiteInfo) -> None:
    """Fill each row with what its event says of itself and with whom it belongs to."""
    shared: Row = {"site_id": footprint.site_id}
    if footprint.visitor_id is not None:
        shared["visitor_id"] = footprint.visitor_id
    for name in ("language", "country", "region", "city"):
        value = getattr(footprint, name)
        if value is not None:
            shared[name] = value
    for name in ("place_approximate", "imported"):
        if getattr(footprint, name):
            shared[name] = True
    for event, row in zip(footprint.events, rows, strict=True):
        row.update(shared)
        row.update(_own_columns(event))


def view_id(event_id: str) -> int:
    """Return the signed 64-bit number that an event id's first 16 hex digits stand for."""
    return int.from_bytes(bytes.fromhex(event_id[:16]), "big", signed=True)


def _own_columns(event: Event) -> Row:
    own = cast(Row, msgspec.to_builtins(event))  # leaves out what is absent, in C
    for name in _NOT_COLUMNS:
        own.pop(name, None)
    own["view_id"] = view_id(event.id)
    own["seq"] = int(event.id[17:])
    if event.properties is not None:
        own["properties"] = _json.encode(event.properties).decode()
    return own
