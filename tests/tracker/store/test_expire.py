"""What is too old goes from the store, on both engines, and what is left is as if it had come alone."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.kit.ground import at
from tests.kit.store import Loading, Visiting, click, dead, form, stored
from tests.tracker.test_struggles_again import EVENTS
from tracker.rollups import refresh
from tracker.sites import SiteInfo, create_site, describe
from tracker.store.base import EventStore
from tracker.store.clickhouse import ClickHouseStore
from tracker.store.clickhouse_client import ClickHouseClient
from tracker.store.expiring import BEGINS
from tracker.store.schema import dirty, event, metadata, path_day, struggle, visit

MIDNIGHT = stored("2026-03-09 23:00")  # Warsaw's
DERIVED = (visit, struggle)


def told(store: EventStore, site_id: int) -> dict[str, list[str]]:
    """Return all rows of what is derived."""
    asked = {table.name: select(table).where(table.c.site_id == site_id) for table in DERIVED}
    return {name: sorted(map(repr, store.query(statement).rows)) for name, statement in asked.items()}


def number(store: EventStore, table: Any, site_id: int) -> int:
    return int(store.query(select(func.count()).select_from(table).where(table.c.site_id == site_id)).rows[0][0])


def test_old_days_go_and_young_ones_stay_to_the_millisecond(store: EventStore, visit: Visiting, site: SiteInfo) -> None:
    visit("2026-03-01 10:00", ["/old"], [dead("#buy")])
    visit("2026-03-09 22:59:59.999", ["/last"])
    visit("2026-03-09 23:00", ["/first"])
    visit("2026-03-10 10:00", ["/young"], [dead("#buy")])
    refresh(store, [site], at("2026-03-20 12:00"))
    assert number(store, path_day, site.id) == 4
    assert store.expire(site.id, MIDNIGHT) == 3
    paths = [path for (path,) in store.query(select(event.c.path).order_by(event.c.occurred_at)).rows]
    assert paths == ["/first", "/young", "/young"]
    entries = select(metadata.tables["visit"].c.entry).order_by(metadata.tables["visit"].c.started_at)
    assert store.query(entries).rows == [("/first",), ("/young",)]
    assert number(store, struggle, site.id) == 1
    assert store.query(select(path_day.c.path, path_day.c.views).order_by(path_day.c.path)).rows == [
        ("/first", 1),
        ("/young", 1),
    ]
    assert number(store, dirty, site.id) == 0
    assert store.expire(site.id, MIDNIGHT) == 0


def test_other_sites_keep_what_they_have(store: EventStore, visit: Visiting, site: SiteInfo, database: Any) -> None:
    with database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
    visit("2026-03-01 10:00", ["/"], [dead("#buy")], site=other)
    visit("2026-03-01 10:00")
    before = told(store, other.id)
    store.expire(site.id, MIDNIGHT)
    assert told(store, other.id) == before
    assert number(store, event, other.id) == 2
    assert number(store, event, site.id) == 0


def test_a_visit_over_midnight_is_told_by_what_is_left_of_it(
    store: EventStore, visit: Visiting, site: SiteInfo
) -> None:
    visits = metadata.tables["visit"]
    visit("2026-03-09 22:58", ["/a", "/b", "/c", "/d"], also=[form("#order", "left", view=3)])
    store.expire(site.id, MIDNIGHT)
    found = store.query(select(visits.c.started_at, visits.c.entry, visits.c.views, visits.c.trail)).rows
    assert [(*row[:3], list(row[3])) for row in found] == [(MIDNIGHT, "/c", 2, ["/c", "/d"])]
    assert store.query(select(struggle.c.signal)).rows == [("form_abandon",)]


def test_a_burst_of_clicks_over_midnight_is_told_by_those_after_it(
    store: EventStore, visit: Visiting, site: SiteInfo
) -> None:
    burst = [click("#buy", after_s=seconds / 5, page_x=9, page_y=9) for seconds in range(12)]
    visit("2026-03-09 22:59:59", ["/"], burst, visitor=None)
    store.expire(site.id, MIDNIGHT)
    raging = select(struggle.c.occurred_at, struggle.c.repetitions).where(struggle.c.signal == "rage")
    assert store.query(raging).rows == [(MIDNIGHT, 7)]


@pytest.mark.parametrize("table", metadata.tables)
def test_every_table_of_a_time_is_cut(table: str) -> None:
    begins = {"occurred_at", "started_at", "day", "quarter"} & {column.name for column in metadata.tables[table].c}
    assert begins == ({BEGINS[table]} if table in BEGINS else set())


_sites = count(100)


@pytest.mark.clickhouse
def test_what_a_former_version_left_half_done_is_done(
    clickhouse_store: ClickHouseStore, clickhouse_url: str, loading: Callable[[EventStore], Loading], site: SiteInfo
) -> None:
    """Its table of what is torn is still there, and was made before events had one of their columns."""
    Visiting(loading(clickhouse_store), site)("2026-03-01 10:00", ["/old"])
    with closing(ClickHouseClient(clickhouse_url)) as client:
        noted = f"expiring_{site.id}"
        client.execute(f"CREATE TABLE {noted} ENGINE = MergeTree ORDER BY tuple() EMPTY AS SELECT * FROM event")
        client.execute(f"ALTER TABLE {noted} DROP COLUMN imported")
    assert clickhouse_store.expire(site.id, MIDNIGHT) == 1
    assert number(clickhouse_store, event, site.id) == 0


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, cut=st.sampled_from([0, 2, 5, 7, 9, 900, 1800, 4500, 7200]))
def test_what_is_left_is_what_deriving_again_gives(
    store: EventStore, loading: Callable[[EventStore], Loading], events: list[Any], cut: int
) -> None:
    site_id = next(_sites)
    rows = [
        {
            **made,
            "properties": None,
            "site_id": site_id,
            "ingest_id": site_id * 1000 + number,
            "visitor_id": visitor,
            "view_id": view * 10 + visitor,
            "seq": number,
            "occurred_at": f"2026-03-10 0{int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{seconds % 60:06.3f}",
            "received_at": "2026-03-10 12:00:00.000",
            "path": f"/{view}",
            "trusted": True,
            "watched_after_ms": 7000,
        }
        for number, (visitor, view, seconds, made) in enumerate(events)
    ]
    batch = loading(store).batch(rows, 0)
    loaded = store.load(replace(batch, spool_file=f"test {site_id}"))  # a mark of its own, or it would be there already
    assert loaded.loaded == len(rows)
    store.expire(site_id, stored("2026-03-10 00:00") + timedelta(seconds=cut))
    left = told(store, site_id)
    store.derive(site_id)
    assert told(store, site_id) == left
