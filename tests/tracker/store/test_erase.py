"""A person's rows go from the store, on both engines, and what is left is as if they had never come."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.kit.ground import at
from tests.kit.store import Loading, Visiting, click, dead, stored
from tests.tracker.store.test_expire import DERIVED, number, told
from tests.tracker.test_struggles_again import EVENTS
from tracker.rollups import refresh
from tracker.sites import SiteInfo, create_site, describe
from tracker.store.base import EventStore, Trace
from tracker.store.duckdb import DuckStore
from tracker.store.schema import event, metadata, path_day, struggle

EVER, NEVER_ENDING = datetime(1970, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - as the store has times
ANN, BOB, DEVICE, ANN_S_LOGIN, BOB_S_LOGIN = 101, 102, 103, 201, 202


def always(*ids: int) -> list[Trace]:
    return [Trace(one, EVER, NEVER_ENDING) for one in ids]


def paths(store: EventStore) -> list[str]:
    return [path for (path,) in store.query(select(event.c.path).order_by(event.c.occurred_at)).rows]


def test_one_visitor_goes_and_the_numbers_of_the_others_stay(
    store: EventStore, visit: Visiting, site: SiteInfo
) -> None:
    visit("2026-03-01 10:00", ["/", "/only-ann"], [dead("#buy")], visitor=ANN)
    visit("2026-03-01 10:00", ["/"], [dead("#buy")], visitor=BOB)
    visit("2026-03-03 10:00", ["/"], visitor=ANN)
    visit("2026-03-04 10:00", ["/"], visitor=BOB)
    refresh(store, [site], at("2026-03-20 12:00"))
    assert store.erase_traces(site.id, site.tzinfo, always(ANN)) == 4
    refresh(store, [site], at("2026-03-20 12:00"))
    assert paths(store) == ["/", "/", "/"]
    assert number(store, struggle, site.id) == 1
    days = select(path_day.c.day, path_day.c.path, path_day.c.views).order_by(path_day.c.day)
    assert store.query(days).rows == [
        (stored("2026-02-28 23:00"), "/", 1),
        (stored("2026-03-03 23:00"), "/", 1),
    ]
    visits = metadata.tables["visit"]
    assert store.query(select(visits.c.visitor_id)).rows == [(BOB,), (BOB,)]
    assert store.erase_traces(site.id, site.tzinfo, always(ANN)) == 0


def test_of_a_shared_device_only_the_person_s_time_goes(store: EventStore, visit: Visiting, site: SiteInfo) -> None:
    visit("2026-03-01 10:00", ["/ann-1"], visitor=DEVICE, login_id=ANN_S_LOGIN, consent="stitched")
    visit("2026-03-01 10:05", ["/ann-2"], visitor=DEVICE)
    visit("2026-03-01 10:10", ["/bob-1"], visitor=DEVICE, login_id=BOB_S_LOGIN, consent="stitched")
    visit("2026-03-01 10:12", ["/bob-2", "/bob-3"], visitor=DEVICE)
    hers = [*always(ANN_S_LOGIN), Trace(DEVICE, EVER, stored("2026-03-01 10:10"))]
    assert store.erase_traces(site.id, site.tzinfo, hers) == 2
    assert paths(store) == ["/bob-1", "/bob-2", "/bob-3"]
    visits = metadata.tables["visit"]
    [(entry, views, trail)] = store.query(select(visits.c.entry, visits.c.views, visits.c.trail)).rows
    assert (entry, views, list(trail)) == ("/bob-1", 3, ["/bob-1", "/bob-2", "/bob-3"])


def test_who_was_signed_in_on_somebody_else_s_browser_keeps_what_is_theirs(
    store: EventStore, visit: Visiting, site: SiteInfo
) -> None:
    visit("2026-03-01 10:00", ["/hers"], visitor=ANN)
    visit("2026-03-01 12:00", ["/his"], visitor=ANN, login_id=BOB_S_LOGIN, consent="stitched")
    visit("2026-03-01 14:00", ["/hers-at-his"], visitor=BOB, login_id=ANN_S_LOGIN, consent="stitched")
    assert store.erase_traces(site.id, site.tzinfo, always(ANN, ANN_S_LOGIN)) == 2
    assert paths(store) == ["/his"]


def test_what_came_after_the_erasure_stays(store: EventStore, visit: Visiting, site: SiteInfo) -> None:
    visit("2026-03-01 10:00", ["/before"], visitor=ANN)
    visit("2026-03-05 10:00", ["/after"], visitor=ANN)
    until = stored("2026-03-04 10:00")
    assert store.erase_traces(site.id, site.tzinfo, [Trace(ANN, EVER, until)]) == 1
    assert paths(store) == ["/after"]


def test_other_sites_keep_a_visitor_of_the_same_number(
    store: EventStore, visit: Visiting, site: SiteInfo, database: Any
) -> None:
    with database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
    visit("2026-03-01 10:00", ["/"], [dead("#buy")], site=other, visitor=ANN)
    visit("2026-03-01 10:00", visitor=ANN)
    before = told(store, other.id)
    store.erase_traces(site.id, site.tzinfo, always(ANN))
    assert told(store, other.id) == before
    assert number(store, event, other.id) == 2


_sites = count(100)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, gone=st.sampled_from([{1}, {2}]))
def test_what_is_left_is_what_deriving_again_gives(
    store: EventStore, loading: Callable[[EventStore], Loading], site: SiteInfo, events: list[Any], gone: set[int]
) -> None:
    site_id = next(_sites)
    rows = [
        {
            **made,
            "properties": None,
            "site_id": site_id,
            "ingest_id": site_id * 1000 + number,
            "visitor_id": visitor,
            "view_id": view,  # two visitors in one view, which is harder than life
            "seq": number,
            "occurred_at": f"2026-03-10 0{int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{seconds % 60:06.3f}",
            "received_at": "2026-03-10 12:00:00.000",
            "path": f"/{view}",
            "trusted": True,
            "watched_after_ms": 7000,
        }
        for number, (visitor, view, seconds, made) in enumerate(events)
    ]
    load = loading(store)
    store.load(replace(load.batch(rows), last_row=site_id))  # each example is a batch of its own
    store.erase_traces(site_id, site.tzinfo, always(*gone, 999))
    after = told(store, site_id)
    store.derive(site_id)
    assert told(store, site_id) == after
    assert number(store, event, site_id) == sum(visitor not in gone for visitor, *_ in events)


def test_scrubbing_leaves_what_is_stored_and_goes_on(store: EventStore, visit: Visiting, site: SiteInfo) -> None:
    visit("2026-03-01 10:00", ["/", "/a"], [click("#x")], visitor=BOB)
    visit("2026-03-01 10:00", ["/marker-of-ann"], visitor=ANN)
    store.erase_traces(site.id, site.tzinfo, always(ANN))
    before = {table.name: number(store, table, site.id) for table in (event, *DERIVED)}
    store.scrub([(site.id, ANN)])
    assert {table.name: number(store, table, site.id) for table in (event, *DERIVED)} == before
    visit("2026-03-02 10:00", ["/b"], visitor=BOB)
    assert sorted(paths(store)) == ["/", "/", "/a", "/b"]


def test_the_bytes_of_an_erased_person_leave_the_duckdb_file(
    duckdb_store: DuckStore, loading: Callable[[EventStore], Loading], site: SiteInfo
) -> None:
    visit = Visiting(loading(duckdb_store), site)
    with visit.at_once():
        for person in range(300):
            visit("2026-03-01 10:00", [f"/p/{person}"], visitor=1000 + person, titles=[f"title of person {person:04}"])
    duckdb_store.checkpoint()
    assert b"person 0123" in duckdb_store.file.read_bytes()
    duckdb_store.erase_traces(site.id, site.tzinfo, always(1123))
    duckdb_store.checkpoint()
    assert b"person 0123" in duckdb_store.file.read_bytes()  # this is why there is a scrub
    duckdb_store.scrub([])
    folder = list(duckdb_store.file.parent.glob("*duckdb*"))
    assert not [path for path in folder if b"person 0123" in path.read_bytes()]
    assert b"person 0124" in duckdb_store.file.read_bytes()
    assert duckdb_store.query(select(func.count()).select_from(event)).rows == [(299,)]
