"""PostgreSQL: a server of the tests' own, where its programs are installed, and each relational store in turn."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tracker.database import Database
from tracker.models import Base
from tracker.settings import Settings, load_settings

SUPERUSER = "footfall"


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server; gives the URL of its first database, reached by a socket in a folder of its own."""
    initdb, pg_ctl = (_program(name) for name in ("initdb", "pg_ctl"))
    user = _unprivileged()
    folder = Path(
        tempfile.mkdtemp(prefix="pg")
    )  # not tmp_path: another user must get there, and sockets need short names
    if user is not None:
        shutil.chown(folder, user)
    data, log = folder / "data", folder / "log"

    def run(*command: str | Path) -> None:
        subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=60)

    run(initdb, "-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    try:
        run(pg_ctl, "-D", data, "-l", log, "-o", options, "-w", "start")
        yield f"postgresql://{SUPERUSER}@/postgres?host={folder}"
        run(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a server's first database."""
    with running_postgres() as url:
        yield url


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        if not newest:
            pytest.skip(f"PostgreSQL's {name} is not installed (Debian: apt-get install postgresql)")
        found = str(newest[-1])
    return found


def _unprivileged() -> str | None:
    """Return whom to run PostgreSQL as: it refuses root."""
    return "nobody" if os.geteuid() == 0 else None


@pytest.fixture
def postgres(postgres_url: str, tmp_path: Path) -> Iterator[Database]:
    """Yield an empty relational store on PostgreSQL."""
    database = Database(load_settings({"FOOTFALL_DATA": str(tmp_path), "FOOTFALL_DATABASE_URL": postgres_url}))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Database]:
    """Yield each relational store in turn, with all tables and nothing in them."""
    database = Database(settings) if request.param == "sqlite" else request.getfixturevalue("postgres")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()
