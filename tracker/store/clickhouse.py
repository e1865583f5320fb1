"""The event store on a ClickHouse server, for when one machine is not enough."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, column, func, select, table

from tracker.errors import FootfallError
from tracker.store import clickhouse_loading as loading
from tracker.store import clickhouse_members as members
from tracker.store import clickhouse_progress as progress
from tracker.store import clickhouse_remake as remake
from tracker.store.base import (
    EXPORT_S,
    Answer,
    Batch,
    BatchRefusedError,
    Loaded,
    Membership,
    SiteLimits,
    Span,
    StoreDownError,
    Trace,
)
from tracker.store.clickhouse_client import AS_PARQUET, FINAL, ClickHouseClient
from tracker.store.clickhouse_decide import decide
from tracker.store.clickhouse_erase import erase, forget_members
from tracker.store.clickhouse_expire import expire
from tracker.store.clickhouse_tables import definitions
from tracker.store.schema import event, metadata
from tracker.store.upgrade import missing_steps, newest_version

_DONE: dict[str, str | int | float] = {"mutations_sync": 1}  # answer when the rows are gone, not when noted


class ClickHouseStore:
    """Fits `base.EventStore`. A site's events are loaded by one process at a time; any number may read.

    `url` is clickhouse://user:password@host:8123/database; with ?secure=true it is TLS.
    """

    name = "clickhouse"

    def __init__(self, url: str, limits: SiteLimits = dict) -> None:
        self.limits = limits
        self._client = ClickHouseClient(url)

    def migrate(self) -> None:
        """Create or upgrade the tables; FootfallError when the store is of a newer version or cannot be reached."""
        try:
            self._migrate()
        except StoreDownError as error:
            raise FootfallError(f"FOOTFALL_EVENTS_URL: the event store does not answer: {error}") from error

    def _migrate(self) -> None:
        for definition in definitions():
            self._client.execute(definition)
        newest = select(func.max(column("version", Integer))).select_from(table("schema_version"))
        version = self._client.rows(newest).rows[0][0]
        if version is None:
            self._note_version(newest_version())
            return
        steps = missing_steps(version)
        derived = frozenset[str]().union(*(step.run(self._client.execute, self.name) for step in steps))
        if "struggle" in derived:
            remake.derive_struggles(self._client, None, self.limits())
        if steps:
            self._note_version(steps[-1].number)  # noted at last: who was cut off begins again

    def load(self, batch: Batch) -> Loaded:
        """Add a batch exactly once; see `clickhouse_loading`."""
        return loading.load(self._client, batch, self.limits())

    def refusal(self, file: Path) -> str | None:
        """Say why the rows of a batch's file cannot be stored; None when they can."""
        try:
            loading.try_rows(self._client, file)
        except BatchRefusedError as error:
            return str(error)
        return None

    def marks(self) -> dict[str, int]:
        """Return the last loaded row of every spool file that is not yet forgotten."""
        return progress.read_marks(self._client)

    def forget_mark(self, spool_file: str) -> None:
        """Drop a finished spool file's mark."""
        loading.drop_staging(self._client, spool_file)
        progress.forget_file(self._client, spool_file)

    def next_ingest_id(self) -> int:
        """Return the first ingest_id that was never used."""
        newest = select(func.coalesce(func.max(event.c.ingest_id), 0))
        return max(int(self._client.rows(newest).rows[0][0]), progress.newest_number(self._client)) + 1

    def query(self, statement: Select[Any], timeout_s: float = 30.0) -> Answer:
        """Run a report's query; QueryTimeoutError when it takes too long."""
        return self._client.rows(statement, settings={**FINAL, "max_execution_time": timeout_s})

    def stream(self, statement: Select[Any], chunk: int = 500) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Yield the rows in chunks, with flat memory."""
        for block in self._client.blocks(
            statement, settings={**FINAL, "max_block_size": chunk, "max_execution_time": EXPORT_S}
        ):
            for begin in range(0, len(block), chunk):
                yield block[begin : begin + chunk]

    def write_parquet(self, statement: Select[Any], file: Path, *, in_order: bool = False) -> None:
        """Write a query's rows to a new file of Parquet."""
        with file.open("xb") as target:
            for piece in self._client.parquet(
                statement, settings={**FINAL, **AS_PARQUET, "max_execution_time": EXPORT_S}
            ):
                target.write(piece)

    def tallies(self) -> dict[tuple[int, str, str], int]:
        """Return how many events met which end, by (site_id, outcome, reason)."""
        return dict(progress.read_tallies(self._client))

    def derive(self, site_id: int | None = None) -> None:
        """Decide all signals, make all visits and struggles again; rollups follow when the job runs next."""
        remake.derive(self._client, site_id, self.limits())

    def decide(self, site_id: int | None = None) -> None:
        """Decide signals by the limits in force, and make again what follows from those that changed."""
        decide(self._client, site_id, self.limits())

    def member_mark(self) -> int:
        """Return up to which change of memberships the copy of them has come."""
        return members.read_mark(self._client)

    def replace_members(
        self, changed: Collection[tuple[int, int]] | None, memberships: Sequence[Membership], mark: int
    ) -> None:
        """Put memberships in the place of those of the changed identifiers, and move the mark."""
        members.replace_members(self._client, changed, memberships, mark)

    def roll_up(self, site_id: int, days: Sequence[Span]) -> None:
        """Count finished days of a site into the rollups anew."""
        for day in days:
            remake.roll_up(self._client, site_id, day)

    def forget_rollups(self, site_id: int) -> None:
        """Take a site's days out of the rollups."""
        remake.forget_rollups(self._client, site_id)

    def expire(self, site_id: int, before: datetime) -> int:
        """Delete what a site has of before one of its midnights, from the disk too."""
        return expire(self._client, site_id, before, self.limits())

    def erase_site(self, site_id: int) -> None:
        """Delete everything kept of one site, from the disk too."""
        for name in metadata.tables:
            self._client.execute(f"ALTER TABLE {name} DELETE WHERE site_id = {site_id:d}", settings=_DONE)
        progress.erase_tallies(self._client, site_id)

    def erase_traces(self, site_id: int, zone: ZoneInfo, traces: Sequence[Trace]) -> int:
        """Delete the events of whoever went by these names, from the disk too."""
        return erase(self._client, site_id, zone, traces, self.limits())

    def scrub(self, identifiers: Collection[tuple[int, int]]) -> None:
        """Delete older versions of the copy of memberships; of all else none are left."""
        forget_members(self._client, identifiers)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _note_version(self, version: int) -> None:
        self._client.execute(f"INSERT INTO schema_version SELECT {version:d}")
