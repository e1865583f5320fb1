"""Replaces derived rows in ClickHouse in one insert, so that no reader finds them missing."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, MetaData, Select, Table, func, literal, select, text

from tracker.store.clickhouse_client import FINAL, ClickHouseClient
from tracker.store.clickhouse_tables import KEYS

VERSION = "version"


def versioned(table: Table) -> Table:
    """Return a derived table with the column that ClickHouse adds to it."""
    copy = table.to_metadata(MetaData())
    copy.append_column(Column(VERSION, BigInteger))
    return copy


def next_version(client: ClickHouseClient, table: Table, *scope: ColumnElement[bool]) -> int:
    """Return a version above those of all rows in `scope`, those that are gone included."""
    newest = func.coalesce(func.max(versioned(table).c.version), 0)
    return int(client.rows(select(newest).where(*scope)).rows[0][0]) + 1


def replace(client: ClickHouseClient, table: Table, fresh: Select[Any], *scope: ColumnElement[bool]) -> None:
    """Put the rows of `fresh` in the place of all rows of `table` that meet `scope`.

    `fresh` gives the table's columns, by name. A row that it no longer gives gets a newer version that
    says so. Doing it again changes nothing.
    """
    version = next_version(client, table, *scope)
    names = [column.name for column in table.columns]
    new = fresh.subquery("new")
    rows = (
        select(*(new.c[name] for name in names), literal(0).label("gone"))
        .union_all(select(*table.columns, literal(1).label("gone")).where(*scope))
        .subquery("rows")
    )
    statement = (
        select(*(rows.c[name] for name in names), literal(version).label(VERSION), rows.c.gone)
        .order_by(rows.c.gone)
        .suffix_with(text(f"LIMIT 1 BY {', '.join(KEYS[table.name])}"))
    )
    into = f"INSERT INTO {table.name} ({_quoted(names)}, {VERSION}, is_deleted) "
    client.execute(statement, prefix=into, settings=FINAL)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
