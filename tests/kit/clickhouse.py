"""A ClickHouse server for tests: the real engine, in a process of its own, a database lent to each test."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from typing import NamedTuple

import pytest
from sqlalchemy import column, func, select, table

from tracker.store.clickhouse import ClickHouseStore
from tracker.store.clickhouse_client import ClickHouseClient
from tracker.store.upgrade import newest_version


@pytest.fixture(scope="session")
def clickhouse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the server's address, as clickhouse://127.0.0.1:port."""
    if importlib.util.find_spec("chdb") is None:
        pytest.skip("ClickHouse's engine for tests is not installed: pip install chdb")
    command = [sys.executable, "-m", "tests.kit.clickhouse_server"]
    environment = {**os.environ, "TMPDIR": str(tmp_path_factory.mktemp("clickhouse"))}  # it leaves its tables there
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        assert port, "the test server for ClickHouse did not start"
        yield f"clickhouse://127.0.0.1:{port}"
        while _free:
            _free.pop().client.close()
        server.communicate(timeout=30)


@contextmanager
def empty_database(server: str) -> Iterator[str]:
    """Yield the URL of a database on a server that has all tables and nothing in them.

    It is lent: emptied in the end and lent again, as to make the tables takes longer than most tests. One whose
    tables a test has changed is dropped.
    """
    if not _free:
        _free.append(_make_database(server))
    lent = _free.pop()
    yield lent.url
    if _tables(lent.client) == lent.tables:
        lent.client.execute(f"TRUNCATE ALL TABLES FROM {lent.name}")
        lent.client.execute(f"INSERT INTO schema_version VALUES ({newest_version()})")
        _free.append(lent)
    else:
        lent.client.execute(f"DROP DATABASE {lent.name} SYNC")
        lent.client.close()


class _Lent(NamedTuple):
    url: str
    name: str
    client: ClickHouseClient
    tables: dict[str, str]


_numbers = count(1)
_free: list[_Lent] = []


def _make_database(server: str) -> _Lent:
    name = f"test_{next(_numbers)}"
    with closing(ClickHouseClient(f"{server}/default")) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    url = f"{server}/{name}"
    with closing(ClickHouseStore(url)) as store:
        store.migrate()
    client = ClickHouseClient(url)
    return _Lent(url, name, client, _tables(client))


def _tables(client: ClickHouseClient) -> dict[str, str]:
    """Return how each table of the database was made, by its name."""
    tables = table("tables", column("name"), column("database"), column("create_table_query"), schema="system")
    here = tables.c.database == func.currentDatabase()
    return dict(client.rows(select(tables.c.name, tables.c.create_table_query).where(here)).rows)


@pytest.fixture
def clickhouse_url(clickhouse_server: str) -> Iterator[str]:
    """Yield the URL of an empty database."""
    with empty_database(clickhouse_server) as url:
        yield url


@pytest.fixture
def clickhouse_store(clickhouse_url: str) -> Iterator[ClickHouseStore]:
    store = ClickHouseStore(clickhouse_url)
    yield store
    store.close()
