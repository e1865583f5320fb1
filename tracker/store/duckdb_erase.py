"""Erases a person's rows from DuckDB, inside a transaction that its caller holds, and their bytes from its file."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from sqlalchemy import MetaData, select

from tracker.daily import TABLES
from tracker.store.base import Trace
from tracker.store.duckdb_dialect import spell
from tracker.store.duckdb_files import quoted
from tracker.store.duckdb_load import Limits, insert
from tracker.store.erasing import days_of, hangs_on, known, of_traces, quarters_of
from tracker.store.schema import event, struggle, visit
from tracker.struggles import FAMILIES, told_by
from tracker.visits import visits_of

WORK = ".rewrite-"
_DIRTY = "INSERT INTO dirty SELECT $1, $2 EXCEPT SELECT site_id, quarter FROM dirty"
_gone = event.to_metadata(MetaData(), name="fresh")


def erase(
    cursor: duckdb.DuckDBPyConnection, site_id: int, zone: ZoneInfo, traces: Sequence[Trace], limits: Limits
) -> int:
    """Delete a person's events and tell anew what they were part of; returns how many events went."""
    theirs = of_traces(event, site_id, traces)
    insert(cursor, "CREATE OR REPLACE TEMP TABLE fresh AS", select(event).where(theirs))
    (events,) = cursor.execute("SELECT count(*) FROM fresh").fetchall()[0]
    if not events:
        return 0
    quarters = [moment for (moment,) in cursor.execute(*spell(quarters_of(_gone, site_id))).fetchall()]
    cursor.executemany(_DIRTY, [[site_id, moment] for moment in quarters])
    days = days_of(quarters, zone)
    for table in TABLES:  # the job counts these days anew; until then they are counted from events
        cursor.execute(*spell(table.delete().where(table.c.site_id == site_id, table.c.day.in_(days))))
    cursor.execute(*spell(event.delete().where(theirs)))
    visitors = known(_gone, "visitor_id")
    cursor.execute(*spell(visit.delete().where(visit.c.site_id == site_id, visit.c.visitor_id.in_(visitors))))
    left = visits_of(event.c.site_id == site_id, event.c.visitor_id.in_(visitors))
    insert(cursor, "INSERT INTO visit BY NAME", left)
    for family in FAMILIES:
        old = struggle.delete().where(
            struggle.c.signal.in_(family.signals), *hangs_on(family, struggle, _gone, site_id)
        )
        cursor.execute(*spell(old))
        told = told_by(family, limits, *hangs_on(family, event, _gone, site_id))
        insert(cursor, "INSERT INTO struggle BY NAME", told)
    cursor.execute("DROP TABLE fresh")
    return int(events)


def copy_afresh(file: Path, memory_mb: int) -> Path:
    """Write all that a store's file holds into a new file beside it, and return that one.

    A deleted row stays in the file until its block is needed for something else, so only a new
    file is sure to be without it. The old one must stand still, its log folded in.
    """
    fresh = file.with_name(f"{WORK}{file.name}")
    link = file.with_name(f"{WORK}old-{file.name}")
    for path in (fresh, link):
        path.unlink(missing_ok=True)
    os.link(file, link)  # the engine refuses to open one path twice
    try:
        with tempfile.TemporaryDirectory(prefix=WORK, dir=file.parent) as spill:
            config: dict[str, str | bool | int | float | list[str]] = {
                "memory_limit": f"{memory_mb}MB",
                "threads": 1,
                "temp_directory": spill,
            }
            with duckdb.connect(":memory:", config=config) as engine:
                engine.execute(f"ATTACH {quoted(link)} AS old (READ_ONLY)")
                engine.execute(f"ATTACH {quoted(fresh)} AS fresh")
                engine.execute("COPY FROM DATABASE old TO fresh")
                engine.execute("CHECKPOINT fresh")
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    finally:
        link.unlink()
    with fresh.open("rb") as made:
        os.fsync(made.fileno())
    return fresh
