"""Loads a batch into DuckDB, inside a transaction that its caller holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Select, Table, select

from tracker.signals import signals
from tracker.store.base import Batch, Loaded
from tracker.store.duckdb_dialect import DIALECT, spell
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
"""  # noqa: S608 - names and types of ours
# sorted, so that what belongs together lies together and packs well
_FRESH = """
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT incoming.* FROM incoming
ANTI JOIN (
    SELECT site_id, view_id, seq FROM event
    WHERE received_at >= ? AND view_id IN (SELECT view_id FROM incoming)
) known USING (site_id, view_id, seq)
QUALIFY row_number() OVER (PARTITION BY site_id, view_id, seq ORDER BY ingest_id) = 1
ORDER BY site_id, visitor_id, view_id, seq
"""
_DIRTY = """
INSERT INTO dirty
SELECT DISTINCT site_id, time_bucket(INTERVAL 15 MINUTES, occurred_at) AS quarter FROM fresh
WHERE kind IN ('view', 'engagement')
EXCEPT SELECT site_id, quarter FROM dirty
"""
_COUNTS = """
SELECT site_id, count(*), coalesce(any_value(fresh.rows), 0)
FROM incoming LEFT JOIN (SELECT site_id, count(*) AS rows FROM fresh GROUP BY site_id) fresh USING (site_id)
GROUP BY site_id
"""
_BOUNDS = """
SELECT min(occurred_at - to_milliseconds(CASE WHEN kind = 'engagement' THEN coalesce(engaged_ms, 0) ELSE 0 END))
FROM fresh WHERE visitor_id IS NOT NULL
"""
_fresh = event.to_metadata(MetaData(), name="fresh")
_touched = Table(
    "touched", MetaData(), Column("site_id", Integer), Column("visitor_id", BigInteger), Column("since", DateTime)
)
_NEW_EVENTS = select(*(_fresh.c[column.name] for column in _COLUMNS), signals(_fresh).label("signals"))
_MARK = "INSERT INTO mark VALUES (?, ?) ON CONFLICT DO UPDATE SET last_row = excluded.last_row"
_TALLY = "INSERT INTO tally VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET events = events + excluded.events"


def load(cursor: duckdb.DuckDBPyConnection, batch: Batch) -> Loaded:
    """Add the batch's new rows and all that follows from them, unless its mark is reached already."""
    if batch.spool_file:
        reached = cursor.execute("SELECT last_row FROM mark WHERE spool_file = ?", [batch.spool_file]).fetchone()
        if reached and reached[0] >= batch.last_row:
            return Loaded(0, 0)
        cursor.execute(_MARK, [batch.spool_file, batch.last_row])
    tallies = dict(batch.tallies)
    loaded = duplicate = 0
    if batch.rows:
        read_rows(cursor, batch.file)
        for site_id, rows, fresh in _add_events(cursor, batch.earliest_received_at_ms):
            loaded += fresh
            duplicate += rows - fresh
            tallies[site_id, "loaded", ""] = fresh
            tallies[site_id, "duplicate", ""] = rows - fresh
    for key, events in tallies.items():
        if events:
            cursor.execute(_TALLY, [*key, events])
    return Loaded(loaded, duplicate)


def read_rows(cursor: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Read a batch's file into the cursor's own table `incoming`; duckdb.Error when a row does not fit."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE incoming AS {_FROM_FILES}", [str(file.resolve())])


def rows_of(files: Sequence[Path]) -> str:
    """Return a query for the rows of batch files as `event` holds them, with their signals."""
    names = ", ".join("'" + str(file.resolve()).replace("'", "''") + "'" for file in files)
    decided = _NEW_EVENTS.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True})
    return f"WITH fresh AS ({_FROM_FILES.replace('$1', f'[{names}]')}) {decided}"


def _add_events(cursor: duckdb.DuckDBPyConnection, earliest_received_at_ms: int) -> list[Any]:
    """Store what is new in `incoming` and derive its visitors' visits; gives (site_id, rows, new rows)."""
    earliest = _EPOCH + timedelta(milliseconds=earliest_received_at_ms)
    cursor.execute(_FRESH, [earliest - SAME_EVENT_WITHIN])
    counts = cursor.execute(_COUNTS).fetchall()
    insert_events(cursor)
    cursor.execute(_DIRTY)
    derive_touched(cursor)
    return counts


def insert_events(cursor: duckdb.DuckDBPyConnection) -> int:
    """Store the rows of `fresh`, their signals decided; returns how many."""
    insert(cursor, "INSERT INTO event BY NAME", _NEW_EVENTS)
    return int(cursor.fetchall()[0][0])


def derive_touched(cursor: duckdb.DuckDBPyConnection) -> None:
    """Make the visits again that the rows of `fresh` may have changed."""
    bounds = cursor.execute(_BOUNDS).fetchone()
    if bounds is None or bounds[0] is None:
        return
    earliest = bounds[0] - timedelta(seconds=VISIT_GAP_S)
    insert(cursor, "CREATE OR REPLACE TEMP TABLE touched AS", touched_by(_fresh, earliest))
    (since,) = cursor.execute("SELECT min(since) FROM touched").fetchall()[0]
    cursor.execute(
        "DELETE FROM visit USING touched WHERE visit.site_id = touched.site_id "
        "AND visit.visitor_id = touched.visitor_id AND visit.started_at >= touched.since AND visit.started_at >= ?",
        [since],
    )
    insert(cursor, "INSERT INTO visit BY NAME", visits_of(event.c.occurred_at >= since, touched=_touched))


def insert(cursor: duckdb.DuckDBPyConnection, into: str, rows: Select[Any]) -> None:
    """Run a statement of the logical tables behind a head such as INSERT INTO."""
    sql, values = spell(rows)
    cursor.execute(f"{into} {sql}", values)
