"""How a segment file looks: one SQLite table whose rows are only ever added, each sealed by a checksum.

Rows are numbered from 1 without gaps, and a number is never used twice in a file, so a
row found anywhere in the file with its seal intact is that row. Row 0 is written last,
by a writer that closes its file in order: its `events` is the number of rows, its
`until` the number of events.
"""

from pathlib import Path
from zlib import crc32

Row = tuple[int, int, bytes | None]
"""(row number, events in it, body); body is None when the row is damaged."""

PAGE_BYTES = 4096
SUFFIX = ".spool"
CLOSING_ROW = 0
CLOSING_BODY = b"closed"

CREATE = """
CREATE TABLE rows (
    row INTEGER PRIMARY KEY,
    events INTEGER NOT NULL,
    until INTEGER NOT NULL,
    seal INTEGER NOT NULL,
    body BLOB NOT NULL
)
"""
COLUMNS = 5


def seal(row: int, events: int, until: int, body: bytes) -> int:
    """Return the checksum of a row; `until` is the number of events in the file up to this row, itself included."""
    return crc32(body, crc32(b"%d %d %d" % (row, events, until)))


def segment_name(opened_ns: int, rest: str) -> str:
    """Return the name of a segment file, in whose order files are loaded."""
    return f"{opened_ns:020d}-{rest}{SUFFIX}"


def opened_ms(segment: Path) -> int:
    """Return when a segment file was opened, in ms since 1970, as its name has it."""
    return int(segment.name.partition("-")[0]) // 1_000_000


def lock_path(segment: Path) -> Path:
    """Return the file whose lock a live writer holds: SQLite's own locks must not be touched."""
    return segment.with_name(segment.name + ".lock")


def companions(segment: Path) -> list[Path]:
    """Return the files that belong to a segment, the segment itself first."""
    return [segment, *(segment.with_name(segment.name + end) for end in ("-wal", "-shm")), lock_path(segment)]
