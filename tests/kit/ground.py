"""Settings, relational store and a site, each in a folder of the test's own."""

import asyncio
import shutil
import socket
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tracker.database import Database
from tracker.models import Base
from tracker.settings import Settings, load_settings
from tracker.sites import SiteBook, SiteInfo, create_site, describe

T = TypeVar("T")
SQLITE = "footfall.sqlite"
_held: list[socket.socket] = []


def at(text: str) -> datetime:
    """Return a UTC time: at("2026-03-01 10:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ms(text: str) -> int:
    """Return a UTC time in ms since 1970: ms("2026-03-01 10:00")."""
    return int(at(text).timestamp() * 1000)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on, and that the system gives to nobody meanwhile.

    It is held to the end of this process by a socket that does not listen, beside which a program that is told of it
    may; before and after that, whoever connects is refused.
    """
    holding = socket.socket()
    holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holding.bind(("127.0.0.1", 0))
    _held.append(holding)
    port: int = holding.getsockname()[1]
    return port


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` in a thread, for the session's browser keeps an event loop of its own in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    return load_settings({"FOOTFALL_DATA": str(data)})


@pytest.fixture(scope="session")
def bare_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A relational store with all tables and nothing in them, to be copied, as to make one takes its time."""
    settings = load_settings({"FOOTFALL_DATA": str(tmp_path_factory.mktemp("bare-sqlite"))})
    database = Database(settings)
    Base.metadata.create_all(database.engine)
    database.close()
    return settings.data / SQLITE


@pytest.fixture
def database(settings: Settings, bare_sqlite: Path) -> Iterator[Database]:
    if not (settings.data / SQLITE).exists():  # a test may have opened the house before
        shutil.copyfile(bare_sqlite, settings.data / SQLITE)
    database = Database(settings)
    yield database
    database.close()


@pytest.fixture
def site(database: Database) -> SiteInfo:
    with database.session() as session:
        return describe(create_site(session, "Shop", ["shop.example"], "Europe/Warsaw"))


@pytest.fixture
def sites(database: Database, site: SiteInfo) -> SiteBook:
    return SiteBook(database)
