"""Events and visits as NDJSON in the order of loading, to be followed from a cursor.

Each line carries a `cursor`; whoever hands back the last one gets what was loaded since, late
events included. A visit that grew comes again under its id, with a higher revision.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import ARRAY, BigInteger, Boolean, Column, DateTime, String, Table, select

from tracker.errors import InvalidInputError
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.schema import event, visit

ROWS_A_PAGE = 2000
_INTERNAL = ("site_id", "ingest_id")


@dataclass(frozen=True, eq=False)
class Export:
    """One table to follow: `order` grows with loading and differs from row to row."""

    name: str
    columns: tuple[Column[Any], ...]
    order: Column[Any]
    line: type[msgspec.Struct]


def _type_of(column: Column[Any]) -> Any:
    """Return what a column is in JSON; 64-bit ids are strings, which no reader rounds."""
    kind = column.type
    if isinstance(kind, ARRAY):
        return list[str] if isinstance(kind.item_type, String) else list[int]
    if column.name == "properties":
        return dict[str, str | int | float | bool | None]
    if isinstance(kind, DateTime):
        return datetime
    if isinstance(kind, Boolean):
        return bool
    return str if isinstance(kind, String | BigInteger) else int


def _export(name: str, table: Table, order: Column[Any]) -> Export:
    columns = tuple(column for column in table.columns if column.name not in _INTERNAL)
    fields = [(str(column.name), _type_of(column) | None, None) for column in columns]
    struct = msgspec.defstruct(
        f"{name.removesuffix('s').capitalize()}Line",
        [("cursor", str), *fields],
        omit_defaults=True,
        namespace={"__doc__": f"One line of {name}; what is not known is left out. Times are in UTC."},
    )
    return Export(name, columns, order, struct)


EXPORTS = {
    "events": _export("events", event, event.c.ingest_id),
    "visits": _export("visits", visit, visit.c.revision),
}


def export_lines(
    store: EventStore, site: SiteInfo, what: str, since: str | None = None, limit: int | None = None
) -> Iterator[bytes]:
    """Yield chunks of NDJSON: a site's `events` or `visits` loaded after the cursor `since`, at most `limit`.

    Memory stays flat and nothing is held open between chunks. Raises InvalidInputError at
    once when the cursor is none of ours.
    """
    return _pages(store, site, EXPORTS[what], _read_cursor(since), limit)


def _pages(store: EventStore, site: SiteInfo, export: Export, after: int, limit: int | None) -> Iterator[bytes]:
    encoder = msgspec.json.Encoder()
    converters = [_converter(column) for column in export.columns]
    statement = select(export.order, *export.columns).where(export.order.table.c.site_id == site.id)
    while limit is None or limit > 0:
        size = ROWS_A_PAGE if limit is None else min(ROWS_A_PAGE, limit)
        rows = store.query(statement.where(export.order > after).order_by(export.order).limit(size)).rows
        if rows:
            yield encoder.encode_lines([_line(export, row, converters) for row in rows])
        if len(rows) < size:
            return
        after = int(rows[-1][0])
        limit = None if limit is None else limit - len(rows)


def _line(export: Export, row: Sequence[Any], converters: Sequence[Callable[[Any], Any] | None]) -> msgspec.Struct:
    values = (
        value if convert is None or value is None else convert(value)
        for value, convert in zip(row[1:], converters, strict=True)
    )
    return export.line(_write_cursor(row[0]), *values)


def _converter(column: Column[Any]) -> Callable[[Any], Any] | None:
    if column.name == "properties":
        return lambda text: msgspec.Raw(text.encode())
    if isinstance(column.type, DateTime):
        return lambda moment: moment.replace(tzinfo=UTC)
    return str if isinstance(column.type, BigInteger) else None


def _write_cursor(position: int) -> str:
    return base64.urlsafe_b64encode(b"1." + str(position).encode()).rstrip(b"=").decode()


def _read_cursor(text: str | None) -> int:
    if not text:
        return -1
    try:
        version, position = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).split(b".")
        if version != b"1" or not position.isdigit() or len(position) > 18:
            raise ValueError(version)
        return int(position)
    except (ValueError, binascii.Error) as error:
        raise InvalidInputError("cursor", "is none that was given out; leave it away to begin anew") from error
