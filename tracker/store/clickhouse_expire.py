"""Lets what is too old go from ClickHouse."""

from datetime import datetime

from sqlalchemy import MetaData, column, func, select
from sqlalchemy import table as lightweight

from tracker.store.clickhouse_client import FINAL, ClickHouseClient
from tracker.store.clickhouse_loading import Limits, derive_touched
from tracker.store.expiring import BEGINS, torn
from tracker.store.schema import event

_DONE: dict[str, str | int | float] = {"mutations_sync": 1}  # answer when the rows are gone, not when noted
_columns = lightweight("columns", column("name"), column("type"), column("table"), column("database"), schema="system")
_here = _columns.c.database == func.currentDatabase()


def expire(client: ClickHouseClient, site_id: int, before: datetime, limits: Limits) -> int:
    """Delete a site's rows of before a midnight and tell anew what it tore; returns how many events went.

    What is torn is noted in a table first, which lives until all is done: who was cut off
    finds it there.
    """
    old = select(func.count()).where(event.c.site_id == site_id, event.c.occurred_at < before)
    ((events,),) = client.rows(old).rows
    noted = event.to_metadata(MetaData(), name=f"expiring_{site_id:d}")
    all_columns = "SELECT * FROM event"
    client.execute(
        f"CREATE TABLE IF NOT EXISTS {noted.name} ENGINE = MergeTree ORDER BY tuple() EMPTY AS {all_columns}"
    )
    _complete(client, noted.name)
    names = ", ".join(column.name for column in event.columns)
    client.execute(torn(site_id, before), prefix=f"INSERT INTO {noted.name} ({names}) ", settings=FINAL)
    time = f"toDateTime64('{before:%Y-%m-%d %H:%M:%S}', 3, 'UTC')"
    for table, begins in BEGINS.items():
        client.execute(f"ALTER TABLE {table} DELETE WHERE site_id = {site_id:d} AND {begins} < {time}", settings=_DONE)
    derive_touched(client, noted, limits)
    client.execute(f"DROP TABLE {noted.name}")
    return int(events)


def _complete(client: ClickHouseClient, noted: str) -> None:
    """Give a table that an expiry of a former version left, cut off, the columns that events got since."""
    names = [name for (name,) in client.rows(select(_columns.c.name).where(_columns.c.table == noted, _here)).rows]
    of_events = select(_columns.c.name, _columns.c.type).where(_columns.c.table == event.name, _here)
    for name, kind in client.rows(of_events.where(_columns.c.name.not_in(names))).rows:
        client.execute(f"ALTER TABLE {noted} ADD COLUMN {name} {kind}")
