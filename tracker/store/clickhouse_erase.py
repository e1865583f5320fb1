"""Erases a person's rows from ClickHouse."""

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import MetaData, Table, func, or_, select, tuple_

from tracker.daily import TABLES
from tracker.store.base import Trace
from tracker.store.clickhouse_client import FINAL, ClickHouseClient
from tracker.store.clickhouse_derived import next_version, replace
from tracker.store.clickhouse_loading import Limits
from tracker.store.clickhouse_marks import mark_quarters
from tracker.store.erasing import days_of, hangs_on, known, of_traces, quarters_of
from tracker.store.members import of_site
from tracker.store.schema import dirty, event, member, struggle, visit
from tracker.struggles import FAMILIES, told_by
from tracker.visits import visits_of

_DONE: dict[str, str | int | float] = {"mutations_sync": 1}  # answer when the rows are gone, not when noted
_NOTED = ("site_id", "ingest_id", "visitor_id", "view_id", "occurred_at")
_AT_ONCE = 1000


def erase(client: ClickHouseClient, site_id: int, zone: ZoneInfo, traces: Sequence[Trace], limits: Limits) -> int:
    """Delete a person's events and tell anew what they were part of; returns how many events went.

    Whose visits and views they were is noted in a table first, which lives until all is done: who
    was cut off finds it there.
    """
    theirs = of_traces(event, site_id, traces)
    ((events,),) = client.rows(select(func.count()).select_from(event).where(theirs)).rows
    noted = Table(f"erasing_{site_id:d}", MetaData(), *(event.c[name]._copy() for name in _NOTED))
    names = ", ".join(_NOTED)
    like = f"SELECT {names} FROM event"  # noqa: S608 - names of ours  # nosec B608
    client.execute(f"CREATE TABLE IF NOT EXISTS {noted.name} ENGINE = MergeTree ORDER BY tuple() EMPTY AS {like}")
    columns = [event.c[name] for name in _NOTED]
    client.execute(select(*columns).where(theirs), prefix=f"INSERT INTO {noted.name} ({names}) ")
    ((found,),) = client.rows(select(func.count()).select_from(noted)).rows
    if found:
        _take_out_of_rollups(client, site_id, zone, noted)
        rows = tuple_(event.c.ingest_id, event.c.view_id).in_(select(noted.c.ingest_id, noted.c.view_id))
        client.execute(event.delete().where(event.c.site_id == site_id, rows), settings=_DONE)
        _tell_anew(client, site_id, noted, limits)
    client.execute(f"DROP TABLE {noted.name}")
    return int(events)


def forget_members(client: ClickHouseClient, identifiers: Collection[tuple[int, int]]) -> None:
    """Delete what the copy of memberships says, and ever said, of some (site id, identifier)s and their profiles."""
    for site_id, ids in of_site(identifiers).items():
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            told = or_(member.c.identifier_id.in_(some), member.c.profile_id.in_(some))
            client.execute(member.delete().where(member.c.site_id == site_id, told), settings=_DONE)


def _take_out_of_rollups(client: ClickHouseClient, site_id: int, zone: ZoneInfo, noted: Table) -> None:
    """Let the job count these days anew; until then they are counted from events."""
    quarters = [moment for (moment,) in client.rows(quarters_of(noted, site_id), settings=FINAL).rows]
    mark_quarters(client, [(site_id, moment) for moment in quarters], next_version(client, dirty) + 1)
    days = days_of(quarters, zone)
    for table in TABLES:
        old = table.delete().where(table.c.site_id == site_id, table.c.day.in_(days))
        client.execute(old, settings=_DONE)


def _tell_anew(client: ClickHouseClient, site_id: int, noted: Table, limits: Limits) -> None:
    """Delete what is derived of these visitors and views, older versions of it too, and derive what is left."""
    visitors = known(noted, "visitor_id")
    mine = (visit.c.site_id == site_id, visit.c.visitor_id.in_(visitors))
    client.execute(visit.delete().where(*mine), settings=_DONE)
    replace(client, visit, visits_of(event.c.site_id == site_id, event.c.visitor_id.in_(visitors)), *mine)
    for family in FAMILIES:
        told = (struggle.c.signal.in_(family.signals), *hangs_on(family, struggle, noted, site_id))
        client.execute(struggle.delete().where(*told), settings=_DONE)
        replace(client, struggle, told_by(family, limits, *hangs_on(family, event, noted, site_id)), *told)
