"""Lets what is too old go from DuckDB, inside a transaction that its caller holds."""

from datetime import datetime

import duckdb

from tracker.store.duckdb_load import Limits, derive_touched, insert, retell_touched
from tracker.store.expiring import BEGINS, torn


def expire(cursor: duckdb.DuckDBPyConnection, site_id: int, before: datetime, limits: Limits) -> int:
    """Delete a site's rows of before a midnight and tell anew what it tore; returns how many events went."""
    insert(cursor, "CREATE OR REPLACE TEMP TABLE fresh AS", torn(site_id, before))
    gone = {}
    for table, begins in BEGINS.items():
        delete = f"DELETE FROM {table} WHERE site_id = ? AND {begins} < ?"  # noqa: S608 - names of ours  # nosec B608
        gone[table] = cursor.execute(delete, [site_id, before]).fetchall()[0][0]
    derive_touched(cursor)
    retell_touched(cursor, limits)
    return int(gone["event"])
