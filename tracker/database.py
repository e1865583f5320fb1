"""Opens the relational store: SQLite in the data folder, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker

from tracker.settings import Settings

T = TypeVar("T")


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


def insert_new(session: Session, key: InstrumentedAttribute[T], /, **values: object) -> T | None:
    """Insert a row of the model that `key` is of, and return its key; None where one like it is there already."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    made = session.execute(insert(key.class_).values(values).on_conflict_do_nothing().returning(key)).first()
    return made[0] if made is not None else None


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Obey foreign keys, let readers and a writer work at once, and wipe what is deleted (salts)."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
