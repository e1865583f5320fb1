"""Decides stored clicks again in ClickHouse, by limits that moved, without making all else again."""

from sqlalchemy import MetaData, func, select

from tracker.store.clickhouse_client import ClickHouseClient
from tracker.store.clickhouse_derived import next_version, replace
from tracker.store.clickhouse_loading import Limits, touched, visits_begun
from tracker.store.clickhouse_marks import mark_dirty, mark_quarters
from tracker.store.clickhouse_remake import decide_signals, derive_struggles, of_site_in, undecided
from tracker.store.schema import dirty, event, struggle, visit
from tracker.struggles import CLICKS, OTHERS, RAGE, WAYS, told_by
from tracker.visits import visits_of

CLICKS_AT_ONCE = 100_000  # that changed; their visits have more

_NOTED = ("site_id", "visitor_id", "view_id", "occurred_at", "kind", "engaged_ms")


def decide(client: ClickHouseClient, site_id: int | None, limits: Limits) -> None:
    """Bring signals, and all that follows from them, to the limits in force.

    The clicks that change are noted in a table first, which lives until all is done: who was
    cut off finds them there, for their signals no longer tell.
    """
    changed = event.to_metadata(MetaData(), name=f"deciding_{'all' if site_id is None else site_id}")
    columns = ", ".join(_NOTED)
    rows = f"SELECT {columns} FROM event"  # noqa: S608 - names of ours  # nosec B608
    client.execute(f"CREATE TABLE IF NOT EXISTS {changed.name} ENGINE = MergeTree ORDER BY tuple() EMPTY AS {rows}")
    here = of_site_in(event, site_id)
    noted = select(*(event.c[name] for name in _NOTED)).where(undecided(here, limits))
    client.execute(noted, prefix=f"INSERT INTO {changed.name} ({columns}) ")
    decide_signals(client, here, limits)
    (clicks,) = client.rows(select(func.count()).select_from(changed)).rows[0]
    if clicks:
        mark_dirty(client, changed)
        mark_quarters(client, visits_begun(client, changed), next_version(client, dirty) + 1)
        slices = 1 << (clicks // CLICKS_AT_ONCE).bit_length()
        for number in range(slices):
            visitors, views = ("site_id", "visitor_id"), ("site_id", "view_id")
            old, new = (
                (*touched(table, changed, visitors), table.c.visitor_id.bitwise_and(slices - 1) == number)
                for table in (visit, event)
            )
            replace(client, visit, visits_of(*new), *old)
            old, new = (
                (*touched(table, changed, views), table.c.view_id.bitwise_and(slices - 1) == number)
                for table in (struggle, event)
            )
            replace(client, struggle, told_by(CLICKS, limits, *new), struggle.c.signal.in_(CLICKS.signals), *old)
    derive_struggles(client, site_id, limits, (OTHERS, RAGE, WAYS))
    client.execute(f"DROP TABLE {changed.name}")
