"""Every row is taken once, however late it came and whatever went before."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from reports.bulk import taking as taking_module
from reports.bulk.exports import EXPORTS
from reports.bulk.taking import lines, taking
from tests.kit.store import Loading, Visiting, stored
from tests.reports.bulk.conftest import Take
from tracker.sites import SiteInfo
from tracker.store.base import EventStore, Trace
from tracker.store.duckdb import DuckStore
from tracker.store.schema import event

EVER = stored("1970-01-01 00:00"), stored("2100-01-01 00:00")
GONE: dict[str, Callable[[EventStore, SiteInfo], Any]] = {
    "by erasing a person": lambda store, site: store.erase_traces(site.id, site.tzinfo, [Trace(2, *EVER)]),
    "by erasing the site": lambda store, site: store.erase_site(site.id),
    "by age": lambda store, site: store.expire(site.id, stored("2026-03-02 23:00")),
}


@pytest.mark.parametrize("how", GONE)
def test_what_is_loaded_after_the_newest_went_and_a_restart_comes_after_the_cursor(
    how: str, take: Take, store: EventStore, loading: Callable[[EventStore], Loading], site: SiteInfo
) -> None:
    load = loading(store)
    visit = Visiting(load, site)
    with visit.at_once():
        visit("2026-03-02 10:00", ["/a"], visitor=1)
        visit("2026-03-02 11:00", ["/b"], visitor=2)
    cursors = {what: take(what)[-1]["cursor"] for what in EXPORTS}
    GONE[how](store, site)
    load.restart()
    visit("2026-03-03 10:00", ["/c"], visitor=3)
    news = {what: take(what, since=cursor) for what, cursor in cursors.items()}
    assert {what: len(rows) for what, rows in news.items()} == dict.fromkeys(EXPORTS, 1)
    assert (news["events"][0]["path"], news["visits"][0]["entry"]) == ("/c", "/c")


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("load"), st.lists(st.integers(0, 400), min_size=1, max_size=4)),
        st.tuples(st.just("take"), st.sampled_from([None, 1, 2, 5])),
        st.tuples(st.just("erase"), st.sampled_from([1, 2, 3])),
    ),
    min_size=2,
    max_size=9,
)


@given(steps=STEPS, page=st.sampled_from([1, 3, 8000]))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_event_comes_exactly_once_however_late_it_is(
    steps: list[tuple[str, Any]],
    page: int,
    bare_duckdb: Path,
    tmp_path_factory: pytest.TempPathFactory,
    site: SiteInfo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Visits are told in any order of time, between and while pages are taken; each of several visitors comes back.

    One of them is erased now and then, and the loader started again before others come.
    """
    monkeypatch.setattr(taking_module, "ROWS_A_PAGE", page)
    place = tmp_path_factory.mktemp("late")
    (place / "events.duckdb").write_bytes(bare_duckdb.read_bytes())
    store = DuckStore(place / "events.duckdb", [place])
    try:
        load = Loading(store, place)
        visit = Visiting(load, site)
        told, taken, last = 0, [], {}
        cursors: dict[str, str | None] = dict.fromkeys(EXPORTS)

        def take(limit: int | None) -> None:
            for what in EXPORTS:
                asked = taking(store, site, what, since=cursors[what], limit=limit)
                found = [json.loads(line) for line in b"".join(lines(store, asked)).splitlines()]
                assert limit is None or len(found) <= limit
                cursors[what] = found[-1]["cursor"] if found and limit else asked.cursor
                if what == "events":
                    taken.extend((line["view_id"], line["seq"]) for line in found)
                if what == "visits":
                    last.update({line["visit_id"]: line for line in found})

        for step, of in (*steps, ("take", None)):
            if step == "take":
                take(of)
                continue
            if step == "erase":
                store.erase_traces(site.id, site.tzinfo, [Trace(of, *EVER)])
                load.restart()
                continue
            with visit.at_once():
                for minutes in of:
                    visit(f"2026-03-02 {minutes // 60:02}:{minutes % 60:02}", ["/a", "/b"], visitor=1 + minutes % 3)
                    told += 2
        assert len(taken) == len(set(taken))
        assert len(taken) == told or ("erase" in dict(steps) and len(taken) < told)
        assert {(str(view), seq) for view, seq in store.query(select(event.c.view_id, event.c.seq)).rows} <= set(taken)
        kept = {
            line["visit_id"]: line
            for line in map(json.loads, b"".join(lines(store, taking(store, site, "visits"))).splitlines())
        }
        assert {visit_id: line for visit_id, line in last.items() if visit_id in kept} == kept
    finally:
        store.close()
