"""What only a SQLite store needs: a copy while others use it, and a file and a log without the past."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, Table, delete, insert, select

_PATIENCE_S = 5.0


def copy_sqlite(source: Path, target: Path) -> None:
    """Write a consistent copy of `source` to `target`, without the salts: they are in no backup."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        target.chmod(0o600)
        live.backup(copy)
        copy.execute("PRAGMA secure_delete=ON")
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'salt'").fetchone():
            copy.execute("DELETE FROM salt")
            copy.commit()
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("VACUUM")


def write_anew(engine: Engine) -> None:
    """Write the file anew with what is not deleted, on an engine that has one; OperationalError while others write.

    `secure_delete` wipes a row where it is, and not where it was: rows that move to another page, to balance the
    tree, stay behind in the free space of the first.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")


def write_table_anew(engine: Engine, table: Table) -> None:
    """Write a small table anew on pages that are wiped whole, copies of rows that moved among them.

    Nothing is done on another engine. OperationalError while others write.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # with foreign keys each row would be deleted by itself, and what else lies on its page left as it is
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            rows = [dict(row) for row in connection.execute(select(table)).mappings()]
            connection.execute(delete(table))
            if rows:
                connection.execute(insert(table), rows)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            connection.invalidate()  # rolls back, and leaves nobody a connection without foreign keys
            raise
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def empty_log(engine: Engine, patience_s: float = _PATIENCE_S) -> bool:
    """Fold the log into the file and cut it, so that nothing deleted lies in it; False while somebody still reads it.

    Another engine has no such log.
    """
    if engine.dialect.name != "sqlite":
        return True
    deadline = time.monotonic() + patience_s
    while True:
        with engine.connect() as connection:
            (busy, _, _) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if not busy or time.monotonic() >= deadline:
            return not busy
        time.sleep(0.05)
