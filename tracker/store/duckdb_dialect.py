"""How DuckDB spells SQLAlchemy's statements."""

from datetime import UTC, datetime
from typing import Any, cast

import duckdb_engine
from sqlalchemy import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

DIALECT = duckdb_engine.Dialect(paramstyle="qmark")


class Spelled:
    """A statement in DuckDB's SQL, made once; values of its named `bindparam`s may come later."""

    def __init__(self, statement: ClauseElement, head: str = "") -> None:
        self._made = cast(SQLCompiler, statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True}))
        self._known = self._made.params
        self.sql = f"{head} {self._made.string}"

    def values(self, **late: Any) -> tuple[Any, ...]:
        """Return the parameters in order; times with a zone become UTC."""
        known = {**self._known, **late}
        return tuple(_plain(known[name]) for name in self._made.positiontup or ())


def spell(statement: ClauseElement) -> tuple[str, tuple[Any, ...]]:
    """Return a statement in DuckDB's SQL, with its parameters in order."""
    spelled = Spelled(statement)
    return spelled.sql, spelled.values()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
