"""Makes again, in DuckDB, all that follows from the stored events."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import duckdb
import structlog
from sqlalchemy import BigInteger, ColumnElement, Table, bindparam, func, select, true, tuple_

from tracker.daily import TABLES, counted_into
from tracker.signal_versions import limits_by_site
from tracker.signals import signals
from tracker.store.base import Span
from tracker.store.duckdb_dialect import Spelled, spell
from tracker.store.duckdb_load import Limits, insert
from tracker.store.functions import quarter
from tracker.store.schema import dirty, event, struggle, visit
from tracker.struggles import FAMILIES, WAYS, Family, told_by
from tracker.struggles.ways import turning
from tracker.visits import visits_of

EVENTS_AT_ONCE = 250_000  # in one transaction: bounds the memory that it takes
STRUGGLES_OF_AT_ONCE = 2_500_000  # they need narrow rows, and only what is found among several events is sorted

_log = structlog.get_logger("footfall.store")

Writing = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]


def derive(writing: Writing, site_id: int | None, limits: Limits) -> None:
    """Decide signals, make visits and struggles, and mark every day for the rollup, a slice of the events at a time."""
    of_site = true() if site_id is None else event.c.site_id == site_id
    with writing() as cursor:
        counted = select(func.count(), func.coalesce(func.max(event.c.ingest_id), 0)).where(of_site)
        events, newest = cursor.execute(*spell(counted)).fetchall()[0]
        forget_rollups(cursor, site_id)
    for first in range(0, newest + 1, EVENTS_AT_ONCE):
        with writing() as cursor:
            _decide_signals(cursor, of_site, first, limits)
    slices = 1 << (events // EVENTS_AT_ONCE).bit_length()
    for number in range(slices):
        with writing() as cursor:
            _remake_visits(cursor, of_site, site_id, slices - 1, number)
    derive_struggles(writing, site_id, limits)


def derive_struggles(
    writing: Writing, site_id: int | None, limits: Limits, families: Sequence[Family] = FAMILIES
) -> None:
    """Make the struggles again, a slice of the events at a time."""
    counted = select(func.count()).select_from(event).where(true() if site_id is None else event.c.site_id == site_id)
    with writing() as cursor:
        (events,) = cursor.execute(*spell(counted)).fetchall()[0]
    slices = 1 << (events // STRUGGLES_OF_AT_ONCE).bit_length()
    for family in families:
        _remake_struggles(writing, family, site_id, slices if family.key else 1, limits)
    if events:
        _log.info("struggles derived", events=events, site=site_id)


def roll_up(cursor: duckdb.DuckDBPyConnection, site_id: int, day: Span) -> None:
    """Count one day of a site into every rollup and take its marks away."""
    begin, end = day
    for table in TABLES:
        old = table.delete().where(table.c.site_id == site_id, table.c.day >= begin, table.c.day < end)
        cursor.execute(*spell(old))
        insert(cursor, f"INSERT INTO {table.name} BY NAME", counted_into(table, site_id, day))
    cursor.execute("DELETE FROM dirty WHERE site_id = ? AND quarter >= ? AND quarter < ?", [site_id, begin, end])


def forget_rollups(cursor: duckdb.DuckDBPyConnection, site_id: int | None) -> None:
    """Take all days of a site, or of all, out of the rollups, and mark those with events."""
    of_site = true() if site_id is None else event.c.site_id == site_id
    for table in (*TABLES, dirty):
        here = true() if site_id is None else table.c.site_id == site_id
        cursor.execute(*spell(table.delete().where(here)))
    quarters = select(event.c.site_id, quarter(event.c.occurred_at).label("quarter")).where(of_site).distinct()
    insert(cursor, "INSERT INTO dirty BY NAME", quarters)


def _decide_signals(
    cursor: duckdb.DuckDBPyConnection, of_site: ColumnElement[bool], first: int, limits: Limits
) -> None:
    decided = signals(event, limits_by_site(limits, event.c.site_id))
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


def _remake_struggles(writing: Writing, family: Family, site_id: int | None, slices: int, limits: Limits) -> None:
    by = family.key[0] if family.key else "view_id"
    number = bindparam("number", None, BigInteger())

    def part(table: Table) -> tuple[ColumnElement[bool], ...]:
        here = true() if site_id is None else table.c.site_id == site_id
        return here, table.c[by].bitwise_and(slices - 1) == number

    events = list(part(event))
    if family is WAYS:
        turned = select(visit.c.site_id, visit.c.visitor_id).where(turning(limits.values()), *part(visit))
        events.append(tuple_(event.c.site_id, event.c.visitor_id).in_(turned))
    forget = Spelled(struggle.delete().where(struggle.c.signal.in_(family.signals), *part(struggle)))
    tell = Spelled(told_by(family, limits, *events), "INSERT INTO struggle BY NAME")
    for each in range(slices):
        with writing() as cursor:
            cursor.execute(forget.sql, forget.values(number=each))
            cursor.execute(tell.sql, tell.values(number=each))
