"""Makes again, in ClickHouse, all that follows from the stored events."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Table, and_, false, func, literal, select, true

from tracker.daily import TABLES, counted_into
from tracker.signal_versions import limits_by_site
from tracker.signals import signals
from tracker.store.base import Span
from tracker.store.clickhouse_client import FINAL, ClickHouseClient
from tracker.store.clickhouse_derived import next_version, replace, versioned
from tracker.store.clickhouse_loading import Limits
from tracker.store.clickhouse_marks import Mark, insert_marks
from tracker.store.functions import quarter
from tracker.store.schema import dirty, event, struggle, visit
from tracker.struggles import FAMILIES, Family, told_by
from tracker.visits import visits_of

EVENTS_AT_ONCE = 1_000_000  # in one insert: bounds the server's memory


def derive(client: ClickHouseClient, site_id: int | None, limits: Limits) -> None:
    """Decide signals, make visits and struggles, and mark every day for the rollup, a slice at a time."""
    here = of_site_in(event, site_id)
    forget_rollups(client, site_id)
    decide_signals(client, here, limits)
    slices = _slices(client, here)
    for number in range(slices):
        replace(
            client,
            visit,
            visits_of(here, event.c.visitor_id.bitwise_and(slices - 1) == number),
            of_site_in(visit, site_id),
            visit.c.visitor_id.bitwise_and(slices - 1) == number,
        )
    derive_struggles(client, site_id, limits)


def derive_struggles(
    client: ClickHouseClient, site_id: int | None, limits: Limits, families: Sequence[Family] = FAMILIES
) -> None:
    """Make the struggles again, a slice of the events at a time."""
    slices = _slices(client, of_site_in(event, site_id))
    for family in families:
        by = family.key[0] if family.key else "view_id"
        for number in range(slices):
            replace(
                client,
                struggle,
                told_by(family, limits, of_site_in(event, site_id), event.c[by].bitwise_and(slices - 1) == number),
                of_site_in(struggle, site_id),
                struggle.c.signal.in_(family.signals),
                struggle.c[by].bitwise_and(slices - 1) == number,
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
    for table in TABLES:
        of_day = and_(table.c.site_id == site_id, table.c.day >= begin, table.c.day < end)
        replace(client, table, counted_into(table, site_id, day), of_day)
    insert_marks(client, [Mark(site_id, moment, version + 1, cleaned=True) for moment, version in seen])


def forget_rollups(client: ClickHouseClient, site_id: int | None) -> None:
    """Mark every day with events of a site, or of all, and take them out of the rollups."""
    _mark_all_dirty(client, of_site_in(event, site_id))
    for table in TABLES:
        replace(client, table, select(*table.columns).where(false()), of_site_in(table, site_id))


def _slices(client: ClickHouseClient, here: ColumnElement[bool]) -> int:
    events = client.rows(select(func.count()).select_from(event).where(here)).rows[0][0]
    return 1 << (int(events) // EVENTS_AT_ONCE).bit_length()


def _mark_all_dirty(client: ClickHouseClient, of_site: ColumnElement[bool]) -> None:
    version = next_version(client, dirty) + 1
    quarters = select(event.c.site_id, quarter(event.c.occurred_at).label("quarter"), literal(version), literal(0))
    client.execute(
        quarters.where(of_site).distinct(), prefix="INSERT INTO dirty (site_id, quarter, version, is_deleted) "
    )


def decide_signals(client: ClickHouseClient, of_site: ColumnElement[bool], limits: Limits) -> None:
    """Decide the clicks that `undecided` tells of, in place."""
    decided = signals(event, limits_by_site(limits, event.c.site_id))
    again = event.update().values(signals=decided).where(undecided(of_site, limits))
    client.execute(again, settings={"mutations_sync": 1})


def undecided(of_site: ColumnElement[bool], limits: Limits) -> ColumnElement[bool]:
    """Tell which stored clicks' signals are not what the limits say."""
    decided = signals(event, limits_by_site(limits, event.c.site_id))
    return and_(of_site, event.c.kind == "click", event.c.signals.is_distinct_from(decided))


def of_site_in(table: Table, site_id: int | None) -> ColumnElement[bool]:
    """Return the condition for a table's rows of one site, or of all."""
    return true() if site_id is None else table.c.site_id == site_id
