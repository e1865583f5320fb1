"""The relational store's shape and how it gets there."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from tests.kit.ground import at
from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import FootfallError
from tracker.migrations import SCRIPTS, migrate
from tracker.models import Base, Salt
from tracker.settings import Settings
from tracker.sites import create_site
from tracker.sqlite import copy_sqlite


@pytest.fixture
def empty(settings: Settings) -> Iterator[Database]:
    database = Database(settings)
    yield database
    database.close()


def test_migrations_make_what_the_models_say(empty: Database, tmp_path: Path) -> None:
    migrate(empty, tmp_path)
    with empty.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_second_run_changes_nothing(empty: Database, tmp_path: Path) -> None:
    before, head = migrate(empty, tmp_path / "backups")
    assert before is None
    assert migrate(empty, tmp_path / "backups") == (head, head)
    assert not (tmp_path / "backups").exists()


def test_a_newer_store_is_left_alone_with_advice(empty: Database, tmp_path: Path) -> None:
    migrate(empty, tmp_path)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(FootfallError, match=r"newer Footfall \(revision 9999\); install that version"):
        migrate(empty, tmp_path)


def test_an_older_store_is_copied_before_its_upgrade_without_salts(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, head = migrate(empty, tmp_path / "backups")
    with empty.session() as session:
        site = create_site(session, "Shop", ["shop.example"])
        session.add(Salt(site_id=site.id, day=date(2026, 3, 1), value=b"s" * 32))
    monkeypatch.setattr("tracker.migrations.SCRIPTS", _with_one_more(tmp_path / "scripts", head))
    assert migrate(empty, tmp_path / "backups") == (head, "next")
    with closing(sqlite3.connect(tmp_path / "backups" / "before-next.sqlite")) as copy:
        assert copy.execute("SELECT name FROM site").fetchall() == [("Shop",)]
        assert copy.execute("SELECT count(*) FROM salt").fetchone() == (0,)
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (head,)


def test_recipients_and_messages_outlive_the_change_that_lets_watches_have_them(
    empty: Database, tmp_path: Path
) -> None:
    config = _config()
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        for statement in (
            "INSERT INTO site (id, key, name, zone, privacy_mode, query_parameters, identity_key, enabled, sample, "
            "created_at) VALUES (1, 'k', 'Shop', 'UTC', 'cookieless', '[]', x'00', 1, 0, '2026-03-01')",
            "INSERT INTO schedule (id, site_id, name, every, hour, zone, sections, attached, compare, paused, "
            "owed_from, created_at, created_by) VALUES (1, 1, 'W', 'day', 9, 'UTC', '[]', '[]', 'none', 0, "
            "'2026-03-01', '2026-03-01', 'ann')",
            "INSERT INTO recipient (id, schedule_id, address, token, of_team) VALUES (7, 1, 'ann@x.example', 't', 1)",
            "INSERT INTO message (id, key, recipient_id, schedule_id, address, state, tries, next_try_at) "
            "VALUES (9, 'm', 7, 1, 'ann@x.example', 'sent', 1, '2026-03-01')",
        ):
            connection.exec_driver_sql(statement)
        command.upgrade(config, "head")
        kept = "SELECT m.id, r.id, r.token, m.state FROM message m JOIN recipient r ON r.id = m.recipient_id"
        assert connection.exec_driver_sql(kept).fetchall() == [(9, 7, "t", "sent")]
        command.downgrade(config, "0005")
        assert connection.exec_driver_sql(kept).fetchall() == [(9, 7, "t", "sent")]


def test_what_webhooks_were_told_of_before_the_upgrade_is_not_told_again(empty: Database) -> None:
    config = _config()
    with empty.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # whose these are is all the same
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "0016")
        for hours in (5, 7, 35, 37):
            then = f"{utc_now() - timedelta(hours=hours):%Y-%m-%d %H:%M:%S.%f}"
            for statement in (
                "INSERT INTO alert (watch_id, kind, subject, headline, told, why, facts, began_at, noticed_at, "
                f"seen_at) VALUES (1, 'spike', '{hours}', '', '', '', '{{}}', '{then}', '{then}', '{then}')",
                "INSERT INTO delivery (schedule_id, first_day, last_day, again, due_at, made_at) "
                f"VALUES (1, '2026-03-01', '2026-03-07', {hours}, '{then}', '{then}')",
            ):
                connection.exec_driver_sql(statement)
        command.upgrade(config, "head")
        for table, unposted in (("alert", 1), ("delivery", 3)):
            left = f"SELECT count(*) FROM {table} WHERE posted_at IS NULL"
            assert connection.exec_driver_sql(left).scalar() == unposted, table


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def _with_one_more(folder: Path, head: str) -> Path:
    """Return a copy of the migrations with a revision of a later version on top."""
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "next.py").write_text(
        f"""
import sqlalchemy as sa
from alembic import command, op

revision, down_revision = "next", "{head}"


def upgrade():
    op.add_column("site", sa.Column("later", sa.Integer()))
"""
    )
    return folder


def test_a_migration_that_is_cut_off_leaves_nothing_behind(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, made = op.create_table, []

    def fail_at_third(name: str, *columns: Any, **options: Any) -> None:
        made.append(name)
        if len(made) == 3:
            raise KeyboardInterrupt
        create(name, *columns, **options)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("alembic.op.create_table", fail_at_third)
        migrate(empty, tmp_path)
    assert inspect(empty.engine).get_table_names() == []
    migrate(empty, tmp_path)


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_a_copy_holds_no_salt_not_even_in_free_pages(tmp_path: Path, journal: str) -> None:
    marked = b"never to be found again"
    with closing(sqlite3.connect(tmp_path / "live.sqlite")) as live:
        live.execute(f"PRAGMA journal_mode={journal}")
        live.execute("CREATE TABLE salt (value BLOB)")
        live.execute("CREATE TABLE site (name TEXT)")
        live.execute("INSERT INTO salt VALUES (?)", (marked,))
        live.execute("INSERT INTO site VALUES ('Shop')")
        live.commit()
        copy_sqlite(tmp_path / "live.sqlite", tmp_path / "to" / "copy.sqlite")
    assert marked not in (tmp_path / "to" / "copy.sqlite").read_bytes()
    with closing(sqlite3.connect(tmp_path / "to" / "copy.sqlite")) as copy:
        assert copy.execute("SELECT name FROM site").fetchall() == [("Shop",)]


def test_times_keep_their_zone(empty: Database, tmp_path: Path) -> None:
    migrate(empty, tmp_path)
    with empty.session() as session:
        site = create_site(session, "Shop", ["shop.example"])
        site.created_at = at("2026-03-01 10:00")
    with empty.session() as session:
        assert session.get_one(type(site), site.id).created_at == at("2026-03-01 10:00")
