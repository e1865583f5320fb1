"""Rows as a Parquet file, with the types that their columns promise."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb
import msgspec

from reports.report import Cell, Column, Row

_TYPES = {"count": "BIGINT", "ms": "BIGINT", "share": "DOUBLE", "number": "DOUBLE"}
_OFFSET_AT = len("2026-03-01T00:00:00")


def render(columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    """Write rows keyed by their columns' names, none of which is a list; days are dates, times are moments."""
    types = {one.name: _type(one, [row.get(one.name) for row in rows]) for one in columns}
    with tempfile.TemporaryDirectory(prefix="footfall-") as folder, duckdb.connect(":memory:") as engine:
        source, target = Path(folder) / "rows.ndjson", Path(folder) / "rows.parquet"
        source.write_bytes(msgspec.json.Encoder().encode_lines(rows))
        found = ", ".join(f"{_quoted(name)}: {_text(type_)}" for name, type_ in types.items())
        read = f"read_json($source, format = 'newline_delimited', columns = {{{found}}})"
        engine.execute("SET TimeZone = 'UTC'")
        # Names are quoted, and types are ours.
        engine.execute(
            f"COPY (FROM {read}) TO $target (FORMAT parquet)", {"source": str(source), "target": str(target)}
        )
        return target.read_bytes()


def _type(column: Column, values: Sequence[Cell]) -> str:
    if column.kind == "time":
        return "TIMESTAMPTZ" if any(isinstance(one, str) and len(one) > _OFFSET_AT for one in values) else "DATE"
    return _TYPES.get(column.kind, "VARCHAR")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
