"""Makes again, in DuckDB, all that follows from the stored events."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import duckdb
from sqlalchemy import ColumnElement, DateTime, func, literal, select, true

from tracker.daily import ROLLUPS
from tracker.signals import signals
from tracker.store.base import Span
from tracker.store.duckdb_dialect import spell
from tracker.store.duckdb_load import insert
from tracker.store.functions import quarter
from tracker.store.schema import dirty, event, visit
from tracker.visits import visits_of

EVENTS_AT_ONCE = 250_000  # in one transaction: bounds the memory that it takes

Writing = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]


def derive(writing: Writing, site_id: int | None) -> None:
    """Decide signals, make visits and mark every day for the rollup, a slice of the events at a time."""
    of_site = true() if site_id is None else event.c.site_id == site_id
    with writing() as cursor:
        counted = select(func.count(), func.coalesce(func.max(event.c.ingest_id), 0)).where(of_site)
        events, newest = cursor.execute(*spell(counted)).fetchall()[0]
        _forget_rollups(cursor, of_site, site_id)
    for first in range(0, newest + 1, EVENTS_AT_ONCE):
        with writing() as cursor:
            _decide_signals(cursor, of_site, first)
    slices = 1 << (events // EVENTS_AT_ONCE).bit_length()
    for number in range(slices):
        with writing() as cursor:
            _remake_visits(cursor, of_site, site_id, slices - 1, number)


def roll_up(cursor: duckdb.DuckDBPyConnection, site_id: int, day: Span) -> None:
    """Count one day of a site into every rollup and take its marks away."""
    begin, end = day
    for rollup in ROLLUPS:
        table = rollup.table
        old = table.delete().where(table.c.site_id == site_id, table.c.day >= begin, table.c.day < end)
        cursor.execute(*spell(old))
        fresh = rollup.counted(site_id, [day], literal(begin, DateTime()))
        insert(cursor, f"INSERT INTO {table.name} BY NAME", fresh)
    cursor.execute("DELETE FROM dirty WHERE site_id = ? AND quarter >= ? AND quarter < ?", [site_id, begin, end])


def _forget_rollups(cursor: duckdb.DuckDBPyConnection, of_site: ColumnElement[bool], site_id: int | None) -> None:
    for table in (*(rollup.table for rollup in ROLLUPS), dirty):
        here = true() if site_id is None else table.c.site_id == site_id
        cursor.execute(*spell(table.delete().where(here)))
    quarters = select(event.c.site_id, quarter(event.c.occurred_at).label("quarter")).where(of_site).distinct()
    insert(cursor, "INSERT INTO dirty BY NAME", quarters)


def _decide_signals(cursor: duckdb.DuckDBPyConnection, of_site: ColumnElement[bool], first: int) -> None:
    decided = signals(event)
    changed = (
        event.update()
        .values(signals=decided)
        .where(
            of_site,
            event.c.ingest_id >= first,
            event.c.ingest_id < first + EVENTS_AT_ONCE,
            event.c.kind == "click",
            event.c.signals.is_distinct_from(decided),
        )
    )
    cursor.execute(*spell(changed))


def _remake_visits(
    cursor: duckdb.DuckDBPyConnection, of_site: ColumnElement[bool], site_id: int | None, mask: int, number: int
) -> None:
    here = true() if site_id is None else visit.c.site_id == site_id
    cursor.execute(*spell(visit.delete().where(here, visit.c.visitor_id.bitwise_and(mask) == number)))
    insert(cursor, "INSERT INTO visit BY NAME", visits_of(of_site, event.c.visitor_id.bitwise_and(mask) == number))
