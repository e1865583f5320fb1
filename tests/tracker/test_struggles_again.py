"""Struggles found batch by batch are those found at once, whatever the order, with doubles and latecomers."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.kit.store import Loading
from tracker.store.base import EventStore
from tracker.store.clickhouse import ClickHouseStore
from tracker.store.duckdb import DuckStore
from tracker.store.schema import struggle

SECONDS = st.one_of(
    st.integers(0, 40).map(lambda n: n * 0.25),  # bursts and quick backs
    st.integers(0, 8).map(lambda n: n * 900.0),  # pauses
    st.sampled_from([6.999, 7.0, 0.499, 0.5, 1.0, 1.001]),
)
DELAY = st.none() | st.sampled_from([0, 100, 300, 1200, 3000])
CLICK = st.fixed_dictionaries(
    {
        "kind": st.just("click"),
        "element": st.sampled_from(["#a", "#a", "#b"]),
        "affordance": st.sampled_from(["native", "native", "none"]),
        "mutation_ms": DELAY,
        "scroll_ms": st.sampled_from([None, None, 100]),
        "error_ms": st.sampled_from([None, None, None, 5]),
        "page_y": st.integers(0, 2).map(lambda n: n * 20),
    }
)
VIEW = st.fixed_dictionaries(
    {"kind": st.just("view"), "navigation": st.sampled_from([None, None, "navigate", "back_forward", "history"])}
)
FORM = st.fixed_dictionaries(
    {
        "kind": st.just("form"),
        "element": st.sampled_from(["#f", "#g"]),
        "properties": st.fixed_dictionaries(
            {
                "outcome": st.sampled_from(["open", "open", "idle", "left", "success"]),
                "fields": st.integers(0, 2),
                "submits": st.integers(0, 3),
                "invalid": st.integers(0, 1),
            }
        ),
    }
)
OTHER = st.sampled_from(
    [
        {"kind": "error", "properties": {"message": "x", "line": 3}},
        {"kind": "swipe", "element": "#s", "properties": {"distance_px": 40, "direction": "up"}},
        {"kind": "scroll", "properties": {"reversals": 4, "leg_px": 300, "span_ms": 9, "pages_permille": 2000}},
        {"kind": "custom", "name": "signup"},
        {"kind": "engagement", "engaged_ms": 5000},
    ]
)
EVENTS = st.lists(
    st.tuples(
        st.integers(1, 2),  # visitor
        st.integers(1, 5),  # view
        SECONDS,
        st.one_of(VIEW, VIEW, CLICK, CLICK, FORM, OTHER),
    ),
    min_size=1,
    max_size=24,
)
_numbers = count(1)


def struggles(store: EventStore, site_id: int) -> list[Any]:
    columns = [column for column in struggle.c if column.name != "site_id"]
    return sorted(map(repr, store.query(select(*columns).where(struggle.c.site_id == site_id)).rows))


def rows_of(told: list[Any], site_id: int) -> list[dict[str, Any]]:
    rows = []
    for seq, (visitor, view, second, what) in enumerate(told):
        at = f"2026-03-01 {10 + int(second // 3600):02}:{int(second // 60) % 60:02}:{second % 60:06.3f}"
        rows.append(
            {
                "trusted": True,
                "host": "shop.example",
                "path": f"/{view % 3}",
                **what,
                "site_id": site_id,
                "ingest_id": next(_numbers),
                # the fifth view is of nobody told apart
                "visitor_id": None if view == 5 else visitor + 100 * site_id,
                "view_id": view + 10 * visitor + 1000 * site_id,
                "seq": seq,
                "occurred_at": at,
                "received_at": "2026-03-01 20:00:00.000",
                "properties": msgspec.json.encode(what["properties"]).decode() if "properties" in what else None,
            }
        )
    return rows


def in_batches(rows: list[dict[str, Any]], chance: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows in any order, some of them twice."""
    rows = [*rows, *({**row, "ingest_id": next(_numbers)} for row in rows if chance.random() < 0.2)]
    chance.shuffle(rows)
    while rows:
        size = chance.randint(1, len(rows))
        yield rows[:size]
        rows = rows[size:]


def compare(store: EventStore, load: Loading, told: list[Any], seed: int) -> list[Any]:
    site_id = next(_numbers)
    for batch in in_batches(rows_of(told, site_id), random.Random(seed)):
        # the examples share a store, and what a mark has passed would not be loaded
        loaded = store.load(replace(load.batch(batch), last_row=next(_numbers)))
        assert loaded.loaded + loaded.duplicate == len(batch)
    load.forget()
    found = struggles(store, site_id)
    store.derive(site_id)
    assert struggles(store, site_id) == found
    return found


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.integers(0, 2**32))
def test_any_order_and_any_batches_give_the_struggles_of_deriving_at_once(
    duckdb_store: DuckStore, loading: Callable[[EventStore], Loading], told: list[Any], seed: int
):
    compare(duckdb_store, loading(duckdb_store), told, seed)


@pytest.mark.clickhouse
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.integers(0, 2**32))
def test_and_so_on_either_engine(
    duckdb_store: DuckStore,
    clickhouse_store: ClickHouseStore,
    loading: Callable[[EventStore], Loading],
    told: list[Any],
    seed: int,
):
    found = [compare(store, loading(store), told, seed) for store in (duckdb_store, clickhouse_store)]
    # views' numbers hold their site's, which is another one for each
    assert len(found[0]) == len(found[1])
