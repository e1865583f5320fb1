"""The archive holds every loaded event, and the store can be made from it again."""

import shutil
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.kit.archived import archived
from tests.kit.store import Loading, Visiting, dead, worked
from tracker import archive
from tracker.settings import Settings
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.duckdb import DuckStore
from tracker.store.opening import damaged_stores, open_store
from tracker.store.schema import event, visit


def told(store: EventStore) -> tuple[list[Any], list[Any]]:
    found = store.query(select(event).order_by(event.c.ingest_id)).rows
    events = [tuple(None if value == [] else value for value in row) for row in found]  # no list, or an empty one
    return events, store.query(select(visit).order_by(visit.c.visit_id)).rows


@pytest.fixture
def filled(duckdb_store: DuckStore, loading: Any, site: SiteInfo, settings: Settings) -> DuckStore:
    """A store with some visits, whose batches are in the archive as two parts."""
    load: Loading = loading(duckdb_store)
    visiting = Visiting(load, site)
    for hour in range(3):
        visiting(f"2026-03-01 1{hour}:00", ["/", "/a"], [dead("#buy"), worked()], engaged_s=12, custom=["it's"])
    archive.add(settings.archive_folder, "first", sorted(settings.batch_folder.glob("*.ndjson")))
    load.forget()
    visiting("2026-03-01 23:59:59", ["/", "/b"])
    visiting("2026-03-02 10:00", ["/"])
    archive.add(settings.archive_folder, "second", sorted(settings.batch_folder.glob("*.ndjson")))
    return duckdb_store


def test_parts_lie_by_site_and_day_of_arrival(filled: DuckStore, settings: Settings, site: SiteInfo):
    parts = [str(part.relative_to(settings.archive_folder)) for part in archive.parts(settings.archive_folder)]
    assert parts == [f"{site.id}/2026-03-01/first.parquet", f"{site.id}/2026-03-02/second.parquet"]


def test_the_archive_holds_what_the_store_holds(filled: DuckStore, settings: Settings):
    assert archived(settings.archive_folder, *event.c.keys()) == told(filled)[0]


def test_adding_a_part_again_changes_nothing(filled: DuckStore, settings: Settings):
    before = [(part, part.stat().st_size) for part in archive.parts(settings.archive_folder)]
    archive.add(settings.archive_folder, "second", sorted(settings.batch_folder.glob("*.ndjson")))
    assert [(part, part.stat().st_size) for part in archive.parts(settings.archive_folder)] == before


def test_a_store_from_the_archive_tells_the_same(filled: DuckStore, settings: Settings, store: EventStore):
    before = told(filled)
    fresh = DuckStore(settings.data / "other.duckdb", [settings.archive_folder]) if store is filled else store
    fresh.migrate()
    done = list(archive.replay(settings.archive_folder, fresh))
    assert done[-1] == len(before[0])
    events, visits = told(fresh)
    assert [tuple(row) for row in events] == before[0]
    assert [tuple(row) for row in visits] == before[1]
    list(archive.replay(settings.archive_folder, fresh))
    assert len(told(fresh)[0]) == len(before[0])
    if fresh is not store:
        fresh.close()


def test_parts_of_finished_days_are_merged_and_doubles_go(filled: DuckStore, settings: Settings, site: SiteInfo):
    day = settings.archive_folder / str(site.id) / "2026-03-01"
    shutil.copy(day / "first.parquet", day / "twin.parquet")
    assert archive.merge_finished_days(settings.archive_folder, date(2026, 3, 1)) == 0
    assert archive.merge_finished_days(settings.archive_folder, date(2026, 3, 2)) == 1
    assert len(list(day.iterdir())) == 1
    assert archive.merge_finished_days(settings.archive_folder, date(2026, 3, 2)) == 0
    assert archived(settings.archive_folder, *event.c.keys()) == told(filled)[0]


@pytest.mark.parametrize("harm", ["header", "log"])
def test_a_damaged_store_is_set_aside_and_rebuilt(filled: DuckStore, settings: Settings, harm: str):
    before = told(filled)
    log = settings.store_file.with_name(settings.store_file.name + ".wal")
    if harm == "log":
        damaged = bytearray(log.read_bytes())
        filled.close()
        damaged[len(damaged) // 4 : len(damaged) // 4 + 64] = b"\xff" * 64
        log.write_bytes(damaged)
    else:
        filled.close()
        with settings.store_file.open("r+b") as file:
            file.write(b"\0" * 65536)
    rebuilt = open_store(settings)
    assert told(rebuilt) == before
    rebuilt.close()
    assert len(damaged_stores(settings)) == 1
