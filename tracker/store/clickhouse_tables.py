"""The event store's tables as ClickHouse keeps them."""

from collections.abc import Iterator

from sqlalchemy import ARRAY, Column, Table

from tracker.store.clickhouse_dialect import type_of
from tracker.store.schema import (
    dirty,
    element_day,
    event,
    member,
    path_day,
    path_device_day,
    struggle,
    visit,
    visit_day,
)

# Few different values among millions of rows: kept as numbers into a dictionary.
_FEW_VALUES = {
    "kind", "host", "navigation", "source", "medium", "campaign", "campaign_term", "campaign_content", "device",
    "browser", "browser_version", "os", "os_version", "screen", "language", "country", "region", "city", "label",
    "agent", "name", "signal", "dimension", "element_tag", "element_role", "affordance", "exempt", "last_signal",
}  # fmt: skip

# Months of arrival, not of the event: an import of ten years is then one part a batch, and
# the look-back for duplicates (a week of arrival) reads one or two partitions. Within one,
# reports ask for a kind of event in a span of time. A batch asks for its visitors and views,
# which lie close in time: a Bloom filter leaves out the granules without them.
_EVENT = """
    INDEX visitors visitor_id TYPE bloom_filter(0.01),
    INDEX views view_id TYPE bloom_filter(0.01),
    INDEX arrivals received_at TYPE minmax,
    INDEX loads ingest_id TYPE minmax
) ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (site_id, kind, occurred_at)
SETTINGS non_replicated_deduplication_window = 10000"""

# A derived row is never changed: a newer version of it is written beside it, or one that says
# that it is gone, and queries read FINAL.
_DERIVED = """
    version UInt64,
    is_deleted UInt8{indexes}
) ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY ({key})"""

# One row a spool file, its newest version. It holds the mark, all that the file's batches
# counted so far and the greatest ingest_id in them, so that one insert of one row moves all three.
_PROGRESS = """CREATE TABLE IF NOT EXISTS progress (
    spool_file String,
    version UInt64,
    last_row Int64,
    tally Array(Tuple(Int32, String, String, Int64)),
    forgotten Bool,
    newest Int64
) ENGINE = ReplacingMergeTree(version)
ORDER BY spool_file"""

_SCHEMA_VERSION = """CREATE TABLE IF NOT EXISTS schema_version (
    version UInt32
) ENGINE = ReplacingMergeTree
ORDER BY version"""

KEYS = {
    visit.name: ("site_id", "started_at", "visit_id"),  # a visit's beginning is its first event's, so its id's too
    struggle.name: ("site_id", "occurred_at", "view_id", "seq", "signal"),
    path_day.name: ("site_id", "day", "bot", "ifNull(path, '')"),
    path_device_day.name: ("site_id", "day", "bot", "ifNull(path, '')", "ifNull(device, '')"),
    visit_day.name: ("site_id", "dimension", "day", "bot", "ifNull(value, '')", "isNull(value)"),
    element_day.name: ("site_id", "day", "bot", "path", "element", "plain"),
    dirty.name: ("site_id", "quarter"),
    member.name: ("site_id", "identifier_id", "since"),
}
"""What makes a derived row the same row."""


def definitions() -> Iterator[str]:
    """Yield the statements that make the tables where there are none yet."""
    yield f"CREATE TABLE IF NOT EXISTS event ({_columns(event)},{_EVENT}"
    yield _derived(visit, ",\n    INDEX visitors visitor_id TYPE bloom_filter(0.01)")
    yield _derived(struggle, ",\n    INDEX views view_id TYPE bloom_filter(0.01)")
    yield _derived(path_day)
    yield _derived(path_device_day)
    yield _derived(visit_day)
    yield _derived(element_day)
    yield _derived(dirty)
    yield _derived(member)
    yield _PROGRESS
    yield _SCHEMA_VERSION


def _derived(table: Table, indexes: str = "") -> str:
    tail = _DERIVED.format(indexes=indexes, key=", ".join(KEYS[table.name]))
    return f"CREATE TABLE IF NOT EXISTS {table.name} ({_columns(table)},{tail}"


def _columns(table: Table) -> str:
    return ",".join(f"\n    `{column.name}` {_type(column)}" for column in table.columns)


def _type(column: Column[object]) -> str:
    name = type_of(column.type)
    if column.nullable and not isinstance(column.type, ARRAY):  # there, what is missing is empty
        name = f"Nullable({name})"
    return f"LowCardinality({name})" if column.name in _FEW_VALUES else name
