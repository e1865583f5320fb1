"""Rows as a Parquet file, with the types that their columns promise."""

import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb
import msgspec

from reports.report import Column, Row

_TYPES = {"count": "BIGINT", "ms": "BIGINT", "share": "DOUBLE", "number": "DOUBLE"}


def render(columns: Sequence[Column], rows: Sequence[Row], moments: Collection[str] = ()) -> bytes:
    """Write rows keyed by their columns' names, none of which is a list.

    Times are dates but for the columns of `moments`. Rows do not tell which: files of some and of none fit together.
    """
    types = {one.name: "TIMESTAMPTZ" if one.name in moments else _type(one) for one in columns}
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


def _type(column: Column) -> str:
    return "DATE" if column.kind == "time" else _TYPES.get(column.kind, "VARCHAR")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
