"""The relational store on PostgreSQL."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from tests.kit.ground import at
from tracker.database import Database
from tracker.migrations import migrate
from tracker.models import Base, Site, SiteHost
from tracker.sites import SiteBook, create_site


@pytest.fixture
def database(postgres: Database) -> Database:
    return postgres


def test_migrations_make_what_the_models_say(database: Database, tmp_path: Path) -> None:
    before, head = migrate(database, tmp_path)
    assert before is None
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    assert migrate(database, tmp_path) == (head, head)


def test_two_that_start_at_once_migrate_once(database: Database, tmp_path: Path) -> None:
    outcomes: list[str | None] = []
    starting = threading.Barrier(2)

    def start() -> None:
        starting.wait()
        outcomes.append(migrate(database, tmp_path)[0])

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome is None for outcome in sorted(outcomes, key=str)].count(True) == 1
    assert set(inspect(database.engine).get_table_names()) >= set(Base.metadata.tables)


def test_a_site_comes_back_as_it_was_written(database: Database, tmp_path: Path) -> None:
    migrate(database, tmp_path)
    with database.session() as session:
        site = create_site(session, "Sklep żółw", ["shop.example"], "Europe/Warsaw")
        site.created_at = at("2026-03-29 01:30")
        site.query_parameters = ["q", "page"]
    with database.session() as session:
        read = session.get_one(Site, site.id)
        assert (read.created_at, read.query_parameters) == (at("2026-03-29 01:30"), ["q", "page"])
        assert [host.host for host in read.hosts] == ["shop.example"]
    book = SiteBook(database)
    found = book.by_key(site.key)
    assert found is not None
    assert (found.name, found.zone) == ("Sklep żółw", "Europe/Warsaw")


def test_a_site_takes_its_hosts_with_it(database: Database, tmp_path: Path) -> None:
    migrate(database, tmp_path)
    with database.session() as session:
        site = create_site(session, "Shop", ["shop.example", "www.example"])
        create_site(session, "Other", ["other.example"])
    with database.session() as session:
        session.delete(session.get_one(Site, site.id))
    with database.session() as session:
        assert session.scalars(select(SiteHost.host).order_by(SiteHost.host)).all() == ["other.example"]


def test_what_breaks_a_rule_is_rolled_back_whole(database: Database, tmp_path: Path) -> None:
    migrate(database, tmp_path)
    with database.session() as session:
        taken = create_site(session, "Shop", ["shop.example"]).key
    with pytest.raises(IntegrityError), database.session() as session:
        create_site(session, "Good", ["good.example"])
        create_site(session, "Twin", ["twin.example"]).key = taken
    with database.session() as session:
        assert [site.name for site in session.scalars(select(Site))] == ["Shop"]
