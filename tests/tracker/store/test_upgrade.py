"""A store of the first version becomes one of today, and nothing of it is lost."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select, text

from tests.kit.ground import at
from tests.kit.store import Visiting, click, dead, slow, stored
from tracker import archive
from tracker.rollups import dirty_days, refresh
from tracker.sites import SiteInfo
from tracker.store import duckdb_remake
from tracker.store.base import EventStore
from tracker.store.clickhouse import ClickHouseStore
from tracker.store.duckdb import DuckStore
from tracker.store.schema import event, metadata, path_device_day, struggle, visit_day
from tracker.store.upgrade import newest_version

ADDED = ("repeats", "attention_ms", "lcp_ms", "inp_ms", "cls_permille", "fcp_ms", "ttfb_ms", "imported")


def make_old(store: EventStore) -> None:
    """Take away what the versions after the first added."""
    drops = [f"ALTER TABLE event DROP COLUMN {name}" for name in ADDED]
    drops += [f"DROP TABLE {name}" for name in ("struggle", "visit_day", "path_device_day")]
    if isinstance(store, DuckStore):
        with store.writing() as cursor:
            for statement in (*drops, "DROP TABLE numbered", "UPDATE schema_version SET version = 1"):
                cursor.execute(statement)
        return
    assert isinstance(store, ClickHouseStore)
    for statement in (*drops, "ALTER TABLE progress DROP COLUMN newest", "TRUNCATE TABLE schema_version"):
        store._client.execute(statement)
    store._note_version(1)


@pytest.fixture
def old(store: EventStore, visit: Visiting) -> EventStore:
    quick = [click("#r", after_s=20 + n / 5, mutation_ms=5) for n in range(4)]
    visit("2026-03-01 10:00", ["/", "/a", "/"], [dead(), slow("#s", 2), *quick], step_s=[60, 3, 60])
    visit("2026-03-01 10:00", ["/"], [dead()], visitor=None)
    make_old(store)
    return store


def struggles(store: EventStore) -> list[Any]:
    return sorted(map(repr, store.query(select(struggle)).rows))


def version(store: EventStore) -> int:
    return max(number for (number,) in store.query(select(text("version")).select_from(text("schema_version"))).rows)


def test_an_old_store_gets_the_columns_and_the_struggles_of_a_new_one(old: EventStore, visit: Visiting):
    old.migrate()
    found = struggles(old)
    assert {signal for (signal,) in old.query(select(struggle.c.signal)).rows} == {"dead", "slow", "rage", "quick_back"}
    old.derive()
    assert struggles(old) == found
    assert version(old) == newest_version()
    visit("2026-03-01 11:00", clicks=[dead(repeats=True)])
    assert [name for (name,) in old.query(select(event.c.repeats).where(event.c.repeats)).rows] == [True]
    for table in metadata.sorted_tables:
        assert old.query(select(table).limit(0)).columns == tuple(table.c.keys())


def test_days_that_were_rolled_up_before_are_counted_for_the_rollups_that_came(
    store: EventStore, visit: Visiting, site: SiteInfo
):
    visit("2026-03-01 10:00", ["/", "/a"])
    refresh(store, [site], at("2026-03-05 12:00"))
    assert dirty_days(store, site) == []
    make_old(store)
    store.migrate()
    assert dirty_days(store, site) == [(stored("2026-02-28 23:00"), stored("2026-03-01 23:00"))]
    refresh(store, [site], at("2026-03-05 12:00"))
    found = select(visit_day.c.visits, visit_day.c.visit_views).where(visit_day.c.dimension == "")
    assert store.query(found).rows == [(1, 2)]
    assert store.query(select(path_device_day.c.path).order_by("path")).rows == [("/",), ("/a",)]


def test_numbers_given_out_before_an_upgrade_are_not_given_out_again(
    store: EventStore, visit: Visiting, site: SiteInfo
):
    visit("2026-03-01 10:00", ["/", "/a"])
    make_old(store)
    store.migrate()
    store.erase_site(site.id)
    assert store.next_ingest_id() == 3
    assert set(store.marks()) == {"test"}


def test_an_upgrade_that_was_cut_off_begins_again(
    duckdb_store: DuckStore, loading: Any, site: Any, monkeypatch: pytest.MonkeyPatch
):
    Visiting(loading(duckdb_store), site)("2026-03-01 10:00", clicks=[dead()])
    make_old(duckdb_store)

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(duckdb_remake, "derive_struggles", die)
        with pytest.raises(KeyboardInterrupt):
            duckdb_store.migrate()
    assert version(duckdb_store) == 1
    duckdb_store.migrate()
    assert (version(duckdb_store), len(struggles(duckdb_store))) == (newest_version(), 1)


def test_a_day_archived_before_and_after_an_upgrade_is_merged_whole(tmp_path: Path):
    folder = tmp_path / "1" / "2026-03-01"
    folder.mkdir(parents=True)
    with duckdb.connect() as engine:
        for number, more in ((1, ""), (2, ", 1200 AS lcp_ms")):
            row = f"SELECT 1 AS site_id, {number} AS ingest_id, {number} AS view_id, 0 AS seq{more}"
            engine.execute(f"COPY ({row}) TO '{folder}/{number}.parquet' (FORMAT parquet)")
        assert archive.merge_finished_days(tmp_path, date(2026, 3, 2)) == 1
        [merged] = folder.iterdir()
        rows = engine.execute(f"SELECT ingest_id, lcp_ms FROM read_parquet('{merged}') ORDER BY ALL").fetchall()
    assert rows == [(1, None), (2, 1200)]
