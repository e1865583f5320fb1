"""Reads segment files while they are written, after their writer closed or died, and after damage."""

import fcntl
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from tracker.spool.layout import CLOSING_ROW, SUFFIX, Row, companions, lock_path, seal
from tracker.spool.salvage import Found, salvage

_SELECT = "SELECT row, events, until, seal, body FROM rows WHERE row > ? ORDER BY row LIMIT ?"
_ONE = "SELECT row, events, until, seal, body FROM rows WHERE row = ?"
_LAST = "SELECT row, events, until, seal, body FROM rows WHERE row > 0 ORDER BY row DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Total:
    """How much a file holds: rows, and the events in them."""

    rows: int
    events: int


def files(folder: Path) -> list[Path]:
    """Return the segment files of a folder, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def is_closed(path: Path) -> bool:
    """Tell whether nothing more will come into a file: its writer is done with it or dead."""
    try:
        handle = os.open(lock_path(path), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        # shared, so that two who ask at once do not take each other for the writer
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def remove(path: Path) -> None:
    """Unlink a closed file and all that belongs to it, the segment itself first. Safe to repeat."""
    for part in companions(path):
        part.unlink(missing_ok=True)


class SegmentReader:
    """Gives a file's rows in order: every undamaged one with its body, damaged ones without.

    Reads through SQLite as long as rows follow each other and their seals hold; from the
    first doubt on a closed file, from its raw pages. Never writes to the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._salvaged: dict[int, Found] | None = None

    def __enter__(self) -> "SegmentReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def read(self, after_row: int, limit: int) -> list[Row]:
        """Return at most `limit` rows with numbers above `after_row`, in order and without gaps.

        A damaged row is `(row, events, None)`: the events that a run of damaged rows held
        stand with the first of the run, 0 with the others (and 0 where it cannot be known).
        An empty list says that there is no more for now, or, when `is_closed` was true
        before the call, ever. FileNotFoundError when the file is gone.
        """
        if self._salvaged is None:
            closed = is_closed(self.path)
            rows = self._query(after_row, limit)
            if rows or not closed or self._is_complete(after_row):
                return rows
            self._salvage()
        return self._read_salvaged(after_row, limit)

    def total(self) -> Total:
        """Return what the file holds up to now; events less those of `events_until(mark)` are pending."""
        closed = is_closed(self.path)
        for statement in (_ONE, _LAST) if self._salvaged is None else ():
            found = self._sound(statement, (CLOSING_ROW,) if statement is _ONE else ())
            if found and found[0] == CLOSING_ROW:
                return Total(found[1], found[2])
            if found and not closed:
                return Total(found[0], found[2])
        if not closed:
            return Total(0, 0)
        found_rows = self._salvage()
        last = self._last_salvaged()
        end = found_rows.get(CLOSING_ROW)
        return Total(last, end.until if end else found_rows[last].until if last else 0)

    def events_until(self, row: int) -> int:
        """Return how many events the file holds in the rows up to `row`, it included."""
        if row == 0:
            return 0
        found = self._sound(_ONE, (row,)) if self._salvaged is None else None
        if found:
            return found[2]
        if self._salvaged is None and not is_closed(self.path):
            return 0
        before = [number for number in self._salvage() if 0 < number <= row]
        return self._salvage()[max(before)].until if before else 0

    def _query(self, after_row: int, limit: int) -> list[Row]:
        """Return sound rows that follow `after_row` without a gap, as far as SQLite gives them."""
        rows: list[Row] = []
        expected = after_row + 1
        try:
            for row, events, until, mark, body in self._connect().execute(_SELECT, (after_row, limit)):
                if row != expected or not _holds(row, events, until, mark, body):
                    break
                rows.append((row, events, body))
                expected += 1
        except (sqlite3.Error, OverflowError, UnicodeError):
            self._disconnect()
        return rows

    def _sound(self, statement: str, values: tuple[int, ...]) -> tuple[int, int, int] | None:
        """Return (row, events, until) of the one row asked for, if it is there and sound."""
        try:
            found = self._connect().execute(statement, values).fetchone()
        except (sqlite3.Error, OverflowError, UnicodeError):
            self._disconnect()
            return None
        return found[:3] if found and _holds(*found) else None

    def _is_complete(self, after_row: int) -> bool:
        end = self._sound(_ONE, (CLOSING_ROW,))
        return end is not None and end[1] == after_row

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            if not self.path.exists():
                raise FileNotFoundError(self.path)
            # read-only: a reader that may write would fold the log in when it closes
            self._connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
            )
        return self._connection

    def _disconnect(self) -> None:
        try:
            self.close()
        except sqlite3.Error:
            self._connection = None

    def _salvage(self) -> dict[int, Found]:
        if self._salvaged is None:
            self._disconnect()
            self._salvaged = salvage(self.path)
        return self._salvaged

    def _last_salvaged(self) -> int:
        found = self._salvage()
        end = found.get(CLOSING_ROW)
        return end.events if end else max(found, default=0)

    def _read_salvaged(self, after_row: int, limit: int) -> list[Row]:
        found = self._salvage()
        last = self._last_salvaged()
        rows: list[Row] = []
        for number in range(after_row + 1, min(after_row + limit, last) + 1):
            here = found.get(number)
            rows.append((number, here.events, here.body) if here else (number, self._lost_at(number, last), None))
        return rows

    def _lost_at(self, number: int, last: int) -> int:
        """Return the events of the run of damaged rows that begins at `number`, 0 inside a run."""
        found = self._salvage()
        before = found.get(number - 1)
        if number > 1 and before is None:
            return 0
        end = found.get(CLOSING_ROW)
        after = next((found[later] for later in range(number + 1, last + 1) if later in found), None)
        until = after.until - after.events if after else end.until if end else 0
        return max(0, until - (before.until if before and number > 1 else 0))


def _holds(row: object, events: object, until: object, mark: object, body: object) -> bool:
    return (
        isinstance(row, int)
        and isinstance(events, int)
        and isinstance(until, int)
        and isinstance(body, bytes)
        and seal(row, events, until, body) == mark
    )
