"""What is asked of an event store meanwhile, so that a test may see what is asked twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Select

from tracker.store.duckdb import DuckStore
from tracker.store.duckdb_dialect import spell


@contextmanager
def questions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Yield a list to which each question to DuckDB is added, with its values."""
    asked: list[str] = []
    query = DuckStore.query

    def noted(store: DuckStore, statement: Select[Any], *rest: Any, **words: Any) -> Any:
        asked.append(repr(spell(statement)))
        return query(store, statement, *rest, **words)

    with monkeypatch.context() as patched:
        patched.setattr(DuckStore, "query", noted)
        yield asked
