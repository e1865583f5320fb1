"""How a batch gets into ClickHouse exactly once, although nothing spans two statements there.

Every step may be done again, and a crash between any two is mended by loading the same batch
again, which stays on disk until then. Its rows go to a table of their own first. Those not yet
known are added to `event` in one insert under the batch's token, which the server does not
do twice even when the first try is still under way. What was loaded is counted by looking,
not by remembering. At last one row moves the mark and the tallies together.
"""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    MetaData,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    select,
    text,
    tuple_,
    union_all,
)

from tracker.signal_versions import limits_by_site
from tracker.signals import Thresholds, signals
from tracker.store.base import Batch, Loaded
from tracker.store.clickhouse_client import FINAL, ClickHouseClient
from tracker.store.clickhouse_derived import next_version, replace
from tracker.store.clickhouse_dialect import type_of
from tracker.store.clickhouse_marks import Quarter, mark_dirty, mark_quarters
from tracker.store.clickhouse_progress import Tally, read_progress, write_progress
from tracker.store.functions import count_distinct, epoch_ms, quarter
from tracker.store.schema import dirty, event, struggle, visit
from tracker.struggles import FAMILIES, Family, told_by
from tracker.visits import GAP_MS, OF_A_VISIT, begin_ms, visits_of

SAME_EVENT_WITHIN = timedelta(days=7)
_GIVEN = [column.name for column in event.columns if column.name != "signals"]
_ARRAYS = {column.name: type_of(column.type) for column in event.columns if isinstance(column.type, ARRAY)}
# an array can never be null there and may be missing in a row: it comes as its JSON, which can
_STAGED = ", ".join(f"CAST(NULL, 'Nullable(String)') AS {name}" for name in _ARRAYS)


_VISITORS = ("site_id", "visitor_id")
Limits = Mapping[int, Thresholds]
"""The limits of the sites that have their own."""


def load(client: ClickHouseClient, batch: Batch, limits: Limits | None = None) -> Loaded:
    """Add the batch's new rows and all that follows from them, unless its mark is reached already."""
    progress = read_progress(client, batch.spool_file)
    if batch.spool_file and progress.last_row >= batch.last_row:
        return Loaded(0, 0)
    tally, newest = Tally(batch.tallies), 0
    if batch.rows:
        with _staged(client, batch.spool_file, batch.file) as incoming:
            _add_events(client, batch, incoming, limits or {})
            mark_dirty(client, incoming)
            derive_touched(client, incoming, limits or {})
            counted, newest = _count(client, incoming)
            tally += counted
    write_progress(client, progress.after(batch.last_row, tally, newest))
    return Loaded(*(_total(tally, outcome) for outcome in ("loaded", "duplicate")))


def try_rows(client: ClickHouseClient, file: Path) -> None:
    """Store a file's rows nowhere; BatchRefusedError when they do not fit."""
    with _staged(client, f"try {uuid.uuid4()}", file):
        pass


@contextmanager
def _staged(client: ClickHouseClient, spool_file: str, file: Path) -> Iterator[Table]:
    """Hold a file's rows in a table that lives as long as the load."""
    incoming = event.to_metadata(MetaData(), name=_staging_name(spool_file))
    rows = f"SELECT * REPLACE ({_STAGED}) FROM event"  # noqa: S608 - names of ours  # nosec B608
    client.execute(f"CREATE OR REPLACE TABLE {incoming.name} ENGINE = Memory EMPTY AS {rows}")
    try:
        client.insert_file(incoming.name, file)
        yield incoming
    finally:
        drop_staging(client, spool_file)


def drop_staging(client: ClickHouseClient, spool_file: str) -> None:
    """Remove what a load that broke off may have left."""
    client.execute(f"DROP TABLE IF EXISTS {_staging_name(spool_file)}")


def _staging_name(spool_file: str) -> str:
    """Return the name of the table for a spool file's batches; loaders of several hosts do not meet."""
    return f"incoming_{hashlib.sha256(spool_file.encode()).hexdigest()[:16]}"


def _add_events(client: ClickHouseClient, batch: Batch, incoming: Table, limits: Limits) -> None:
    earliest = datetime.fromtimestamp(batch.earliest_received_at_ms / 1000, UTC)
    same_views = event.c.view_id.in_(select(incoming.c.view_id))
    known = select(*_identity(event)).where(same_views, event.c.received_at >= earliest - SAME_EVENT_WITHIN)
    decided = signals(incoming, limits_by_site(limits, incoming.c.site_id))
    unknown = (
        select(*(_given(incoming, name) for name in _GIVEN), decided.label("signals"))
        .where(tuple_(*_identity(incoming)).not_in(known))
        .order_by(incoming.c.ingest_id)
        .suffix_with(text("LIMIT 1 BY site_id, view_id, seq"))
    )
    client.execute(
        unknown,
        prefix=f"INSERT INTO event ({', '.join(_GIVEN)}, signals) ",
        settings={"insert_deduplication_token": f"{batch.spool_file or batch.file.name}:{batch.last_row}"},
    )


def _given(incoming: Table, name: str) -> ColumnElement[Any]:
    column: ColumnElement[Any] = incoming.c[name]
    if name not in _ARRAYS:
        return column
    return func.JSONExtract(func.coalesce(cast(column, String), "[]"), _ARRAYS[name]).label(name)


def visits_begun(client: ClickHouseClient, incoming: Table) -> set[Quarter]:
    """Return when the visits began that the rows of a table may have changed, or may change."""
    reach = (
        select(incoming.c.site_id, incoming.c.visitor_id, (func.min(begin_ms(incoming)) - GAP_MS).label("reach_ms"))
        .where(incoming.c.visitor_id.is_not(None), incoming.c.kind.in_(OF_A_VISIT))
        .group_by(incoming.c.site_id, incoming.c.visitor_id)
        .subquery("reach")
    )
    near = and_(visit.c.site_id == reach.c.site_id, visit.c.visitor_id == reach.c.visitor_id)
    begun = (
        select(visit.c.site_id, quarter(visit.c.started_at).label("quarter"))
        .join(reach, near)
        .where(epoch_ms(visit.c.ended_at) >= reach.c.reach_ms, *touched(visit, incoming, _VISITORS)[:2])
        .distinct()
    )
    return {(int(site_id), moment) for site_id, moment in client.rows(begun, settings=FINAL).rows}


def derive_touched(client: ClickHouseClient, incoming: Table, limits: Limits) -> None:
    """Make visits and struggles again that the rows of a table may have changed, and mark the days of the visits.

    The days of the former ones are marked before, for who is cut off will not find them again, and
    once more afterwards, for a rollup may have been made of them meanwhile.
    """
    views = ("site_id", "view_id")
    before, version = visits_begun(client, incoming), next_version(client, dirty) + 1
    mark_quarters(client, before, version)
    replace(client, visit, visits_of(*touched(event, incoming, _VISITORS)), *touched(visit, incoming, _VISITORS))
    mark_quarters(client, before | visits_begun(client, incoming), version + 2)
    kinds = {kind for (kind,) in client.rows(select(incoming.c.kind).distinct()).rows}
    for key in (views, _VISITORS):
        families = [
            family
            for family in FAMILIES
            if kinds & set(family.kinds)
            and (family.key == ("visitor_id",)) == (key == _VISITORS)
            and _has_enough(client, incoming, key, family)
        ]
        if not families:
            continue
        told = union_all(*(told_by(family, limits, *touched(event, incoming, key)) for family in families)).subquery()
        signals_of = [signal for family in families for signal in family.signals]
        replace(client, struggle, select(*told.c), struggle.c.signal.in_(signals_of), *touched(struggle, incoming, key))


def _has_enough(client: ClickHouseClient, incoming: Table, key: tuple[str, str], family: Family) -> bool:
    """Tell whether a family can find anything: counting is cheaper than looking in vain."""
    if family.needs is None:
        return True
    kind, least = family.needs
    counted = (
        select(func.count().label("events"))
        .where(event.c.kind == kind, *touched(event, incoming, key))
        .group_by(*(event.c[name] for name in key))
        .subquery("counted")
    )
    ((most,),) = client.rows(select(func.coalesce(func.max(counted.c.events), 0))).rows
    return int(most) >= least


def touched(table: Table, incoming: Table, key: tuple[str, str]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for rows of the batch's visitors or views.

    The plain ones let the index work, the last is exact.
    """
    ids, keys = [incoming.c[name] for name in key], [table.c[name] for name in key]
    known = ids[1].is_not(None)
    return (
        keys[0].in_(select(ids[0])),
        keys[1].in_(select(ids[1]).where(known)),
        tuple_(*keys).in_(select(*ids).where(known)),
    )


def _count(client: ClickHouseClient, incoming: Table) -> tuple[Tally, int]:
    """Count by site what is in `event` under the batch's own numbers, and what is not: that was known before.

    The greatest of the numbers comes with it.
    """
    number = incoming.c.ingest_id
    first, last = (select(bound(number)).scalar_subquery() for bound in (func.min, func.max))
    stored = select(event.c.site_id, event.c.ingest_id).where(event.c.ingest_id.between(first, last))
    is_stored = tuple_(incoming.c.site_id, number).in_(stored)
    counts: tuple[ColumnElement[Any], ...] = (
        count_distinct(number),
        count_distinct(case((is_stored, number))),
        func.max(number),
    )
    tally, newest = Tally(), 0
    for site_id, rows, loaded, greatest in client.rows(
        select(incoming.c.site_id, *counts).group_by(incoming.c.site_id)
    ).rows:
        tally[site_id, "loaded", ""] = loaded
        tally[site_id, "duplicate", ""] = rows - loaded
        newest = max(newest, int(greatest))
    return tally, newest


def _total(tally: Tally, outcome: str) -> int:
    return sum(events for (_, ended, _), events in tally.items() if ended == outcome)


def _identity(rows: Table) -> tuple[ColumnElement[Any], ...]:
    return rows.c.site_id, rows.c.view_id, rows.c.seq
