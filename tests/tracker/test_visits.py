"""Visits come from events alone: the same whatever order and batches they came in."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.kit.ground import at
from tests.kit.store import Loading, Visiting, click, dead, failed, slow, worked
from tracker.store.base import EventStore
from tracker.store.duckdb import DuckStore
from tracker.store.schema import event
from tracker.store.schema import visit as visit_table


def only(store: EventStore) -> dict[str, Any]:
    records = store.query(select(visit_table)).records()
    assert len(records) == 1
    return records[0]


def visits(store: EventStore) -> list[dict[str, Any]]:
    return store.query(select(visit_table).order_by(visit_table.c.started_at, visit_table.c.visit_id)).records()


def test_a_visit_says_where_it_began_and_ended_and_on_which_way(store: EventStore, visit: Visiting):
    visitor = visit(
        "2026-03-01 10:00", ["/", "/a", "/b"], [dead(view=1)], engaged_s=[5, 20, 0], referrer="https://news.example/x"
    )
    found = only(store)
    assert (found["visitor_id"], found["host"]) == (visitor, "shop.example")
    assert (found["entry"], found["exit"], found["views"], found["clicks"]) == ("/", "/b", 3, 1)
    assert (found["started_at"], found["ended_at"]) == (
        at("2026-03-01 10:00").replace(tzinfo=None),
        at("2026-03-01 10:02").replace(tzinfo=None),
    )
    assert found["trail"] == ["/", "/a", "/b"]
    assert found["trail_offset_ms"] == [0, 60_000, 120_000]
    assert found["trail_engaged_ms"] == [5000, 20_000, 0]
    assert found["trail_signals"] == [0, 1, 0]
    assert found["engaged_ms"] == 25_000
    assert (found["trail_cut"], found["bounced"], found["unengaged"]) == (False, False, False)
    assert "news.example" in found["referrer"]
    assert found["browser"] == "Firefox"


def test_its_id_is_its_first_events_and_its_revision_its_newest(store: EventStore, visit: Visiting):
    visit("2026-03-01 10:00", ["/", "/a"])
    found = only(store)
    ids = store.query(select(event.c.view_id, event.c.seq, event.c.ingest_id).order_by(event.c.occurred_at)).rows
    assert found["visit_id"] == ids[0][0] ^ ids[0][1]
    assert found["revision"] == ids[-1][2]


def test_what_is_unknown_of_the_first_view_is_not_taken_from_a_later_one(store: EventStore, visit: Visiting):
    visitor = visit("2026-03-01 10:00", ["/"])
    visit("2026-03-01 10:05", ["/a"], visitor=visitor, referrer="https://news.example/")
    assert only(store)["source"] is None
    assert [source for (source,) in store.query(select(event.c.source).order_by(event.c.occurred_at)).rows][-1]


@pytest.mark.parametrize(("minutes", "expected"), [(29, 1), (30, 1), (31, 2)])
def test_a_pause_of_more_than_half_an_hour_ends_a_visit(
    store: EventStore, visit: Visiting, minutes: int, expected: int
):
    visitor = visit("2026-03-01 10:00", ["/"])
    visit(f"2026-03-01 10:{minutes}", ["/a"], visitor=visitor)
    assert len(visits(store)) == expected


def test_midnight_does_not_end_a_visit(store: EventStore, visit: Visiting):
    visitor = visit("2026-03-01 22:55", ["/"])
    visit("2026-03-01 23:05", ["/a"], visitor=visitor)
    assert only(store)["trail"] == ["/", "/a"]


def test_a_late_event_joins_two_visits(store: EventStore, visit: Visiting):
    visitor = visit("2026-03-01 10:00", ["/"])
    visit("2026-03-01 10:50", ["/b"], visitor=visitor)
    assert len(visits(store)) == 2
    visit("2026-03-01 10:25", ["/a"], visitor=visitor)
    assert only(store)["trail"] == ["/", "/a", "/b"]


def test_long_reading_is_no_pause(store: EventStore, visit: Visiting):
    visitor = visit("2026-03-01 10:00", ["/long"], engaged_s=2400, step_s=2400)
    visit("2026-03-01 10:41", ["/next"], visitor=visitor)
    found = only(store)
    assert found["trail"] == ["/long", "/next"]
    assert found["trail_engaged_ms"] == [2_400_000, 0]


def test_coming_back_to_an_open_page_is_no_visit_until_something_is_done(store: EventStore, visit: Visiting):
    visit("2026-03-01 10:00", ["/"], engaged_s=10, step_s=5000)
    found = only(store)
    assert (found["views"], found["engaged_ms"]) == (1, 10_000)
    late = visit("2026-03-01 12:00", ["/"], engaged_s=0)
    visit("2026-03-01 10:00", ["/"], [click(after_s=4000)], visitor=late)
    assert [(found["views"], found["clicks"], found["entry"]) for found in visits(store)] == [
        (1, 0, "/"),
        (1, 0, "/"),
        (0, 1, None),
        (1, 0, "/"),
    ]


def test_views_of_nobody_are_in_no_visit(store: EventStore, visit: Visiting):
    visit("2026-03-01 10:00", ["/"], visitor=None)
    assert store.query(select(event.c.path)).rows == [("/",)]
    assert visits(store) == []


BOUNCES = [
    ("one view", ["/"], {}, True),
    ("two views", ["/", "/a"], {}, False),
    ("a click that worked", ["/"], {"clicks": [worked()]}, False),
    ("a slow click", ["/"], {"clicks": [slow()]}, False),
    ("a dead click", ["/"], {"clicks": [dead()]}, True),
    ("a disabled control", ["/"], {"clicks": [dead(disabled=True)]}, True),
    ("an error click", ["/"], {"clicks": [failed()]}, True),
    ("a dead click, then one that worked", ["/"], {"clicks": [dead(), worked(after_s=8)]}, False),
    ("a click on plain content", ["/"], {"clicks": [worked(affordance="none")]}, True),
    ("a click by a script", ["/"], {"clicks": [worked(trusted=None)]}, True),
    ("a click in a text field", ["/"], {"clicks": [click(exempt="text")]}, False),
    ("a custom event", ["/"], {"custom": ["signup"]}, False),
    ("reading for long", ["/"], {"engaged_s": 50}, True),
]


def test_a_bounce_is_one_view_and_nothing_that_worked(store: EventStore, visit: Visiting):
    names = {}
    for name, trail, more, _ in BOUNCES:
        names[visit("2026-03-01 10:00", trail, **more)] = name
    bounced = {names[found["visitor_id"]]: found["bounced"] for found in visits(store)}
    assert bounced == {name: expected for name, _, _, expected in BOUNCES}


@pytest.mark.parametrize(
    ("trail", "more", "expected"),
    [
        (["/"], {"engaged_s": 9.9}, True),
        (["/"], {"engaged_s": 10}, False),
        (["/"], {"custom": ["signup"]}, False),
        (["/"], {"clicks": [worked()]}, True),
        (["/", "/a"], {}, False),
    ],
)
def test_unengaged_is_one_view_of_less_than_ten_seconds(
    duckdb_store: DuckStore, loading: Any, site: Any, trail: list[str], more: dict[str, Any], expected: bool
):
    Visiting(loading(duckdb_store), site)("2026-03-01 10:00", trail, **more)
    assert only(duckdb_store)["unengaged"] is expected


@pytest.mark.parametrize(
    ("trail", "clicks", "expected"),
    [
        (["/"], [], (None, None)),
        (["/"], [worked()], (None, None)),
        (["/"], [dead("#buy")], ("dead", "#buy")),
        (["/"], [slow("#buy")], ("slow", "#buy")),
        (["/"], [failed("#buy")], ("error", "#buy")),
        (["/"], [dead("#buy", mutation_ms=3000)], ("dead", "#buy")),
        (["/"], [dead("#buy"), slow("#more", after_s=9)], ("slow", "#more")),
        (["/"], [dead("#buy"), worked("#more", after_s=9)], ("dead", "#buy")),
        (["/", "/a"], [dead("#buy")], (None, None)),
        (["/", "/a"], [dead("#buy"), slow("#more", view=1)], ("slow", "#more")),
    ],
)
def test_the_last_signal_is_the_last_since_the_last_view_began(
    duckdb_store: DuckStore, loading: Any, site: Any, trail: list[str], clicks: list[Any], expected: tuple[str, str]
):
    Visiting(loading(duckdb_store), site)("2026-03-01 10:00", trail, clicks)
    found = only(duckdb_store)
    assert (found["last_signal"], found["last_signal_element"]) == expected


def test_a_trail_of_more_than_500_views_is_cut_and_says_so(store: EventStore, visit: Visiting):
    visit("2026-03-01 10:00", [f"/{number}" for number in range(501)], step_s=1)
    found = only(store)
    assert (found["views"], found["exit"], found["trail_cut"]) == (501, "/500", True)
    assert [len(found[name]) for name in ("trail", "trail_offset_ms", "trail_engaged_ms", "trail_signals")] == [500] * 4
    assert found["trail"][-1] == "/499"


MINUTES = st.integers(0, 200)
EVENTS = st.lists(
    st.tuples(
        st.integers(1, 2),  # visitor
        st.sampled_from(["view", "click", "custom", "engagement"]),
        MINUTES,
        st.integers(0, 50),  # engaged minutes
        st.integers(1, 4),  # view
        st.booleans(),
        st.sampled_from([None, None, 7, 8]),  # login
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.integers(0, 2**32))
def test_any_order_and_any_batches_give_the_visits_of_deriving_at_once(
    duckdb_store: DuckStore, loading: Any, told: list[Any], seed: int
):
    chance = random.Random(seed)
    load: Loading = loading(duckdb_store)
    load.forget()
    for table in ("event", "visit", "mark"):
        with duckdb_store.writing() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    rows = [
        {
            "site_id": 1,
            "ingest_id": number + 1,
            "kind": kind,
            "view_id": view + 10 * visitor,
            "seq": number,
            "visitor_id": visitor,
            "occurred_at": f"2026-03-01 {10 + minute // 60}:{minute % 60:02}:00.000",
            "received_at": "2026-03-01 20:00:00.000",
            "path": f"/{view}",
            "engaged_ms": engaged * 60_000 if kind == "engagement" else None,
            "trusted": True,
            "affordance": "native",
            "mutation_ms": 5 if answered else None,
            "login_id": login,
        }
        for number, (visitor, kind, minute, engaged, view, answered, login) in enumerate(told)
    ]
    chance.shuffle(rows)
    while rows:
        size = chance.randint(1, len(rows))
        duckdb_store.load(load.batch(rows[:size]))
        rows = rows[size:]
    incremental = visits(duckdb_store)
    duckdb_store.derive()
    assert visits(duckdb_store) == incremental
    assert [found["views"] + found["clicks"] + found["custom_events"] > 0 for found in incremental].count(False) == 0


def test_another_person_who_signs_in_on_the_same_browser_begins_a_visit_of_theirs(store: EventStore, visit: Visiting):
    browser = visit("2026-03-01 10:00", ["/"])
    visit("2026-03-01 10:01", ["/anna"], visitor=browser, consent="stitched", login_id=7)
    visit("2026-03-01 10:02", ["/out"], visitor=browser)
    visit("2026-03-01 10:03", ["/ben"], visitor=browser, consent="stitched", login_id=8)
    visit("2026-03-01 10:04", ["/ben/again"], visitor=browser)
    visit("2026-03-01 10:05", ["/anna/again"], visitor=browser, consent="stitched", login_id=7)
    trails = [found["trail"] for found in visits(store)]
    assert trails == [["/", "/anna", "/out"], ["/ben", "/ben/again"], ["/anna/again"]]


def test_the_same_login_after_a_while_goes_on_with_the_visit(store: EventStore, visit: Visiting):
    browser = visit("2026-03-01 10:00", ["/"], consent="stitched", login_id=7)
    visit("2026-03-01 10:10", ["/b"], visitor=browser)
    visit("2026-03-01 10:20", ["/c"], visitor=browser, consent="stitched", login_id=7)
    assert only(store)["trail"] == ["/", "/b", "/c"]


def test_a_login_before_a_pause_says_nothing_of_the_visit_after_it(store: EventStore, visit: Visiting):
    browser = visit("2026-03-01 10:00", ["/"], consent="stitched", login_id=7)
    visit("2026-03-01 11:00", ["/b"], visitor=browser)
    visit("2026-03-01 11:01", ["/c"], visitor=browser, consent="stitched", login_id=8)
    assert [found["trail"] for found in visits(store)] == [["/"], ["/b", "/c"]]
