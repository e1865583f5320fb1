"""How far each spool file is loaded, and what became of its events: one row a file."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    func,
    literal,
    literal_column,
    not_,
    select,
)
from sqlalchemy.types import TupleType

from tracker.store.clickhouse_client import FINAL, ClickHouseClient

Tally = Counter[tuple[int, str, str]]

_TALLY = ARRAY(TupleType(Integer, String, String, BigInteger))
_progress = Table(
    "progress",
    MetaData(),
    Column("spool_file", String),
    Column("version", BigInteger),
    Column("last_row", BigInteger),
    Column("tally", _TALLY),
    Column("forgotten", Boolean),
    Column("newest", BigInteger),
)


@dataclass(frozen=True)
class Progress:
    """A spool file's last loaded row, and how many of its events met which end.

    `newest` is the greatest ingest_id that any of its events had, erased or not.
    `version` grows with every change; the row with the greatest is the one that counts.
    """

    spool_file: str
    version: int = 0
    last_row: int = -1
    tally: Tally = field(default_factory=Counter)
    newest: int = 0

    def after(self, last_row: int, tally: Tally, newest: int = 0) -> "Progress":
        """Return what it is once a further batch is loaded."""
        return Progress(self.spool_file, self.version + 1, last_row, self.tally + tally, max(self.newest, newest))


def read_progress(client: ClickHouseClient, spool_file: str) -> Progress:
    """Return a file's progress, nothing at all when it was never loaded from."""
    c = _progress.c
    statement = select(c.version, c.last_row, c.tally, c.newest).where(c.spool_file == spool_file)
    for version, last_row, tally, newest in client.rows(statement, settings=FINAL).rows:
        return Progress(spool_file, version, last_row, _counted(tally), newest)
    return Progress(spool_file)


def write_progress(client: ClickHouseClient, progress: Progress, forgotten: bool = False) -> None:
    """Let one row take the place of the file's."""
    row = select(
        literal(progress.spool_file),
        literal(progress.version),
        literal(progress.last_row),
        literal([(*key, events) for key, events in progress.tally.items()], _TALLY),
        literal(forgotten),
        literal(progress.newest),
    )
    client.execute(row, prefix="INSERT INTO progress (spool_file, version, last_row, tally, forgotten, newest) ")


def read_marks(client: ClickHouseClient) -> dict[str, int]:
    """Return the last loaded row of every file that is not forgotten."""
    statement = select(_progress.c.spool_file, _progress.c.last_row).where(
        not_(_progress.c.forgotten), _progress.c.spool_file != ""
    )
    return dict(client.rows(statement, settings=FINAL).rows)


def newest_number(client: ClickHouseClient) -> int:
    """Return the greatest ingest_id that any loaded event had, erased or not; 0 when there was none."""
    ((newest,),) = client.rows(select(func.coalesce(func.max(_progress.c.newest), 0))).rows
    return int(newest)


def read_tallies(client: ClickHouseClient) -> Tally:
    """Return what became of all events."""
    each = select(func.arrayJoin(_progress.c.tally).label("each")).subquery()
    site_id, outcome, reason, events = (func.tupleElement(each.c.each, literal_column(str(n))) for n in range(1, 5))
    summed = select(site_id, outcome, reason, func.sum(events)).group_by(site_id, outcome, reason)
    return _counted(client.rows(summed, settings=FINAL).rows)


def forget_file(client: ClickHouseClient, spool_file: str) -> None:
    """Drop a file's mark and keep what it counted."""
    progress = read_progress(client, spool_file)
    if progress.version:
        write_progress(client, progress.after(progress.last_row, Counter()), forgotten=True)


def erase_tallies(client: ClickHouseClient, site_id: int) -> None:
    """Forget what was counted of one site."""
    client.execute(
        f"ALTER TABLE progress UPDATE tally = arrayFilter(each -> each.1 != {site_id:d}, tally) WHERE true",
        settings={"mutations_sync": 1},
    )


def _counted(tally: Iterable[tuple[int, str, str, int]]) -> Tally:
    return Counter({(site_id, outcome, reason): events for site_id, outcome, reason, events in tally})
