"""The event store in one DuckDB file: for one machine and one process."""

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from sqlalchemy import MetaData, Select
from sqlalchemy.schema import CreateTable

from tracker.errors import FootfallError
from tracker.store import duckdb_decide, duckdb_erase, duckdb_expire, duckdb_load, duckdb_members, duckdb_remake
from tracker.store.base import (
    EXPORT_S,
    Answer,
    Batch,
    BatchRefusedError,
    Loaded,
    Membership,
    QueryMemoryError,
    QueryTimeoutError,
    SiteLimits,
    Span,
    StoreDownError,
    Trace,
)
from tracker.store.duckdb_dialect import DIALECT, spell
from tracker.store.duckdb_files import PARQUET, quoted
from tracker.store.readers import Readers
from tracker.store.schema import metadata
from tracker.store.upgrade import missing_steps, newest_version

LOG_BEFORE_CHECKPOINT = "128MB"

_BOOKS = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
CREATE TABLE mark (spool_file VARCHAR PRIMARY KEY, last_row BIGINT NOT NULL);
CREATE TABLE tally (site_id INTEGER, outcome VARCHAR, reason VARCHAR, events BIGINT NOT NULL,
                    PRIMARY KEY (site_id, outcome, reason));
CREATE TABLE numbered (ingest_id BIGINT NOT NULL);
INSERT INTO numbered VALUES (0);
"""
_REFUSED = (duckdb.DataError, duckdb.IntegrityError, duckdb.InvalidInputException)
_BROKEN = (duckdb.FatalException, duckdb.InternalException)


class DuckStore:
    """Fits `base.EventStore`. Reads and writes go side by side; writes one after the other.

    `readable` are the only folders in which any statement may read and write files. Opening raises
    FootfallError when another process holds the file, and duckdb.Error when it is damaged.
    `limits` tells those of sites that have their own, by which signals are decided.
    """

    name = "duckdb"

    def __init__(
        self, file: Path, readable: Sequence[Path] = (), memory_mb: int = 384, limits: SiteLimits = dict
    ) -> None:
        self.file = file
        self.limits = limits
        self._readable = readable
        self._memory_mb = memory_mb
        self._write_lock = threading.Lock()
        self._readers = Readers()
        self._root = self._open()

    def _open(self) -> duckdb.DuckDBPyConnection:
        try:
            root = duckdb.connect(
                str(self.file),
                config={
                    "memory_limit": f"{self._memory_mb}MB",
                    "temp_directory": str(self.file.with_name(self.file.name + ".tmp")),
                    "checkpoint_threshold": LOG_BEFORE_CHECKPOINT,
                    "threads": 2,
                },
            )
        except duckdb.IOException as error:
            if "lock" in str(error):
                raise FootfallError(
                    f"{self.file}: another process has this event store open; only one can: stop it first"
                ) from error
            raise
        root.execute("SET TimeZone = 'UTC'")
        folders = [str(folder.resolve()) + "/" for folder in self._readable]
        root.execute("SET allowed_directories = $1", [folders])
        # both are of the whole instance, so no statement on any cursor can go round them
        root.execute("SET enable_external_access = false")
        root.execute("SET lock_configuration = true")
        return root

    def migrate(self) -> None:
        """Create or upgrade the tables; FootfallError when the store is of a newer version."""
        with self.writing() as cursor:
            tables = {row[0] for row in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
            if "schema_version" not in tables:
                create_tables(cursor, metadata)
                cursor.execute(_BOOKS)
                cursor.execute("INSERT INTO schema_version VALUES (?)", [newest_version()])
                return
            (version,) = cursor.execute("SELECT version FROM schema_version").fetchall()[0]
            steps = missing_steps(version)
            derived = frozenset[str]().union(*(step.run(cursor.execute, self.name) for step in steps))
        if "struggle" in derived:
            duckdb_remake.derive_struggles(self.writing, None, self.limits())
        if steps:
            # noted at last: who was cut off begins again
            with self.writing() as cursor:
                cursor.execute("UPDATE schema_version SET version = ?", [steps[-1].number])

    def load(self, batch: Batch) -> Loaded:
        """Add a batch in one transaction; see `EventStore.load`."""
        with self.writing() as cursor:
            return duckdb_load.load(cursor, batch, self.limits())

    def refusal(self, file: Path) -> str | None:
        """Say why the rows of a batch's file cannot be stored; None when they can."""
        with self._readers.one(), self._root.cursor() as cursor:
            try:
                duckdb_load.read_rows(cursor, file)
            except _REFUSED as error:
                return str(error).splitlines()[0][:300]
        return None

    def marks(self) -> dict[str, int]:
        """Return the last loaded row of every spool file that is not yet forgotten."""
        return dict(self._rows("SELECT spool_file, last_row FROM mark"))

    def forget_mark(self, spool_file: str) -> None:
        """Drop a finished spool file's mark."""
        with self.writing() as cursor:
            cursor.execute("DELETE FROM mark WHERE spool_file = ?", [spool_file])

    def next_ingest_id(self) -> int:
        """Return the first ingest_id that was never used."""
        used = "SELECT max(ingest_id) + 1 FROM (SELECT ingest_id FROM numbered UNION ALL SELECT ingest_id FROM event)"
        return int(self._rows(used)[0][0])

    def query(self, statement: Select[Any], timeout_s: float = 30.0) -> Answer:
        """Run a report's query; QueryTimeoutError when it takes too long, QueryMemoryError when it takes too much."""
        sql, values = spell(statement)
        with self._readers.one(), self._root.cursor() as cursor, _limited(cursor, timeout_s):
            cursor.execute(sql, values)
            columns = tuple(column[0] for column in cursor.description or ())
            return Answer(columns, cursor.fetchall())

    def stream(self, statement: Select[Any], chunk: int = 500) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Yield the rows in chunks, with flat memory."""
        sql, values = spell(statement)
        with self._readers.one(), self._root.cursor() as cursor, _limited(cursor, EXPORT_S):
            cursor.execute(sql, values)
            while rows := cursor.fetchmany(chunk):
                yield rows

    def write_parquet(self, statement: Select[Any], file: Path, *, in_order: bool = False) -> None:
        """Write a query's rows to a new file of Parquet."""
        sql, values = spell(statement)
        order = "true" if in_order else "false"
        with self._readers.one(), self._root.cursor() as cursor, _limited(cursor, EXPORT_S):
            cursor.execute(f"COPY ({sql}) TO {quoted(file)} ({PARQUET}, PRESERVE_ORDER {order})", values)

    def tallies(self) -> dict[tuple[int, str, str], int]:
        """Return how many events met which end, by (site_id, outcome, reason)."""
        rows = self._rows("SELECT site_id, outcome, reason, events FROM tally")
        return {(site_id, outcome, reason): events for site_id, outcome, reason, events in rows}

    def derive(self, site_id: int | None = None) -> None:
        """Decide all signals, make all visits and struggles again; rollups follow when the job runs next."""
        duckdb_remake.derive(self.writing, site_id, self.limits())

    def decide(self, site_id: int | None = None) -> None:
        """Decide signals by the limits in force, and make again what follows from those that changed."""
        duckdb_decide.decide(self.writing, site_id, self.limits())

    def member_mark(self) -> int:
        """Return up to which change of memberships the copy of them has come."""
        found = self._rows("SELECT profile_id FROM member WHERE site_id = 0")
        return int(found[0][0]) if found else 0

    def replace_members(
        self, changed: Collection[tuple[int, int]] | None, memberships: Sequence[Membership], mark: int
    ) -> None:
        """Put memberships in the place of those of the changed identifiers, and move the mark."""
        with self.writing() as cursor:
            duckdb_members.replace_members(cursor, changed, memberships, mark)

    def roll_up(self, site_id: int, days: Sequence[Span]) -> None:
        """Count finished days of a site into the rollups anew."""
        for span in days:
            with self.writing() as cursor:
                duckdb_remake.roll_up(cursor, site_id, span)

    def forget_rollups(self, site_id: int) -> None:
        """Take a site's days out of the rollups."""
        with self.writing() as cursor:
            duckdb_remake.forget_rollups(cursor, site_id)

    def expire(self, site_id: int, before: datetime) -> int:
        """Delete what a site has of before one of its midnights, and let go of the space."""
        with self.writing() as cursor:
            events = duckdb_expire.expire(cursor, site_id, before, self.limits())
        self.checkpoint()
        return events

    def erase_site(self, site_id: int) -> None:
        """Delete everything kept of one site, and let go of the space."""
        with self.writing() as cursor:
            for table in (*metadata.tables, "tally"):
                erase = f"DELETE FROM {table} WHERE site_id = ?"  # noqa: S608 - names of ours  # nosec B608
                cursor.execute(erase, [site_id])
        self.checkpoint()

    def erase_traces(self, site_id: int, zone: ZoneInfo, traces: Sequence[Trace]) -> int:
        """Delete the events of whoever went by these names; `scrub` takes them out of the file."""
        with self.writing() as cursor:
            return duckdb_erase.erase(cursor, site_id, zone, traces, self.limits())

    def scrub(self, identifiers: Collection[tuple[int, int]]) -> None:
        """Put a new file in the place of the old one, with what is not deleted. Reads go on until it is written."""
        with self.standing_still():
            fresh = duckdb_erase.copy_afresh(self.file, self._memory_mb)
            try:
                with self._readers.none():
                    self._root.close()
                    fresh.replace(self.file)
                    self._root = self._open()
            finally:
                fresh.unlink(missing_ok=True)

    def checkpoint(self) -> None:
        """Write the log into the file and give free space back."""
        with self.standing_still():
            pass

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Hold back writers while the file alone is the whole store, so that it can be copied."""
        with self._write_lock:
            with self._root.cursor() as cursor:
                # forced: a reader's transaction must not keep the log from being folded in
                cursor.execute("FORCE CHECKPOINT")
            yield

    def close(self) -> None:
        """Let go of the engine."""
        self._root.close()

    def _rows(self, sql: str) -> list[Any]:
        with self._readers.one(), self._root.cursor() as cursor:
            return cursor.execute(sql).fetchall()

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Hold the only writer's transaction: commit at the end, roll back on any error."""
        with self._write_lock, self._root.cursor() as cursor:
            try:
                cursor.begin()
                yield cursor
                cursor.commit()
            except BaseException as error:
                self._give_up(cursor, error)
                raise

    def _give_up(self, cursor: duckdb.DuckDBPyConnection, error: BaseException) -> None:
        if isinstance(error, _BROKEN):  # after these the engine refuses all work until it is opened again
            self._root.close()
            self._root = self._open()
        else:
            with suppress(duckdb.Error):  # the engine may have rolled back itself
                cursor.rollback()
        if isinstance(error, _REFUSED):
            raise BatchRefusedError(str(error).splitlines()[0][:300]) from error
        if isinstance(error, duckdb.Error):
            raise StoreDownError(str(error).splitlines()[0][:300]) from error


def create_tables(cursor: duckdb.DuckDBPyConnection, tables: MetaData) -> None:
    """Create the logical tables as DuckDB spells their types."""
    for table in tables.sorted_tables:
        cursor.execute(str(CreateTable(table).compile(dialect=DIALECT)))


@contextmanager
def _limited(cursor: duckdb.DuckDBPyConnection, timeout_s: float) -> Iterator[None]:
    timer = threading.Timer(timeout_s, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryTimeoutError(f"the query took longer than {timeout_s:g} s") from error
    except duckdb.OutOfMemoryException as error:
        raise QueryMemoryError("the query needs more memory than it may have") from error
    finally:
        timer.cancel()
