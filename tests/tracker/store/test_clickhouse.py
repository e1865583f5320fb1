"""The store on ClickHouse: exactly once without transactions, and what it says when it cannot."""

import io
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, literal, select

from tests.kit.ground import at, ms
from tests.kit.store import Loading
from tracker import archive
from tracker.errors import FootfallError
from tracker.settings import load_settings
from tracker.store import clickhouse_loading as loading_steps
from tracker.store.base import Batch, BatchRefusedError, QueryMemoryError, QueryTimeoutError, StoreDownError
from tracker.store.clickhouse import ClickHouseStore
from tracker.store.clickhouse_client import ClickHouseClient
from tracker.store.clickhouse_progress import read_progress, write_progress
from tracker.store.opening import open_store
from tracker.store.schema import dirty, event, struggle, visit

pytestmark = pytest.mark.clickhouse

RECEIVED = "2026-03-01 12:00:00.000"


def row(number: int, site_id: int = 1, **columns: Any) -> dict[str, Any]:
    """Return a row; three in a row belong to one view, ten views to a visitor."""
    view = number // 3
    return {
        "site_id": site_id,
        "ingest_id": number + 1,
        "kind": ("view", "click", "engagement")[number % 3],
        "view_id": (view + 1) * 7_919,
        "seq": number % 3,
        "visitor_id": view // 10 - 2,
        "occurred_at": f"2026-03-01 {10 + view % 2}:{number % 60:02}:00.000",
        "received_at": RECEIVED,
        "path": f"/{view % 4}",
        "affordance": "native",
        "trusted": True,
        "engaged_ms": 5000 if number % 3 == 2 else None,
        **columns,
    }


@pytest.fixture
def fix(clickhouse_store: ClickHouseStore, tmp_path: Path) -> Callable[..., Batch]:
    """Fix rows on disk as a batch of a spool file."""
    loading = Loading(clickhouse_store, tmp_path)

    def fixed(rows: list[dict[str, Any]], spool_file: str = "a.spool", last_row: int = 1, **tallies: int) -> Batch:
        counted = {(1, "dropped", reason): events for reason, events in tallies.items()}
        batch = loading.batch(rows, ms(RECEIVED))
        return replace(batch, spool_file=spool_file, last_row=last_row, tallies=counted)

    return fixed


def contents(store: ClickHouseStore, site_id: int) -> dict[str, Any]:
    """Return all that a store holds of a site, without the site's number."""

    def rows(table: Any) -> Any:
        columns = [column for column in table.columns if column.name != "site_id"]
        found = store.query(select(*columns).where(table.c.site_id == site_id)).rows
        return Counter(map(str, found))

    tallies = {key[1:]: events for key, events in store.tallies().items() if key[0] == site_id and events}
    return {**{table.name: rows(table) for table in (event, visit, struggle, dirty)}, "tallies": tallies}


class Dying(ClickHouseClient):
    """Dies at its nth statement, before the server gets it or after, and stays dead."""

    def __init__(self, url: str, at: int, after: bool) -> None:
        super().__init__(url)
        self._left = at
        self._after = after

    def execute(self, *args: Any, **kw: Any) -> None:
        self._step(lambda: super(Dying, self).execute(*args, **kw))

    def insert_file(self, *args: Any) -> None:
        self._step(lambda: super(Dying, self).insert_file(*args))

    def rows(self, *args: Any, **kw: Any) -> Any:
        if self._left < 0:
            raise ConnectionError
        return super().rows(*args, **kw)

    def _step(self, do: Callable[[], None]) -> None:
        self._left -= 1
        if self._left > 0 or (self._left == 0 and self._after):
            do()
        if self._left <= 0:
            self._left = -1
            raise ConnectionError


@pytest.mark.timeout(240)
def test_a_batch_is_loaded_once_wherever_the_process_died(
    clickhouse_store: ClickHouseStore, clickhouse_url: str, fix: Callable[..., Batch]
) -> None:
    rows = [row(number) for number in range(60)] + [row(0, ingest_id=61)]
    clickhouse_store.load(fix(rows, "whole.spool"))
    whole = contents(clickhouse_store, 1)
    assert whole["tallies"] == {("loaded", ""): 60, ("duplicate", ""): 1}
    assert (whole["visit"].total(), whole["struggle"].total()) == (4, 24)
    steps = 0

    def survives(step: int, *, after: bool = False) -> bool:
        site_id = 2 * step + after
        batch = fix([{**one, "site_id": site_id} for one in rows], f"{site_id}.spool")
        with closing(Dying(clickhouse_url, step, after)) as client:
            try:
                loading_steps.load(client, batch)
                survived = True
            except ConnectionError:
                survived = False
        if not survived:
            clickhouse_store.load(batch)
        assert contents(clickhouse_store, site_id) == whole, f"died {'after' if after else 'before'} step {step}"
        return survived

    # what stands after a step stands before the next, but for the last: from its answer nobody hears any more
    while not survives(steps + 1):
        steps += 1
    assert steps > 3
    assert not survives(steps, after=True)


def test_a_batch_that_comes_again_changes_nothing(clickhouse_store: ClickHouseStore, fix: Callable[..., Batch]) -> None:
    batch = fix([row(number) for number in range(30)], bot=2)
    assert clickhouse_store.load(batch).loaded == 30
    before = contents(clickhouse_store, 1)
    again = clickhouse_store.load(batch)
    assert (again.loaded, again.duplicate) == (0, 0)
    assert contents(clickhouse_store, 1) == before
    assert before["tallies"] == {("loaded", ""): 30, ("dropped", "bot"): 2}


def test_events_that_come_again_in_another_batch_are_duplicates(
    clickhouse_store: ClickHouseStore, fix: Callable[..., Batch]
) -> None:
    clickhouse_store.load(fix([row(number) for number in range(30)]))
    stored = contents(clickhouse_store, 1)
    again = [row(number, ingest_id=100 + number) for number in range(31)]
    loaded = clickhouse_store.load(fix(again, last_row=2))
    assert (loaded.loaded, loaded.duplicate) == (1, 30)
    assert contents(clickhouse_store, 1)["event"].total() == stored["event"].total() + 1


def test_a_second_try_while_the_first_is_under_way_adds_nothing(
    clickhouse_store: ClickHouseStore, clickhouse_url: str, fix: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = fix([row(number) for number in range(30)])
    clickhouse_store.load(batch)
    # neither the mark nor the look for known events has seen the first try
    client = ClickHouseClient(clickhouse_url)
    write_progress(client, replace(read_progress(client, batch.spool_file), version=9, last_row=0))
    monkeypatch.setattr(loading_steps, "SAME_EVENT_WITHIN", loading_steps.SAME_EVENT_WITHIN * -1)
    clickhouse_store.load(batch)
    client.close()
    assert contents(clickhouse_store, 1)["event"].total() == 30


def test_a_batch_after_one_that_failed_is_loaded(
    clickhouse_store: ClickHouseStore, clickhouse_url: str, fix: Callable[..., Batch]
) -> None:
    first, second = fix([row(0), row(1)]), fix([row(3), row(4)], last_row=2)
    with pytest.raises(ConnectionError):
        loading_steps.load(Dying(clickhouse_url, 4, after=False), first)
    clickhouse_store.load(first)
    assert clickhouse_store.load(second).loaded == 2
    assert clickhouse_store.marks() == {"a.spool": 2}


def test_a_batch_with_a_row_that_fits_no_column_is_refused_whole(
    clickhouse_store: ClickHouseStore, fix: Callable[..., Batch]
) -> None:
    bad = {**row(1), "seq": "many"}
    with pytest.raises(BatchRefusedError):
        clickhouse_store.load(fix([row(0), bad]))
    assert contents(clickhouse_store, 1)["event"].total() == 0
    assert clickhouse_store.marks() == {}
    assert clickhouse_store.refusal(fix([row(0), bad]).file)
    missing = {name: value for name, value in row(1).items() if name != "kind"}
    assert clickhouse_store.refusal(fix([missing]).file)
    assert clickhouse_store.refusal(fix([row(0)]).file) is None


def test_a_late_event_joins_two_visits_into_one(clickhouse_store: ClickHouseStore, fix: Callable[..., Batch]) -> None:
    times = ("10:00", "10:50", "10:25")
    views = [row(3 * n, occurred_at=f"2026-03-01 {time}:00.000", visitor_id=5) for n, time in enumerate(times)]
    clickhouse_store.load(fix(views[:2]))
    started = select(visit.c.started_at, visit.c.views).order_by(visit.c.started_at)
    assert [views for _, views in clickhouse_store.query(started).rows] == [1, 1]
    clickhouse_store.load(fix(views[2:], last_row=2))
    assert clickhouse_store.query(started).rows == [(at("2026-03-01 10:00").replace(tzinfo=None), 3)]
    clickhouse_store.derive()
    assert [views for _, views in clickhouse_store.query(started).rows] == [3]


def test_a_forgotten_file_has_no_mark_and_keeps_its_tallies(
    clickhouse_store: ClickHouseStore, fix: Callable[..., Batch]
) -> None:
    clickhouse_store.load(fix([row(0), row(1)], bot=1))
    clickhouse_store.forget_mark("a.spool")
    assert clickhouse_store.marks() == {}
    assert clickhouse_store.tallies() == {(1, "loaded", ""): 2, (1, "dropped", "bot"): 1}


def test_tallies_without_rows_or_a_mark_add_up(clickhouse_store: ClickHouseStore, fix: Callable[..., Batch]) -> None:
    for _ in range(2):
        clickhouse_store.load(fix([], spool_file="", last_row=0, rate=3))
    assert clickhouse_store.tallies() == {(1, "dropped", "rate"): 6}
    assert clickhouse_store.marks() == {}


def test_erasing_a_site_leaves_the_others(clickhouse_store: ClickHouseStore, fix: Callable[..., Batch]) -> None:
    clickhouse_store.load(fix([row(n, site_id=1 + n % 2) for n in range(12)]))
    other = contents(clickhouse_store, 2)
    clickhouse_store.erase_site(1)
    assert not any(contents(clickhouse_store, 1).values())
    assert contents(clickhouse_store, 2) == other


def test_rows_are_streamed_in_chunks(clickhouse_store: ClickHouseStore, fix: Callable[..., Batch]) -> None:
    clickhouse_store.load(fix([row(n) for n in range(50)]))
    chunks = list(clickhouse_store.stream(select(event.c.ingest_id).order_by(event.c.ingest_id), chunk=20))
    assert max(map(len, chunks)) <= 20
    assert [ingest_id for chunk in chunks for (ingest_id,) in chunk] == list(range(1, 51))


def test_a_query_that_takes_too_long_is_ended(clickhouse_store: ClickHouseStore) -> None:
    endless = select(func.count()).select_from(func.numbers(10**13).table_valued("number"))
    with pytest.raises(QueryTimeoutError):
        clickhouse_store.query(endless.where(func.sipHash64(func.rand()) == 0), timeout_s=0.3)


def test_queries_go_on_while_a_batch_is_loaded(clickhouse_store: ClickHouseStore, fix: Callable[..., Batch]) -> None:
    counts: list[int] = []
    loaded = threading.Event()

    def ask() -> None:
        while not loaded.is_set():
            counts.append(clickhouse_store.query(select(func.count()).select_from(event)).rows[0][0])

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        clickhouse_store.load(fix([row(n) for n in range(300)]))
    finally:
        loaded.set()
        reader.join()
    assert set(counts) <= {0, 300}, "a batch's events must appear together"


def test_a_store_of_a_newer_version_is_not_touched(clickhouse_store: ClickHouseStore, clickhouse_url: str) -> None:
    client = ClickHouseClient(clickhouse_url)
    client.execute(select(literal(999)), prefix="INSERT INTO schema_version ")
    client.close()
    with pytest.raises(FootfallError, match="999"):
        clickhouse_store.migrate()


def test_migrating_twice_changes_nothing(clickhouse_store: ClickHouseStore, fix: Callable[..., Batch]) -> None:
    clickhouse_store.load(fix([row(0)]))
    clickhouse_store.migrate()
    assert contents(clickhouse_store, 1)["event"].total() == 1


def test_the_archive_fills_it_once(
    clickhouse_store: ClickHouseStore, fix: Callable[..., Batch], tmp_path: Path
) -> None:
    batch = fix([row(number) for number in range(30)])
    archive.add(tmp_path / "archive", "a", [batch.file])
    for _ in range(2):
        list(archive.replay(tmp_path / "archive", clickhouse_store))
    replayed = contents(clickhouse_store, 1)
    clickhouse_store.erase_site(1)
    clickhouse_store.load(replace(batch, spool_file="b.spool"))
    loaded = contents(clickhouse_store, 1)
    assert (replayed["event"], replayed["visit"]) == (loaded["event"], loaded["visit"])


def test_the_settings_choose_it(clickhouse_url: str, tmp_path: Path) -> None:
    store = open_store(load_settings({"FOOTFALL_DATA": str(tmp_path), "FOOTFALL_EVENTS_URL": clickhouse_url}))
    store.migrate()
    assert (store.name, store.next_ingest_id()) == ("clickhouse", 1)
    store.close()


def test_a_server_that_is_not_there_is_said_in_a_line() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers, and nobody else can
        store = ClickHouseStore(f"clickhouse://127.0.0.1:{held.getsockname()[1]}/footfall")
        with pytest.raises(FootfallError, match="FOOTFALL_EVENTS_URL") as told:
            store.migrate()
        assert "\n" not in str(told.value)
        with pytest.raises(StoreDownError):
            store.next_ingest_id()
        store.close()


def test_a_database_that_is_not_there_is_said_in_a_line(clickhouse_server: str) -> None:
    store = ClickHouseStore(f"{clickhouse_server}/nowhere")
    with pytest.raises(FootfallError, match="nowhere") as told:
        store.migrate()
    assert "\n" not in str(told.value)
    store.close()


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("tracker.store.clickhouse_client.importlib.import_module", missing)
    with pytest.raises(FootfallError, match=r"pip install footfall\[clickhouse\]"):
        ClickHouseStore("clickhouse://127.0.0.1/footfall").migrate()


@pytest.mark.parametrize(
    ("ending", "problem"),
    [
        (b"Code: 159. DB::Exception: Timeout exceeded: elapsed 600 s. (TIMEOUT_EXCEEDED)\n", QueryTimeoutError),
        (b"Code: 241. DB::Exception: (total) memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)\n", QueryMemoryError),
        (b"", StoreDownError),
    ],
)
def test_a_file_that_fails_after_its_beginning_is_a_failure(
    ending: bytes, problem: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b"PAR1" + b"\0" * (1 << 20) + ending
    failing = SimpleNamespace(raw_stream=lambda *_, **__: io.BytesIO(body))
    monkeypatch.setattr(ClickHouseClient, "_open", lambda _: failing)
    store = ClickHouseStore("clickhouse://127.0.0.1:1/none")
    with pytest.raises(problem):
        store.write_parquet(select(event.c.path), tmp_path / "cut.parquet")
