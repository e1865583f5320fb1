"""Loads a batch into DuckDB, inside a transaction that its caller holds."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Select, Table, bindparam, select

from tracker.signal_versions import limits_by_site
from tracker.signals import Thresholds, signals
from tracker.store.base import Batch, Loaded
from tracker.store.duckdb_dialect import DIALECT, Spelled, spell
from tracker.store.duckdb_files import quoted
from tracker.store.duckdb_struggles import Struggles
from tracker.store.schema import VISIT_GAP_S, event
from tracker.visits import touched_by, visits_of

SAME_EVENT_WITHIN = timedelta(days=7)
_COLUMNS = [column for column in event.c if column.name != "signals"]
_NAMES = ", ".join(column.name for column in _COLUMNS)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the store's times are UTC without a zone

_FROM_FILES = f"""
SELECT {_NAMES}
FROM read_json($1, format = 'newline_delimited', columns = {{
    {", ".join(f"{column.name}: '{column.type.compile(DIALECT)}'" for column in _COLUMNS)}
}})
"""  # noqa: S608 - names and types of ours  # nosec B608
# what came before: in this batch, or some days ago at most
_REPEATED = """
DELETE FROM fresh WHERE rowid IN (
    SELECT rowid FROM fresh QUALIFY row_number() OVER (PARTITION BY site_id, view_id, seq ORDER BY ingest_id) > 1
    UNION ALL
    SELECT rowid FROM fresh SEMI JOIN (
        SELECT site_id, view_id, seq FROM event WHERE received_at >= ? AND view_id IN (SELECT view_id FROM fresh)
    ) known USING (site_id, view_id, seq)
)
"""
_DIRTY = """
INSERT INTO dirty
SELECT DISTINCT site_id, time_bucket(INTERVAL 15 MINUTES, occurred_at) AS quarter FROM fresh
EXCEPT SELECT site_id, quarter FROM dirty
"""
# a visit that another joins, or that is cut in two, is one less or more on the day of its beginning
_BEGUN = """
INSERT INTO dirty
SELECT DISTINCT visit.site_id, time_bucket(INTERVAL 15 MINUTES, visit.started_at) AS quarter
FROM visit JOIN touched USING (site_id, visitor_id)
WHERE visit.started_at >= touched.since AND visit.started_at >= ?
EXCEPT SELECT site_id, quarter FROM dirty
"""
_COUNT = "SELECT site_id, count(*) FROM fresh GROUP BY site_id"
_BOUNDS = """
SELECT min(occurred_at - to_milliseconds(CASE WHEN kind = 'engagement' THEN coalesce(engaged_ms, 0) ELSE 0 END))
FROM fresh WHERE visitor_id IS NOT NULL
"""
_fresh = event.to_metadata(MetaData(), name="fresh")
_touched = Table(
    "touched", MetaData(), Column("site_id", Integer), Column("visitor_id", BigInteger), Column("since", DateTime)
)
# spelled once: with so many columns it takes a good part of what loading a small batch does
_since = bindparam("since", None, DateTime())
_FIND_TOUCHED = Spelled(touched_by(_fresh, _since), "CREATE OR REPLACE TEMP TABLE touched AS")
_INSERT_VISITS = Spelled(visits_of(event.c.occurred_at >= _since, touched=_touched), "INSERT INTO visit BY NAME")
# what is alike then lies together and packs well: the evidence of clicks, a visitor's many rows
_PACKED = "ORDER BY site_id, kind, visitor_id, view_id, seq"
# The books are kept by deleting and adding: for a row that was updated, a checkpoint waits until nobody reads any more.
_UNNUMBERED = "DELETE FROM numbered RETURNING ingest_id"
_NUMBERED = "INSERT INTO numbered SELECT greatest(?, max(ingest_id)) FROM fresh"
_UNTALLY = "DELETE FROM tally WHERE site_id = ? AND outcome = ? AND reason = ? RETURNING events"
_TALLY = "INSERT INTO tally VALUES (?, ?, ?, ?)"


Limits = Mapping[int, Thresholds]
"""The limits of the sites that have their own."""


def load(cursor: duckdb.DuckDBPyConnection, batch: Batch, limits: Limits) -> Loaded:
    """Add the batch's new rows and all that follows from them, unless its mark is reached already."""
    if batch.spool_file:
        reached = cursor.execute("SELECT last_row FROM mark WHERE spool_file = ?", [batch.spool_file]).fetchone()
        if reached and reached[0] >= batch.last_row:
            return Loaded(0, 0)
        cursor.execute("DELETE FROM mark WHERE spool_file = ?", [batch.spool_file])
        cursor.execute("INSERT INTO mark VALUES (?, ?)", [batch.spool_file, batch.last_row])
    tallies = dict(batch.tallies)
    loaded = duplicate = 0
    if batch.rows:
        read_rows(cursor, batch.file)
        cursor.execute(_NUMBERED, cursor.execute(_UNNUMBERED).fetchone())
        for site_id, rows, fresh in _add_events(cursor, batch.earliest_received_at_ms, limits):
            loaded += fresh
            duplicate += rows - fresh
            tallies[site_id, "loaded", ""] = fresh
            tallies[site_id, "duplicate", ""] = rows - fresh
    for key, events in tallies.items():
        if events:
            (before,) = cursor.execute(_UNTALLY, key).fetchone() or (0,)
            cursor.execute(_TALLY, [*key, before + events])
    return Loaded(loaded, duplicate)


def read_rows(cursor: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Read a batch's file into the cursor's own table `fresh`; duckdb.Error when a row does not fit."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS {_FROM_FILES}", [str(file.resolve())])


def rows_of(files: Sequence[Path]) -> str:
    """Return a query for the rows of batch files as `event` holds them, with their signals."""
    names = ", ".join(map(quoted, files))
    decided = _new_events({}).compile(dialect=DIALECT, compile_kwargs={"literal_binds": True})
    return f"WITH fresh AS ({_FROM_FILES.replace('$1', f'[{names}]')}) {decided}"


def _add_events(
    cursor: duckdb.DuckDBPyConnection, earliest_received_at_ms: int, limits: Limits
) -> Iterator[tuple[int, int, int]]:
    """Store what is new in `fresh` and derive visits and struggles; gives (site_id, rows, new rows)."""
    earliest = _EPOCH + timedelta(milliseconds=earliest_received_at_ms)
    rows = cursor.execute(_COUNT).fetchall()
    cursor.execute(_REPEATED, [earliest - SAME_EVENT_WITHIN])
    new = dict(cursor.execute(_COUNT).fetchall())
    insert_events(cursor, _PACKED, limits)
    mark_dirty(cursor)
    derive_touched(cursor)
    _statements(tuple(limits.items())).struggles.follow(cursor)
    return ((site_id, count, new.get(site_id, 0)) for site_id, count in rows)


def insert_events(cursor: duckdb.DuckDBPyConnection, order: str = "", limits: Limits | None = None) -> int:
    """Store the rows of `fresh`, their signals decided, as they lie or in an order; returns how many."""
    insert_all = _statements(tuple((limits or {}).items())).insert_events
    cursor.execute(f"{insert_all.sql} {order}", insert_all.values())
    return int(cursor.fetchall()[0][0])


def mark_dirty(cursor: duckdb.DuckDBPyConnection) -> None:
    """Take the quarters of an hour of the rows in `fresh` out of the rollups."""
    cursor.execute(_DIRTY)


class _Statements:
    """The statements that depend on limits, spelled."""

    def __init__(self, limits: Limits) -> None:
        self.insert_events = Spelled(_new_events(limits), "INSERT INTO event BY NAME")
        self.struggles = Struggles(limits)


@lru_cache(maxsize=4)
def _statements(limits: tuple[tuple[int, Thresholds], ...]) -> _Statements:
    return _Statements(dict(limits))


def _new_events(limits: Limits) -> Select[Any]:
    decided = signals(_fresh, limits_by_site(limits, _fresh.c.site_id)).label("signals")
    return select(*(_fresh.c[column.name] for column in _COLUMNS), decided)


def derive_touched(cursor: duckdb.DuckDBPyConnection) -> None:
    """Make the visits again that the rows of `fresh` may have changed; their days are rolled up no more."""
    bounds = cursor.execute(_BOUNDS).fetchone()
    if bounds is None or bounds[0] is None:
        return
    earliest = bounds[0] - timedelta(seconds=VISIT_GAP_S)
    cursor.execute(_FIND_TOUCHED.sql, _FIND_TOUCHED.values(since=earliest))
    (since,) = cursor.execute("SELECT min(since) FROM touched").fetchall()[0]
    cursor.execute(_BEGUN, [since])
    cursor.execute(
        "DELETE FROM visit USING touched WHERE visit.site_id = touched.site_id "
        "AND visit.visitor_id = touched.visitor_id AND visit.started_at >= touched.since AND visit.started_at >= ?",
        [since],
    )
    cursor.execute(_INSERT_VISITS.sql, _INSERT_VISITS.values(since=since))
    cursor.execute(_BEGUN, [since])


def retell_touched(cursor: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Make the struggles again that are found among several events, where the rows of `fresh` are some of them."""
    _statements(tuple(limits.items())).struggles.retell(cursor)


def insert(cursor: duckdb.DuckDBPyConnection, into: str, rows: Select[Any]) -> None:
    """Run a statement of the logical tables behind a head such as INSERT INTO."""
    sql, values = spell(rows)
    cursor.execute(f"{into} {sql}", values)
