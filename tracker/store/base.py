"""The small interface that the rest of the house has to an event store."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Select

from tracker.signals import Thresholds

Span = tuple[datetime, datetime]
"""From the first time up to, not including, the second; UTC without a zone."""

SiteLimits = Callable[[], Mapping[int, Thresholds]]
"""Tells by which limits each site's signals are decided; sites that are not in it have the usual ones."""


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
    ignored). `spool_file` and `last_row` are the high-water mark that commits with it; an
    empty `spool_file` marks nothing, and then the file's name must be its own. The greatest
    `ingest_id` in it is kept with it too, so that no number is given out twice. `tallies`
    counts what did not become a row, by (site_id, outcome, reason).
    """

    file: Path
    rows: int
    spool_file: str
    last_row: int
    earliest_received_at_ms: int
    tallies: dict[tuple[int, str, str], int]


@dataclass(frozen=True, slots=True)
class Membership:
    """Of which profile an identifier is from `since` until `until`, which is not included; aware times or UTC."""

    site_id: int
    identifier_id: int
    since: datetime
    until: datetime
    profile_id: int


@dataclass(frozen=True, slots=True)
class Trace:
    """A name that one person went by from `since` until `until`, which is not included; UTC without a zone."""

    identifier_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Loaded:
    """What became of a batch: `loaded` + `duplicate` = its rows."""

    loaded: int
    duplicate: int


EXPORT_S = 600.0
"""How long an export's query may take: longer by far than a report's, as all may be asked for; but not for ever."""


class QueryTimeoutError(Exception):
    """A query ran longer than it was allowed to."""


class QueryMemoryError(QueryTimeoutError):
    """A query needs more memory than it may have."""


class StoreDownError(Exception):
    """The store cannot work now (unreachable, no disk); the same batch may be tried again."""


class BatchRefusedError(Exception):
    """A row of the batch can never be stored; nothing of the batch was."""


class EventStore(Protocol):
    """An engine that keeps events and derives visits from them.

    It asks `limits` once a batch, and once whenever it decides stored events again.
    """

    name: str
    limits: SiteLimits

    def migrate(self) -> None:
        """Create or upgrade the tables; FootfallError when the store is of a newer version."""

    def load(self, batch: Batch) -> Loaded:
        """Add the batch's new rows, its mark, its tallies and its visitors' visits, all or nothing, once.

        A batch whose mark is already reached changes nothing. Raises BatchRefusedError when
        its rows can never be stored, StoreDownError when trying again may help.
        """

    def refusal(self, file: Path) -> str | None:
        """Say why the rows of a batch's file cannot be stored, without storing any; None when they can."""

    def marks(self) -> dict[str, int]:
        """Return the last loaded row of every spool file that is not yet forgotten."""

    def forget_mark(self, spool_file: str) -> None:
        """Drop a finished spool file's mark, once the file itself is gone."""

    def next_ingest_id(self) -> int:
        """Return the first ingest_id that no event ever had, though all that came last may have been erased."""

    def query(self, statement: Select[Any], timeout_s: float = 30.0) -> Answer:
        """Run a report's query; QueryTimeoutError when it takes too long."""

    def stream(self, statement: Select[Any], chunk: int = 500) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Yield the rows in chunks, with flat memory; QueryTimeoutError after EXPORT_S."""

    def write_parquet(self, statement: Select[Any], file: Path, *, in_order: bool = False) -> None:
        """Write a query's rows to a new file of Parquet, in a folder that the store may write to.

        To keep the statement's order takes more memory. QueryTimeoutError after EXPORT_S.
        """

    def tallies(self) -> dict[tuple[int, str, str], int]:
        """Return how many events met which end, by (site_id, outcome, reason)."""

    def derive(self, site_id: int | None = None) -> None:
        """Make all signals, visits, struggles and rollups again from the stored events."""

    def decide(self, site_id: int | None = None) -> None:
        """Decide signals by the limits in force, and make again what follows from those that changed.

        Gives what `derive` gives after limits moved, in a fraction of the time.
        """

    def member_mark(self) -> int:
        """Return up to which change of memberships the copy of them has come."""

    def replace_members(
        self, changed: Collection[tuple[int, int]] | None, memberships: Sequence[Membership], mark: int
    ) -> None:
        """Put memberships in the place of those of the changed (site id, identifier)s, and move the mark.

        With None in the place of all. Safe to repeat.
        """

    def roll_up(self, site_id: int, days: Sequence[Span]) -> None:
        """Count finished days of a site into the rollups anew; they are clean until a late event comes."""

    def forget_rollups(self, site_id: int) -> None:
        """Take a site's days out of the rollups, as when its days begin at another hour: none is clean then."""

    def expire(self, site_id: int, before: datetime) -> int:
        """Delete what a site has of before one of its midnights (UTC without a zone); returns how many events went.

        What is left is what `derive` would make of the events that are left.
        """

    def erase_site(self, site_id: int) -> None:
        """Delete everything kept of one site."""

    def erase_traces(self, site_id: int, zone: ZoneInfo, traces: Sequence[Trace]) -> int:
        """Delete the events of whoever went by these names, by the names on a site of this zone; returns how many.

        What is left is what `derive` would make of the events that are left. Safe to repeat.
        """

    def scrub(self, identifiers: Collection[tuple[int, int]]) -> None:
        """Let nothing lie on the disk of deleted rows, nor of what the copy of memberships said of these identifiers.

        StoreDownError when readers do not let go of it in time.
        """

    def close(self) -> None:
        """Let go of the engine."""
