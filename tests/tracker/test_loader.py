"""From the spool into the store: each event once, whatever dies, and nothing bad stops the rest."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from tests.kit.archived import archived
from tests.kit.ground import ms
from tracker import gathering
from tracker.dead_letters import DeadLetters
from tracker.event import Event, Footprint
from tracker.loader import Loader
from tracker.refusals import Refusals
from tracker.settings import Settings
from tracker.sites import SiteBook, SiteInfo
from tracker.spool import Spool, files, open_spool
from tracker.store.base import Batch, Loaded, StoreDownError
from tracker.store.duckdb import DuckStore
from tracker.store.schema import event, visit

BEGIN = ms("2026-03-01 10:00")


def footprint(site: SiteInfo, view: int, *, events: int = 1, at: int = BEGIN, **fields: Any) -> Footprint:
    made = [
        Event(id=f"{view:016x}-{number}", kind="click" if number else "view", at=at, url="https://shop.example/")
        for number in range(events)
    ]
    return Footprint(site_id=site.id, received_at=at, sent_at=at, events=made, **{"visitor_id": view, **fields})


def put(spool: Spool, *footprints: Footprint) -> None:
    waiting = [spool.submit(msgspec.json.encode(one), len(one.events)) for one in footprints]
    for one in waiting:
        one.result(10)


def count(store: DuckStore, table: Any = event) -> int:
    return store.query(select(func.count()).select_from(table)).rows[0][0]


@pytest.fixture
def spool(settings: Settings) -> Iterator[Spool]:
    opened = open_spool(settings)
    yield opened
    opened.close()


@pytest.fixture
def refusals() -> Refusals:
    return Refusals()


@pytest.fixture
def loader(settings: Settings, duckdb_store: DuckStore, sites: SiteBook, refusals: Refusals) -> Iterator[Loader]:
    made = Loader(settings, duckdb_store, sites, refusals)
    yield made
    made.close()


def test_what_waits_is_loaded_with_its_mark_and_its_visits(
    loader: Loader, spool: Spool, site: SiteInfo, duckdb_store: DuckStore
):
    put(spool, footprint(site, 1, events=3), footprint(site, 2))
    assert loader.run_once() == 4
    assert loader.run_once() == 0
    assert (count(duckdb_store), count(duckdb_store, visit)) == (4, 2)
    assert duckdb_store.tallies() == {(site.id, "loaded", ""): 4}
    assert set(duckdb_store.marks().values()) == {2}
    ids = [row[0] for row in duckdb_store.query(select(event.c.ingest_id).order_by(event.c.ingest_id)).rows]
    assert ids == [1, 2, 3, 4]


def test_a_finished_file_goes_to_the_archive_and_leaves_nothing_behind(
    loader: Loader, spool: Spool, site: SiteInfo, duckdb_store: DuckStore, settings: Settings
):
    put(spool, footprint(site, 1, events=3))
    spool.close()
    assert loader.drain(20)
    assert files(settings.spool_folder) == []
    assert duckdb_store.marks() == {}
    assert [path for path in settings.batch_folder.iterdir() if path.is_dir()] == []
    (part,) = settings.archive_folder.rglob("*.parquet")
    assert part.parent == settings.archive_folder / str(site.id) / "2026-03-01"


def test_the_same_events_sent_again_count_once(loader: Loader, spool: Spool, site: SiteInfo, duckdb_store: DuckStore):
    put(spool, footprint(site, 1, events=3), footprint(site, 1, events=3))
    loader.run_once()
    put(spool, *(footprint(site, 1, events=4) for _ in range(3)))
    loader.run_once()
    assert count(duckdb_store) == 4
    assert duckdb_store.tallies() == {(site.id, "loaded", ""): 4, (site.id, "duplicate", ""): 14}


def test_an_event_id_may_come_again_after_a_week(loader: Loader, spool: Spool, site: SiteInfo, duckdb_store: DuckStore):
    put(spool, footprint(site, 1, at=ms("2026-03-01 10:00")))
    loader.run_once()
    put(spool, footprint(site, 1, at=ms("2026-03-08 10:00:01")), footprint(site, 1, at=ms("2026-03-08 10:00:01")))
    loader.run_once()
    assert count(duckdb_store) == 2


def test_rows_that_nobody_can_read_become_dead_letters_and_the_rest_loads(
    loader: Loader, spool: Spool, site: SiteInfo, duckdb_store: DuckStore, settings: Settings
):
    put(spool, footprint(site, 1, events=2))
    spool.submit(b'{"site_id": "what"}', 5).result(10)
    put(spool, footprint(site, 2), footprint(replace(site, id=99), 3, events=2))
    loader.run_once()
    assert count(duckdb_store) == 3
    assert duckdb_store.tallies() == {
        (site.id, "loaded", ""): 3,
        (0, "dead", "unreadable"): 5,
        (99, "dropped", "unknown_site"): 2,
    }
    (letter,) = DeadLetters(settings.dead_folder)
    assert (letter.reason, letter.body) == ("unreadable", None)


def test_a_step_that_fails_costs_only_its_footprint(
    loader: Loader, spool: Spool, site: SiteInfo, duckdb_store: DuckStore, settings: Settings, monkeypatch: Any
):
    real = gathering.to_rows

    def stumble(footprint: Footprint, site: SiteInfo) -> Any:
        if footprint.visitor_id == 2:
            raise RuntimeError("no such column")
        return real(footprint, site)

    monkeypatch.setattr(gathering, "to_rows", stumble)
    put(spool, footprint(site, 1), footprint(site, 2, events=3), footprint(site, 3))
    loader.run_once()
    assert count(duckdb_store) == 2
    (letter,) = DeadLetters(settings.dead_folder)
    assert (letter.reason, letter.problem) == ("step", "RuntimeError('no such column')")
    assert msgspec.json.decode(letter.body or "", type=Footprint).visitor_id == 2


def test_rows_that_the_engine_refuses_are_found_and_their_neighbours_load(
    loader: Loader, spool: Spool, site: SiteInfo, duckdb_store: DuckStore, settings: Settings, monkeypatch: Any
):
    real = gathering.to_rows

    def poison(footprint: Footprint, site: SiteInfo) -> Any:
        rows = real(footprint, site)
        if footprint.visitor_id in (3, 70):
            rows[0]["scroll_permille"] = 10**9
        return rows

    monkeypatch.setattr(gathering, "to_rows", poison)
    put(spool, *(footprint(site, number, events=2) for number in range(1, 101)))
    loader.run_once()
    assert count(duckdb_store) == 198
    assert duckdb_store.tallies() == {(site.id, "loaded", ""): 198, (site.id, "dead", "store"): 2}
    letters = list(DeadLetters(settings.dead_folder))
    assert sorted(msgspec.json.decode(letter.body or "")["visitor_id"] for letter in letters) == [3, 70]
    assert loader.run_once() == 0


class Ill:
    """A store that is down for the first tries."""

    def __init__(self, store: DuckStore, failures: int) -> None:
        self._store = store
        self.failures = failures

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def load(self, batch: Batch) -> Loaded:
        if self.failures:
            self.failures -= 1
            raise StoreDownError("no route to host")
        return self._store.load(batch)


def test_a_store_that_is_down_leaves_the_spool_alone_and_is_told(
    settings: Settings, spool: Spool, site: SiteInfo, sites: SiteBook, duckdb_store: DuckStore, monkeypatch: Any
):
    monkeypatch.setattr("tracker.loader.BACK_OFF_S", (0.01,))
    monkeypatch.setattr("tracker.loader.EVERY_S", 0.01)
    ill: Any = Ill(duckdb_store, 10**9)
    loader = Loader(settings, ill, sites, Refusals())
    put(spool, footprint(site, 1))
    with pytest.raises(StoreDownError):
        loader.run_once()
    loader.start()
    wait_for(lambda: loader.last_error is not None)
    assert "no route to host" in (loader.last_error or "")
    put(spool, footprint(site, 2, events=3))
    ill.failures = 0
    wait_for(lambda: count(duckdb_store) == 4)
    wait_for(lambda: loader.last_error is None)
    loader.close()
    assert duckdb_store.tallies() == {(site.id, "loaded", ""): 4}


def wait_for(condition: Any, timeout_s: float = 20) -> None:
    settled = threading.Event()
    for _ in range(int(timeout_s / 0.02)):
        if condition():
            return
        settled.wait(0.02)
    raise AssertionError("it did not happen in time")


class Killed(BaseException):
    """Stands for a SIGKILL at one place; see test_kill for real ones."""


POINTS = ["batch fixed", "loaded", "archived", "file removed", "mark forgotten"]


@pytest.mark.parametrize("point", POINTS)
def test_dying_anywhere_loses_nothing_and_doubles_nothing(
    settings: Settings,
    spool: Spool,
    site: SiteInfo,
    sites: SiteBook,
    duckdb_store: DuckStore,
    monkeypatch: Any,
    point: str,
):
    put(spool, footprint(site, 1, events=3), footprint(site, 2))
    spool.close()

    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        loader = Loader(settings, duckdb_store, sites, Refusals())
        if point == "batch fixed":
            patch.setattr(duckdb_store, "load", die)
        elif point == "loaded":
            patch.setattr("tracker.loader.archive.add", die)
        elif point == "archived":
            patch.setattr("tracker.loader.remove", die)
        elif point == "file removed":
            patch.setattr(duckdb_store, "forget_mark", die)
        else:
            patch.setattr(loader._batches, "forget", die)
        with pytest.raises(Killed):
            loader.drain(20)
    loader = Loader(settings, duckdb_store, sites, Refusals())
    assert loader.drain(20)
    loader.close()
    assert count(duckdb_store) == 4
    assert archived(settings.archive_folder, "view_id", "seq") == [(1, 0), (1, 1), (1, 2), (2, 0)]
    assert duckdb_store.tallies() == {(site.id, "loaded", ""): 4}
    assert (duckdb_store.marks(), files(settings.spool_folder)) == ({}, [])
    assert [path for path in settings.batch_folder.iterdir() if path.is_dir()] == []


def test_refusals_are_counted_also_when_nothing_comes_in(
    loader: Loader, refusals: Refusals, site: SiteInfo, duckdb_store: DuckStore
):
    refusals.count(site.id, "origin")
    refusals.count(0, "unknown_site")
    loader.run_once()
    loader.run_once()
    assert duckdb_store.tallies() == {(site.id, "refused", "origin"): 1, (0, "refused", "unknown_site"): 1}


@pytest.mark.parametrize(("minutes", "visits"), [(20, 1), (40, 2)])
def test_a_visit_goes_on_over_midnight_under_its_old_name(
    loader: Loader, spool: Spool, site: SiteInfo, duckdb_store: DuckStore, minutes: int, visits: int
):
    evening = footprint(site, 1, visitor_id=100, at=ms("2026-03-01 22:50"))
    put(spool, evening)
    loader.run_once()
    night = ms("2026-03-01 22:50") + minutes * 60_000
    later = [
        footprint(site, 2, visitor_id=200, earlier_visitor_id=100, at=night),
        footprint(site, 3, visitor_id=200, earlier_visitor_id=100, at=night + 25 * 60_000),
    ]
    put(spool, *later)
    loader.run_once()
    assert count(duckdb_store, visit) == visits
    names = [row[0] for row in duckdb_store.query(select(event.c.visitor_id).order_by(event.c.occurred_at)).rows]
    assert names == ([100, 100, 100] if visits == 1 else [100, 200, 200])
