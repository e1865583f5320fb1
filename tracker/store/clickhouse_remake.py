"""Makes again, in ClickHouse, all that follows from the stored events."""

from sqlalchemy import ColumnElement, Table, and_, false, func, literal, select, true

from tracker.daily import ROLLUPS
from tracker.signals import signals
from tracker.store.base import Span
from tracker.store.clickhouse_client import FINAL, ClickHouseClient
from tracker.store.clickhouse_derived import next_version, replace, versioned
from tracker.store.functions import quarter
from tracker.store.schema import dirty, event, visit
from tracker.visits import visits_of

EVENTS_AT_ONCE = 1_000_000  # in one insert: bounds the server's memory


def derive(client: ClickHouseClient, site_id: int | None) -> None:
    """Decide signals, make visits and mark every day for the rollup, a slice of the visitors at a time."""
    of_site = _of(event, site_id)
    _mark_all_dirty(client, of_site)
    for rollup in ROLLUPS:
        nothing = select(*rollup.table.columns).where(false())
        replace(client, rollup.table, nothing, _of(rollup.table, site_id))
    _decide_signals(client, of_site)
    events = client.rows(select(func.count()).select_from(event).where(of_site)).rows[0][0]
    slices = 1 << (events // EVENTS_AT_ONCE).bit_length()
    for number in range(slices):
        replace(
            client,
            visit,
            visits_of(of_site, event.c.visitor_id.bitwise_and(slices - 1) == number),
            _of(visit, site_id),
            visit.c.visitor_id.bitwise_and(slices - 1) == number,
        )


def roll_up(client: ClickHouseClient, site_id: int, day: Span) -> None:
    """Count one day of a site into every rollup and take its marks away.

    A batch may be loaded meanwhile, from another host too: it leaves marks of a version two
    above what is read here, which the clean ones, one above, do not reach.
    """
    begin, end = day
    marks = versioned(dirty)
    here = and_(marks.c.site_id == site_id, marks.c.quarter >= begin, marks.c.quarter < end)
    seen = client.rows(select(marks.c.quarter, marks.c.version).where(here), settings=FINAL).rows
    for rollup in ROLLUPS:
        days = rollup.table.c
        of_day = and_(days.site_id == site_id, days.day >= begin, days.day < end)
        replace(client, rollup.table, rollup.counted(site_id, [day], literal(begin)), of_day)
    for moment, version in seen:
        clean = select(literal(site_id), literal(moment), literal(version + 1), literal(1))
        client.execute(clean, prefix="INSERT INTO dirty (site_id, quarter, version, is_deleted) ")


def _mark_all_dirty(client: ClickHouseClient, of_site: ColumnElement[bool]) -> None:
    version = next_version(client, dirty) + 1
    quarters = select(event.c.site_id, quarter(event.c.occurred_at).label("quarter"), literal(version), literal(0))
    client.execute(
        quarters.where(of_site).distinct(), prefix="INSERT INTO dirty (site_id, quarter, version, is_deleted) "
    )


def _decide_signals(client: ClickHouseClient, of_site: ColumnElement[bool]) -> None:
    decided = signals(event)
    changed = and_(of_site, event.c.kind == "click", event.c.signals.is_distinct_from(decided))
    client.execute(
        event.update().values(signals=decided).where(changed),
        settings={"mutations_sync": 1},
    )


def _of(table: Table, site_id: int | None) -> ColumnElement[bool]:
    return true() if site_id is None else table.c.site_id == site_id
