"""Marks, in ClickHouse, which quarters of an hour the rollups do not say all of, and that they do again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Table, literal, select

from tracker.store.clickhouse_client import ClickHouseClient
from tracker.store.clickhouse_derived import next_version
from tracker.store.functions import quarter
from tracker.store.schema import dirty

Quarter = tuple[int, datetime]
"""A site's id, and when a quarter of an hour begins, in UTC without a zone."""


class Mark(NamedTuple):
    """That a quarter is to be counted again, or `cleaned`, that it was; the highest version is what holds."""

    site_id: int
    quarter: datetime
    version: int
    cleaned: bool = False


def mark_dirty(client: ClickHouseClient, incoming: Table) -> None:
    """Take the batch's quarters of an hour out of the rollups.

    The version leaves room for the one with which a rollup that has not seen these rows would
    clean them: see `clickhouse_remake.roll_up`.
    """
    version = next_version(client, dirty) + 1
    began = quarter(incoming.c.occurred_at)
    quarters = select(incoming.c.site_id, began.label("quarter"), literal(version), literal(0)).distinct()
    client.execute(quarters, prefix="INSERT INTO dirty (site_id, quarter, version, is_deleted) ")


def mark_quarters(client: ClickHouseClient, quarters: Collection[Quarter], version: int) -> None:
    """Take quarters of an hour out of the rollups, with a version as `mark_dirty` says."""
    insert_marks(client, [Mark(*one, version) for one in sorted(quarters)])


def insert_marks(client: ClickHouseClient, marks: Sequence[Mark]) -> None:
    """Insert marks all at once: each insert is a part that the server has to merge."""
    row = '{{"site_id":{},"quarter":"{:%Y-%m-%d %H:%M:%S}","version":{},"is_deleted":{:d}}}\n'
    if marks:
        client.insert_lines("dirty", [row.format(*mark).encode() for mark in marks])
