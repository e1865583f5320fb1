"""One segment file while its writer lives."""

import fcntl
import os
import secrets
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from tracker.spool.layout import (
    CLOSING_BODY,
    CLOSING_ROW,
    CREATE,
    PAGE_BYTES,
    companions,
    lock_path,
    seal,
    segment_name,
)

# sqlite3 gives the interpreter lock away around every step, and wins it back only after a busy event loop's
# turn: rows go in by statements of many rows, in these sizes so that each is compiled once.
_SIZES = (256, 64, 16, 4, 1)
_INSERT = "INSERT INTO rows (row, events, until, seal, body) VALUES (?, ?, ?, ?, ?)"
_INSERTS = {size: _INSERT + ", (?, ?, ?, ?, ?)" * (size - 1) for size in _SIZES}


class Segment:
    """The file being written; any sqlite3.Error or OSError means that it must be abandoned.

    A file is never written on after a failed transaction: the remains of that one would
    have the row numbers of the next.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / segment_name(time.time_ns(), f"{os.getpid()}-{secrets.token_hex(4)}")
        self.opened_at = time.monotonic()
        self.rows = 0
        self.events = 0
        self.bytes = 0
        lock = os.open(lock_path(self.path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._lock: int | None = lock
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._connection = self._create()
        except BaseException:
            self._unlock()
            for path in companions(self.path):
                path.unlink(missing_ok=True)
            raise

    def _create(self) -> sqlite3.Connection:
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            for pragma in (f"page_size={PAGE_BYTES}", "journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute(CREATE)
            _sync_folder(self.path.parent)
        except BaseException:
            connection.close()
            raise
        return connection

    def append(self, bodies: Sequence[tuple[bytes, int]]) -> None:
        """Commit `(body, events)` pairs; they are on disk when this returns."""
        row, until = self.rows, self.events
        values: list[int | bytes] = []
        for body, events in bodies:
            row += 1
            until += events
            values += (row, events, until, seal(row, events, until, body), body)
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        start, left = 0, len(bodies)
        for size in _SIZES:
            while left >= size:
                execute(_INSERTS[size], values[start : start + 5 * size])
                start, left = start + 5 * size, left - size
        execute("COMMIT")
        self.rows, self.events = row, until
        self.bytes += sum(len(body) for body, _ in bodies)

    def close(self) -> None:
        """Write the closing row, fold the write-ahead log in, and let go."""
        try:
            with closing(self._connection):
                mark = seal(CLOSING_ROW, self.rows, self.events, CLOSING_BODY)
                self._connection.execute(_INSERT, (CLOSING_ROW, self.rows, self.events, mark, CLOSING_BODY))
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._unlock()

    def abandon(self) -> None:
        """Let go after a failure, also of `close`; readers take the file for one whose writer died. An empty one goes.

        Nothing is raised: a disk that fails may fail at this, too.
        """
        with suppress(sqlite3.Error):
            self._connection.close()
        with suppress(OSError):
            if self.rows == 0:
                for path in companions(self.path):
                    path.unlink(missing_ok=True)
        with suppress(OSError):
            self._unlock()

    def _unlock(self) -> None:
        lock, self._lock = self._lock, None
        if lock is None:  # its number may be another file's by now
            return
        try:
            lock_path(self.path).unlink(missing_ok=True)
        finally:
            os.close(lock)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
