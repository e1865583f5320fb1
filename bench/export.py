"""How long it takes to take all events away, in each form, and what memory that needs.

    python -m bench.export [events] [folder]

Each form is taken three times, in turn, and the median counts. Beside it stands what DuckDB alone needs in the
same turns to copy the same rows into a file (`COPY`), with as many threads and without our limit of memory, with
which its JSON fails. Memory is the peak of the process over what it had after a first small export; what DuckDB itself
holds is in it, at most FOOTFALL_STORE_MEMORY_MB: its cache of the store's file, which grows with the file and not with
the export, and its buffers. `folder` keeps the filled store, so that a second call measures at once.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from bench import reports
from bench.data import fill
from reports.bulk.taking import FORMS, lines, parquet, taking
from tracker.store.duckdb import DuckStore

RUNS = 3
SITE = replace(reports.SITE, identity_key=b"benchmark")
PLAIN = """
import duckdb, sys, time
engine = duckdb.connect(sys.argv[1], read_only=True, config={"threads": 2})
engine.execute("SET enable_progress_bar = false")
began, spent = time.perf_counter(), time.process_time()
engine.execute(sys.argv[2])
print(time.perf_counter() - began, time.process_time() - spent)
"""
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


def opened(events: int, folder: Path) -> DuckStore:
    """Return a store of so many events, filled unless it is already there."""
    file = folder / f"export-{events}.duckdb"
    done = file.with_suffix(".done")
    if not done.exists():
        file.unlink(missing_ok=True)
        filling = get_context("spawn").Process(target=filled, args=(file, events))  # so that its memory is not ours
        filling.start()
        filling.join()
        if filling.exitcode:
            raise SystemExit("the store could not be filled")
        done.touch()
    store = DuckStore(file, [folder])
    store.migrate()  # one that was kept may be of a former version
    return store


def filled(file: Path, events: int) -> None:
    """Fill a new store."""
    store = DuckStore(file, [file.parent])
    store.migrate()
    fill(store, events)
    store.close()


def cache(store: DuckStore) -> float:
    """Return what DuckDB itself holds, in MB."""
    with store.writing() as cursor:
        [(held,)] = cursor.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchall()
    return float(held) / 2**20


def resident() -> float:
    """Return this process's resident memory in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MB


@contextmanager
def peak() -> Iterator[Callable[[], float]]:
    """Watch the resident memory; what is yielded returns the highest since."""
    highest, over = [resident()], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            highest[0] = max(highest[0], resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield lambda: highest[0]
    finally:
        over.set()
        watcher.join()


def taken(store: DuckStore, folder: Path, form: str) -> int:
    """Take all events in a form; the bytes."""
    asked = taking(store, SITE, "events")
    chunks = parquet(store, asked, folder) if form == "parquet" else lines(store, asked, form)
    return sum(map(len, chunks))


def copied(file: Path, target: Path, form: str) -> tuple[float, float, int]:
    """Let DuckDB alone, in a process of its own, copy the same rows; as `timed`."""
    options = {"parquet": "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480", "csv": "FORMAT csv"}
    copy = f"COPY (SELECT * EXCLUDE (site_id, ingest_id) FROM event) TO '{target}' ({options.get(form, 'FORMAT json')})"
    told = subprocess.run([sys.executable, "-c", PLAIN, str(file), copy], check=True, capture_output=True, text=True)
    s, cpu = map(float, told.stdout.split())
    size = target.stat().st_size
    target.unlink()
    return s, cpu, size


def timed(work: Callable[[], int]) -> tuple[float, float, int]:
    """Return the seconds that work took, those of the processor, and the bytes that it gave."""
    began, spent = time.perf_counter(), time.process_time()
    size = work()
    return time.perf_counter() - began, time.process_time() - spent, size


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as spare:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        store = opened(events, folder)
        sum(map(len, lines(store, taking(store, SITE, "events", limit=10_000))))
        store.checkpoint()
        beside = Path(shutil.copyfile(store.file, Path(spare) / "beside.duckdb"))
        before = resident()
        print("| form | s | s of CPU | MB | peak memory, +MB | DuckDB after it, MB | COPY, s | ratio | ratio of CPU |")
        print("|---|---|---|---|---|---|---|---|---|")
        for form in FORMS:
            ours, plain = [], []
            for _ in range(RUNS):
                with peak() as highest:
                    ours.append(timed(lambda form=form: taken(store, folder, form)))
                memory, held = highest() - before, cache(store)
                plain.append(copied(beside, folder / "copied", form))
            (s, cpu, size), (plain_s, plain_cpu, _) = (
                tuple(map(statistics.median, zip(*runs, strict=True))) for runs in (ours, plain)
            )
            print(
                f"| {form} | {s:.1f} | {cpu:.1f} | {size / 2**20:.0f} | {memory:.0f} | {held:.0f} "
                f"| {plain_s:.1f} | {s / plain_s:.1f} | {cpu / plain_cpu:.1f} |",
                flush=True,
            )
        store.close()


if __name__ == "__main__":
    main()
