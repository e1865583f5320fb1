"""Brings the relational store to this version's shape by Alembic, configured here since a wheel has no setup.cfg."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import tracker
from tracker.database import Database
from tracker.errors import FootfallError
from tracker.sqlite import copy_sqlite

SCRIPTS = Path(tracker.__file__).parent.parent / "migrations" / "relational"
_ONE_AT_A_TIME = 0x666F6F7466616C6C  # PostgreSQL's advisory locks are named by numbers; this one spells "footfall"


def migrate(database: Database, backups: Path) -> tuple[str | None, str]:
    """Apply what is missing and return the revisions before and after.

    A SQLite store that already holds something is first copied into the folder `backups`.
    Raises FootfallError when the store was written by a newer version.
    """
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    head = str(scripts.get_current_head())
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
        elif connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # sqlite3 opens no transaction for DDL by itself
        before = _revision(connection, scripts)
        if before == head:
            return before, head
        if before is not None and connection.dialect.name == "sqlite":
            copy_sqlite(Path(str(connection.engine.url.database)), backups / f"before-{head}.sqlite")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _revision(connection: Connection, scripts: ScriptDirectory) -> str | None:
    """Return where the store stands, or None when it is new."""
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if revision is not None and revision not in known:
        raise FootfallError(
            f"the relational store is of a newer Footfall (revision {revision}); "
            "install that version, or restore the backup that was made before the upgrade"
        )
    return revision
