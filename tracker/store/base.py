"""The small interface that the rest of the house has to an event store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Select


@dataclass(frozen=True)
class Answer:
    """Rows of one query, in the order of `columns`."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def records(self) -> list[dict[str, Any]]:
        """Return each row as a dict."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Batch:
    """Rows on their way into the store, fixed on disk before the first try.

    `file` holds one JSON object a line, keyed by the columns of `event` (unknown keys are
    ignored). `spool_file` and `last_row` are the high-water mark that commits with it;
    `tallies` counts what did not become a row, by (site_id, outcome, reason).
    """

    file: Path
    rows: int
    spool_file: str
    last_row: int
    earliest_received_at_ms: int
    tallies: dict[tuple[int, str, str], int]


@dataclass(frozen=True)
class Loaded:
    """What became of a batch: `loaded` + `duplicate` = its rows."""

    loaded: int
    duplicate: int


class QueryTimeoutError(Exception):
    """A query ran longer than it was allowed to."""


class EventStore(Protocol):
    """An engine that keeps events and derives visits from them."""

    name: str

    def migrate(self) -> None:
        """Create or upgrade the tables; FootfallError when the store is of a newer version."""

    def load(self, batch: Batch) -> Loaded:
        """Add the batch's new rows, its mark, its tallies and its visitors' visits, all or nothing, once."""

    def marks(self) -> dict[str, int]:
        """Return the last loaded row of every spool file that is not yet forgotten."""

    def forget_mark(self, spool_file: str) -> None:
        """Drop a finished spool file's mark, once the file itself is gone."""

    def next_ingest_id(self) -> int:
        """Return the first ingest_id not yet used."""

    def query(self, statement: Select[Any], timeout_s: float = 30.0) -> Answer:
        """Run a report's query; QueryTimeoutError when it takes too long."""

    def stream(self, statement: Select[Any], chunk: int = 500) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Yield the rows in chunks, with flat memory."""

    def tallies(self) -> dict[tuple[int, str, str], int]:
        """Return how many events met which end, by (site_id, outcome, reason)."""

    def derive(self, site_id: int | None = None) -> None:
        """Make all visits and rollups again from the stored events."""

    def erase_site(self, site_id: int) -> None:
        """Delete everything kept of one site."""

    def close(self) -> None:
        """Let go of the engine."""
