"""A ClickHouse server for tests: the real engine, in a process of its own, a database a test."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from tracker.store.clickhouse import ClickHouseStore
from tracker.store.clickhouse_client import ClickHouseClient

_numbers = count(1)


@pytest.fixture(scope="session")
def clickhouse_server() -> Iterator[str]:
    """Yield the server's address, as clickhouse://127.0.0.1:port."""
    if importlib.util.find_spec("chdb") is None:
        pytest.skip("ClickHouse's engine for tests is not installed: pip install chdb")
    command = [sys.executable, "-m", "tests.kit.clickhouse_server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        assert port, "the test server for ClickHouse did not start"
        yield f"clickhouse://127.0.0.1:{port}"
        server.communicate(timeout=30)


@contextmanager
def empty_database(server: str) -> Iterator[str]:
    """Yield the URL of an empty database on a server, and drop it in the end."""
    name = f"test_{next(_numbers)}"
    admin = ClickHouseClient(f"{server}/default")
    admin.execute(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    admin.execute(f"DROP DATABASE {name} SYNC")
    admin.close()


@pytest.fixture
def clickhouse_url(clickhouse_server: str) -> Iterator[str]:
    """Yield the URL of an empty database."""
    with empty_database(clickhouse_server) as url:
        yield url


@pytest.fixture
def clickhouse_store(clickhouse_url: str) -> Iterator[ClickHouseStore]:
    store = ClickHouseStore(clickhouse_url)
    store.migrate()
    yield store
    store.close()
