"""A cursor goes on where an export ended, and is good for nothing else."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.bulk import taking as taking_module
from reports.bulk.cursors import Cursors
from reports.bulk.taking import lines, taking
from reports.query.ranges import parse_range
from tests.kit.ground import at
from tests.kit.store import Loading, Visiting
from tests.reports.bulk.conftest import Take
from tracker.errors import InvalidInputError
from tracker.sites import SiteInfo
from tracker.store.base import Answer, EventStore
from tracker.store.duckdb import DuckStore


def test_the_cursor_after_profiles_is_that_of_their_newest_event(
    take: Take, visit: Visiting, store: EventStore, stitched: SiteInfo
) -> None:
    with visit.at_once():
        for hour in (10, 11, 12):
            visit(f"2026-03-02 {hour}:00", visitor=500)
            visit(f"2026-03-02 {hour}:30")
    visit("2026-03-05 10:00")
    march_2 = parse_range("2026-03-02..2026-03-02", stitched.tzinfo, at("2026-03-10 12:00"))
    for words in ({}, {"limit": 2}, {"span": march_2}):
        found = take("profiles", **words)
        assert len(found) == (2 if "limit" in words else 4 if "span" in words else 5)
        assert taking(store, stitched, "profiles", **words).cursor == found[-1]["cursor"]
    nobody = replace(stitched, privacy_mode="count")
    assert taking(store, nobody, "profiles").cursor == taking(store, nobody, "profiles", limit=9).cursor


def test_pages_are_wide_where_rows_are_few(
    duckdb_store: DuckStore,
    site: SiteInfo,
    loading: Callable[[EventStore], Loading],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(taking_module, "ROWS_A_PAGE", 4)
    visit = Visiting(loading(duckdb_store), site)
    with visit.at_once():
        visit("2026-03-02 10:00", [f"/{place}" for place in range(10)])
        for _ in range(90):
            visit("2026-03-02 11:00", site=replace(site, id=site.id + 1))
        visit("2026-03-02 12:00", [f"/{place}" for place in range(10)])
    questions, ask = [], duckdb_store.query

    def counted(*given: Any) -> Answer:
        questions.append(given)
        return ask(*given)

    monkeypatch.setattr(duckdb_store, "query", counted)
    chunks = list(lines(duckdb_store, taking(duckdb_store, site, "events")))
    assert b"".join(chunks).count(b"\n") == 20
    assert max(chunk.count(b"\n") for chunk in chunks) <= 4
    assert len(questions) < 110 / 4
    asked = taking(duckdb_store, site, "events", limit=7)
    assert b"".join(lines(duckdb_store, asked)).count(b"\n") == 7
    rest = taking(duckdb_store, site, "events", since=asked.cursor)
    assert b"".join(lines(duckdb_store, rest)).count(b"\n") == 13


@pytest.mark.parametrize("cursor", ["x", "MS4", "MS4tMQ", "Mi4x", "MS4x.", "é", "A" * 10_000, "Mi5hYi4x"])
def test_a_cursor_of_nothing_is_refused(duckdb_store: DuckStore, site: SiteInfo, cursor: str) -> None:
    with pytest.raises(InvalidInputError, match="cursor"):
        taking(duckdb_store, site, "events", since=cursor)


def test_a_cursor_is_good_for_its_own_export_alone(duckdb_store: DuckStore, site: SiteInfo) -> None:
    cursor = taking(duckdb_store, site, "events").cursor
    week = parse_range("7d", site.tzinfo, at("2026-03-10 12:00"))
    assert taking(duckdb_store, site, "events", since=cursor).cursor == cursor
    for other in (("visits", site, None), ("events", replace(site, key="other"), None), ("events", site, week)):
        with pytest.raises(InvalidInputError, match="of another site"):
            taking(duckdb_store, other[1], other[0], span=other[2], since=cursor)


@given(st.integers(0, 10**18 - 1))
def test_a_cursor_comes_back_as_it_was(position: int) -> None:
    site = SiteInfo(1, "k", "Shop", "UTC", "count", (), frozenset(), enabled=True, sample=False)
    cursors = Cursors(site, "events", "")
    assert cursors.read(cursors.write(position)) == position
