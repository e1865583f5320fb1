"""Every loaded event again, as Parquet files by site and day of arrival: `<site id>/<day>/<part>.parquet`.

From it the store can be rebuilt, and developers may take it away whole. A part never
changes; the parts of a day that is over are merged into one. `<site id>.erased` marks a site
that is gone, for batches that were on their way when it went.
"""

# ruff: noqa: S608 - what is pasted into SQL are paths of ours, quoted, which COPY takes no other way

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import duckdb
from sqlalchemy import ColumnElement

from tracker.store.base import Batch, EventStore
from tracker.store.duckdb_dialect import DIALECT
from tracker.store.duckdb_files import PARQUET, quoted
from tracker.store.duckdb_load import rows_of

MEMORY = "128MB"
ROWS_AT_ONCE = 50_000
_WORK = ".work-"
_one_at_a_time = threading.Lock()  # of those who take parts away


def add(folder: Path, part: str, batches: Sequence[Path]) -> None:
    """Put the rows of batch files into the archive as one part a site and day; again gives the same."""
    if not batches:
        return
    with _workplace(folder) as (cursor, work):
        whole = work / "whole.parquet"
        cursor.execute(f"COPY ({rows_of(batches)}) TO {quoted(whole)} ({PARQUET})")
        rows = f"FROM read_parquet({quoted(whole)})"
        found = f"SELECT DISTINCT site_id, received_at::DATE {rows} ORDER BY ALL"
        days = cursor.execute(found).fetchall()
        for site_id, day in days:  # to let COPY partition them costs more than all the rest
            if _tombstone(folder, site_id).exists():
                continue
            made = whole
            if len(days) > 1:
                made = work / "part.parquet"
                of_day = f"site_id = {site_id} AND received_at >= '{day}' AND received_at < '{day + timedelta(days=1)}'"
                cursor.execute(f"COPY ({rows} WHERE {of_day}) TO {quoted(made)} ({PARQUET})")
            _settle(made, folder / str(site_id) / str(day) / f"{part}.parquet")


def erase(folder: Path, site_id: int) -> None:
    """Remove all of a site, also what is still to be added."""
    folder.mkdir(parents=True, exist_ok=True)
    _tombstone(folder, site_id).touch()
    shutil.rmtree(folder / str(site_id), ignore_errors=True)


def erased_sites(folder: Path) -> set[int]:
    """Return the sites of which all was to be removed, by their numbers."""
    return {int(mark.stem) for mark in folder.glob("*.erased") if mark.stem.isdecimal()}


def merge_finished_days(folder: Path, today: date) -> int:
    """Merge the parts of days before `today` (UTC), each event once; returns how many days that were."""
    days = 0
    for day in sorted(folder.glob("*/????-??-??")):
        if day.name >= today.isoformat():
            continue
        with _one_at_a_time:
            days += _merge(folder, day)
    return days


def _merge(folder: Path, day: Path) -> bool:
    """Merge a day's parts; False when there are none to merge."""
    found = sorted(day.glob("*.parquet"))
    if len(found) < 2:
        return False
    with _workplace(folder) as (cursor, work):
        merged = work / "merged.parquet"
        parts_of_day = ", ".join(map(quoted, found))
        cursor.execute(
            # by name: a part that was written before an upgrade lacks the new columns
            f"COPY (FROM read_parquet([{parts_of_day}], union_by_name = true) QUALIFY row_number() OVER "
            f"(PARTITION BY view_id, seq ORDER BY ingest_id) = 1 ORDER BY ingest_id) "
            f"TO {quoted(merged)} ({PARQUET})"
        )
        _settle(merged, day / f"{found[-1].stem}+.parquet")
    for part in found:
        part.unlink()
    return True


def expire(folder: Path, site_id: int, before: datetime) -> int:
    """Remove the days of arrival that were over by a time in UTC, without a zone; returns how many parts that were.

    An event that came late, by a day at most, goes with the day on which it came.
    """
    gone = 0
    with _one_at_a_time:
        for day in sorted((folder / str(site_id)).glob("????-??-??")):
            if datetime.fromisoformat(day.name) + timedelta(days=1) <= before:
                gone += len(list(day.glob("*.parquet")))
                shutil.rmtree(day)
    return gone


def sift(folder: Path, site_id: int, gone: ColumnElement[bool]) -> int:
    """Write those of a site's parts anew, under new names, that hold events of which `gone` is true; returns how many.

    A part without any of it stays as it is; of one with nothing else nothing stays.
    """
    theirs = str(gone.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))
    sifted = 0
    with _one_at_a_time, _workplace(folder) as (cursor, work):
        for part in sorted((folder / str(site_id)).glob("????-??-??/*.parquet")):
            # first which rows, of few columns, then the rest without them: both at once takes too much memory
            numbered = f"read_parquet({quoted(part)}, file_row_number = true)"
            chosen = f"SELECT file_row_number FROM ({_with_login(cursor, numbered)}) AS event WHERE {theirs}"  # nosec B608
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE gone AS {chosen}")
            (found,) = cursor.execute("SELECT count(*) FROM gone").fetchall()[0]
            if not found:
                continue
            (rows,) = cursor.execute(f"SELECT count(*) FROM read_parquet({quoted(part)})").fetchall()[0]  # nosec B608
            if found < rows:
                made = work / "part.parquet"
                left = f"SELECT * EXCLUDE (file_row_number) FROM {numbered} ANTI JOIN gone USING (file_row_number)"  # nosec B608
                cursor.execute(f"COPY ({left}) TO {quoted(made)} ({PARQUET})")
                # the same again after a crash, and no longer for a part that was sifted before
                name = f"{part.stem.partition('~')[0]}~{sha256((part.stem + theirs).encode()).hexdigest()[:8]}"
                _settle(made, part.with_name(f"{name}.parquet"))
            part.unlink()
            sifted += 1
    return sifted


def _with_login(cursor: duckdb.DuckDBPyConnection, source: str) -> str:
    """Return a query for a part's rows; one that was written before there were logins lacks their column."""
    columns = {row[0] for row in cursor.execute(f"DESCRIBE FROM {source}").fetchall()}
    return f"FROM {source}" if "login_id" in columns else f"SELECT *, NULL::BIGINT AS login_id FROM {source}"  # nosec B608


def parts(folder: Path) -> list[Path]:
    """Return the archive's files, oldest day first."""
    return sorted(folder.glob("*/????-??-??/*.parquet"), key=lambda part: (part.parent.name, part.name))


def replay(folder: Path, store: EventStore) -> Iterator[int]:
    """Load the whole archive into a store, yielding the rows done so far; what the store has is not added twice."""
    done = 0
    for part in parts(folder):
        with _workplace(folder) as (cursor, work):
            source = f"read_parquet({quoted(part)})"
            counted = f"SELECT count(*) FROM {source}"  # a path of ours  # nosec B608
            (rows,) = cursor.execute(counted).fetchall()[0]
            for first in range(0, rows, ROWS_AT_ONCE):
                batch = _batch(
                    cursor, f"FROM {source} OFFSET {first} LIMIT {ROWS_AT_ONCE}", work / f"{work.name}-{first}.ndjson"
                )
                store.load(batch)
                done += batch.rows
                yield done


def clean(folder: Path) -> None:
    """Remove what a process that was killed left half-made."""
    for work in folder.glob(f"{_WORK}*"):
        shutil.rmtree(work, ignore_errors=True)


def _tombstone(folder: Path, site_id: int) -> Path:
    return folder / f"{site_id}.erased"


def _batch(cursor: duckdb.DuckDBPyConnection, source: str, file: Path) -> Batch:
    cursor.execute(f"COPY (SELECT * EXCLUDE (signals) {source}) TO {quoted(file)} (FORMAT json)")
    bounds = f"SELECT count(*), epoch_ms(min(received_at)) FROM (SELECT received_at {source})"  # ours too  # nosec B608
    rows, earliest = cursor.execute(bounds).fetchall()[0]
    return Batch(file, rows, "", 0, earliest, {})


@contextmanager
def _workplace(folder: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Give an engine of its own, small, and a folder on the archive's disk; both vanish."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=folder) as name:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "threads": 1,
            "temp_directory": f"{name}/spill",
        }
        with duckdb.connect(":memory:", config=config) as connection:
            yield connection, Path(name)


def _settle(made: Path, target: Path) -> None:
    """Move a finished file to its place, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(target)
