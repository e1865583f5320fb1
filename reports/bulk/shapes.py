"""What a line of each export looks like in JSON; what is not known is left out of it."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column, String

from reports.bulk.exports import EXPORTS, Export, kind_of

_TYPES: dict[str, Any] = {
    "text": str,
    "id": str,
    "time": datetime,
    "flag": bool,
    "number": int,
    "json": dict[str, str | int | float | bool | None],
}


def _type_of(column: Column[Any]) -> Any:
    """Return what a column is in JSON; 64-bit ids are texts, which no reader rounds."""
    kind = kind_of(column)
    if kind == "list":
        return list[str] if isinstance(getattr(column.type, "item_type", None), String) else list[int]
    return _TYPES[kind]


def _line(export: Export) -> type[msgspec.Struct]:
    fields = [(str(column.name), _type_of(column) | None, None) for column in export.columns]
    return msgspec.defstruct(
        f"{export.name.removesuffix('s').capitalize()}Row",
        [("cursor", str), *fields],
        omit_defaults=True,
        namespace={"__doc__": f"One line of {export.name}; what is not known is left out. Times are in UTC."},
    )


LINES = {name: _line(export) for name, export in EXPORTS.items()}
