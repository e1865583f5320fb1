"""How DuckDB spells SQLAlchemy's statements."""

from datetime import UTC, datetime
from typing import Any, cast

import duckdb_engine
from sqlalchemy import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

DIALECT = duckdb_engine.Dialect(paramstyle="qmark")


def spell(statement: ClauseElement) -> tuple[str, tuple[Any, ...]]:
    """Return a statement in DuckDB's SQL, with its parameters in order; times with a zone become UTC."""
    compiled = cast(SQLCompiler, statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True}))
    values = compiled.params
    return compiled.string, tuple(_plain(values[name]) for name in compiled.positiontup or ())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
