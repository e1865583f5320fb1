"""Decides stored clicks again in DuckDB, by limits that moved, without making all else again."""

import duckdb
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, func, select, true

from tracker.signal_versions import limits_by_site
from tracker.signals import signals
from tracker.store.duckdb_dialect import spell
from tracker.store.duckdb_load import Limits, derive_touched, insert, mark_dirty
from tracker.store.duckdb_remake import Writing, derive_struggles
from tracker.store.duckdb_struggles import INSERT
from tracker.store.schema import event, struggle
from tracker.struggles import CLICKS, OTHERS, RAGE, WAYS, told_by

EVENTS_AT_ONCE = 1_000_000  # in one transaction: bounds the memory that it takes

_fresh = event.to_metadata(MetaData(), name="fresh")
_changed = Table("changed", MetaData(), Column("ingest_id", BigInteger), Column("signals", Integer))


def decide(writing: Writing, site_id: int | None, limits: Limits) -> None:
    """Bring signals, and all that follows from them, to the limits in force.

    What a changed click follows into is made again with it: its visit and its own struggles,
    and its day counts as not rolled up. Struggles that are found among several events, or by
    limits alone, are found anew.
    """
    with writing() as cursor:
        newest = select(func.coalesce(func.max(event.c.ingest_id), 0))
        (last,) = cursor.execute(*spell(newest)).fetchall()[0]
    for first in range(0, last + 1, EVENTS_AT_ONCE):
        with writing() as cursor:
            _decide(cursor, site_id, first, limits)
    derive_struggles(writing, site_id, limits, (OTHERS, RAGE, WAYS))


def _decide(cursor: duckdb.DuckDBPyConnection, site_id: int | None, first: int, limits: Limits) -> None:
    """Decide the clicks of one slice of the events; a transaction of its own, so that nothing of it is left undone."""
    decided = signals(event, limits_by_site(limits, event.c.site_id))
    here = (event.c.ingest_id >= first, event.c.ingest_id < first + EVENTS_AT_ONCE)
    changed = select(event.c.ingest_id, decided.label("signals")).where(
        true() if site_id is None else event.c.site_id == site_id,
        *here,
        event.c.kind == "click",
        event.c.signals.is_distinct_from(decided),
    )
    insert(cursor, "CREATE OR REPLACE TEMP TABLE changed AS", changed)
    if not cursor.execute("SELECT count(*) FROM changed").fetchall()[0][0]:
        return
    again = event.update().values(signals=_changed.c.signals).where(event.c.ingest_id == _changed.c.ingest_id, *here)
    cursor.execute(*spell(again))
    rows = select(event).where(event.c.ingest_id.in_(select(_changed.c.ingest_id)), *here)
    insert(cursor, "CREATE OR REPLACE TEMP TABLE fresh AS", rows)
    mark_dirty(cursor)
    derive_touched(cursor)
    old = struggle.delete().where(
        struggle.c.signal.in_(CLICKS.signals),
        *(struggle.c[name] == _fresh.c[name] for name in ("site_id", "view_id", "seq")),
    )
    cursor.execute(*spell(old))
    insert(cursor, INSERT, told_by(CLICKS, limits, event.c.ingest_id.in_(select(_fresh.c.ingest_id)), *here))
