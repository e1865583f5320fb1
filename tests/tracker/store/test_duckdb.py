"""What is DuckDB's own: one process, closed to the outside, stopped when slow, upgraded by steps."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import Select, column, func, literal_column, select, text

from tests.kit.store import Visiting
from tracker.errors import FootfallError
from tracker.settings import Settings
from tracker.sites import SiteInfo
from tracker.store import duckdb as duckdb_module
from tracker.store import upgrade
from tracker.store.base import QueryMemoryError, QueryTimeoutError
from tracker.store.duckdb import DuckStore
from tracker.store.schema import event, metadata


def from_file(call: str) -> Select[Any]:
    return select(text("*")).select_from(text(call))


@pytest.mark.parametrize(
    "call",
    ["read_text('/etc/passwd')", "read_csv('/etc/passwd')", "read_blob('/etc/*')", "glob('/etc/*')"],
)
def test_no_query_reads_files_outside_its_folders(duckdb_store: DuckStore, call: str):
    with pytest.raises(duckdb.Error, match="disabled by configuration"):
        duckdb_store.query(from_file(call))


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO '/tmp/footfall-evil.csv'",
        "ATTACH '/tmp/footfall-evil.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET allowed_directories = ['/']",
        "SET memory_limit = '64GB'",
        "SET TimeZone = 'America/New_York'",
    ],
)
def test_nothing_opens_the_engine_again(duckdb_store: DuckStore, statement: str):
    with (
        pytest.raises(Exception, match=r"(?i)configuration|disabled|locked|not found|autoload"),
        duckdb_store.writing() as cursor,
    ):
        cursor.execute(statement)
    assert not Path("/tmp/footfall-evil.csv").exists()


def test_its_own_folders_can_be_read(duckdb_store: DuckStore, settings: Settings):
    file = settings.batch_folder / "x.json"
    file.write_text('{"a": 1}\n')
    assert duckdb_store.query(from_file(f"read_json('{file}')")).rows == [(1,)]


def test_a_slow_query_is_stopped_and_others_go_on(duckdb_store: DuckStore):
    endless = select(func.count()).select_from(text("range(10000000000) a, range(1000) b"))
    with pytest.raises(QueryTimeoutError):
        duckdb_store.query(endless, timeout_s=0.2)
    assert duckdb_store.query(select(literal_column("1"))).rows == [(1,)]


def test_a_query_that_needs_too_much_memory_is_stopped_and_others_go_on(tmp_path: Path):
    store = DuckStore(tmp_path / "small.duckdb", memory_mb=16)
    greedy = select(func.length(literal_column("list(range)"))).select_from(text("range(20000000)"))
    with pytest.raises(QueryMemoryError):
        store.query(greedy)
    assert store.query(select(literal_column("1"))).rows == [(1,)]
    store.close()


def test_a_parquet_file_is_written_where_the_store_may_write_and_nowhere_else(
    duckdb_store: DuckStore, settings: Settings, tmp_path: Path
):
    file = settings.batch_folder / "it's.parquet"
    statement = select(literal_column("range")).select_from(text("range(3)"))
    duckdb_store.write_parquet(statement, file)
    assert duckdb_store.query(select(func.count()).select_from(text(f"read_parquet('{_sql(file)}')"))).rows == [(3,)]
    with pytest.raises(duckdb.PermissionException):
        duckdb_store.write_parquet(statement, tmp_path / "elsewhere.parquet")


def test_an_export_that_takes_too_long_is_stopped(
    duckdb_store: DuckStore, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(duckdb_module, "EXPORT_S", 0.1)
    endless = select(func.count()).select_from(text("range(10000000000) a, range(1000) b"))
    with pytest.raises(QueryTimeoutError):
        duckdb_store.write_parquet(endless, settings.batch_folder / "endless.parquet")
    with pytest.raises(QueryTimeoutError):
        next(duckdb_store.stream(endless))


def _sql(file: Path) -> str:
    return str(file).replace("'", "''")


def test_a_second_process_is_told_in_one_line(duckdb_store: DuckStore):
    code = (
        "import sys, pathlib\nfrom tracker.store.duckdb import DuckStore\n"
        "from tracker.errors import FootfallError\n"
        "try: DuckStore(pathlib.Path(sys.argv[1]))\nexcept FootfallError as error: print(error)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(duckdb_store.file)], capture_output=True, text=True, check=True
    )
    assert "another process has this event store open" in ran.stdout
    assert len(ran.stdout.splitlines()) == 1


def test_a_store_of_a_newer_version_is_refused(duckdb_store: DuckStore):
    with duckdb_store.writing() as cursor:
        cursor.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(FootfallError, match=r"version 99, this Footfall knows \d+: upgrade Footfall") as error:
        duckdb_store.migrate()
    assert len(str(error.value).splitlines()) == 1


def test_an_older_store_runs_the_steps_that_it_lacks_once(
    duckdb_store: DuckStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for number in (2, 3):
        (tmp_path / f"{number:04}_add.py").write_text(
            f"def upgrade(execute, engine):\n"
            f"    assert engine == 'duckdb'\n"
            f"    execute('ALTER TABLE event ADD COLUMN new_{number} INTEGER')\n"
        )
    with duckdb_store.writing() as cursor:
        cursor.execute("UPDATE schema_version SET version = 1")
    monkeypatch.setattr(upgrade, "STEPS", tmp_path)
    monkeypatch.setattr(upgrade.missing_steps, "__defaults__", (tmp_path,))
    monkeypatch.setattr(upgrade.newest_version, "__defaults__", (tmp_path,))
    duckdb_store.migrate()
    duckdb_store.migrate()
    assert duckdb_store.query(select(column("new_2"), column("new_3")).select_from(event)).columns == ("new_2", "new_3")
    assert duckdb_store.query(from_file("schema_version")).rows == [(3,)]


def test_its_tables_are_the_logical_ones(duckdb_store: DuckStore):
    for table in metadata.sorted_tables:
        found = duckdb_store.query(select(table)).columns
        assert list(found) == [column.name for column in table.columns]


def test_a_stream_comes_in_chunks(duckdb_store: DuckStore):
    rows = duckdb_store.stream(select(column("range")).select_from(text("range(1200)")), chunk=500)
    assert [len(chunk) for chunk in rows] == [500, 500, 200]


def test_an_abandoned_stream_does_not_hold_writers(duckdb_store: DuckStore, loading: Any, site: SiteInfo):
    stream = duckdb_store.stream(select(column("range")).select_from(text("range(120000)")))
    next(stream)
    visit = Visiting(loading(duckdb_store), site)
    for _ in range(2):  # the second moves what the first noted
        visit("2026-03-01 10:00")
    duckdb_store.checkpoint()
    stream.close()


def test_readers_see_whole_batches_while_they_are_loaded(duckdb_store: DuckStore, loading: Any, site: SiteInfo):
    visiting = Visiting(loading(duckdb_store), site)
    counted = select(func.count().filter(event.c.kind == "view"), func.count().filter(event.c.kind == "custom"))
    done, has_read = threading.Event(), threading.Event()
    seen: set[tuple[int, int]] = set()

    def read() -> None:
        while not done.is_set():
            seen.add(tuple(duckdb_store.query(counted).rows[0]))
            has_read.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for minute in range(20):
            has_read.clear()  # what was read before does not stand for what is read between two
            assert has_read.wait(20)
            visiting(f"2026-03-01 10:{minute:02}", custom=["x"])
    finally:
        done.set()
        reader.join()
    assert len(seen) > 1
    assert [one for one in seen if one[0] != one[1]] == []


def test_the_file_alone_is_the_store_while_it_stands_still(
    duckdb_store: DuckStore, loading: Any, site: SiteInfo, tmp_path: Path
):
    Visiting(loading(duckdb_store), site)("2026-03-01 10:00")
    copy = tmp_path / "copy.duckdb"
    with duckdb_store.standing_still():
        copy.write_bytes(duckdb_store.file.read_bytes())
    copied = DuckStore(copy)
    assert copied.next_ingest_id() == 2
    copied.close()
