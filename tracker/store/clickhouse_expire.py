"""Lets what is too old go from ClickHouse."""

from datetime import datetime

from sqlalchemy import MetaData, func, select

from tracker.store.clickhouse_client import FINAL, ClickHouseClient
from tracker.store.clickhouse_loading import Limits, derive_touched
from tracker.store.expiring import BEGINS, torn
from tracker.store.schema import event

_DONE: dict[str, str | int | float] = {"mutations_sync": 1}  # answer when the rows are gone, not when noted


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
    names = ", ".join(column.name for column in event.columns)
    client.execute(torn(site_id, before), prefix=f"INSERT INTO {noted.name} ({names}) ", settings=FINAL)
    time = f"toDateTime64('{before:%Y-%m-%d %H:%M:%S}', 3, 'UTC')"
    for table, begins in BEGINS.items():
        client.execute(f"ALTER TABLE {table} DELETE WHERE site_id = {site_id:d} AND {begins} < {time}", settings=_DONE)
    derive_touched(client, noted, limits)
    client.execute(f"DROP TABLE {noted.name}")
    return int(events)
