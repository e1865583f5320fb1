"""Opens the relational store: SQLite in the data folder, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from tracker.settings import Settings


class Database:
    """The relational store; `session()` commits on success and rolls back on error."""

    def __init__(self, settings: Settings) -> None:
        self.engine: Engine = create_engine(
            settings.relational_url,
            pool_pre_ping=True,
            hide_parameters=True,  # what is logged of a failed statement must not tell what was in it
        )
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yield a session inside one transaction."""
        with self._sessions.begin() as session:
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Obey foreign keys, let readers and a writer work at once, and wipe what is deleted (salts)."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
