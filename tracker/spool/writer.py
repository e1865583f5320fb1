"""The spool's one writer thread: all that wait go to disk in one transaction."""

import logging
import shutil
import sqlite3
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

from tracker.settings import Settings
from tracker.spool.layout import SUFFIX
from tracker.spool.refused import Reason, SpoolRefusedError
from tracker.spool.segment import Segment

_log = logging.getLogger(__name__)

SEGMENT_BYTES = 64 * 2**20
SEGMENT_S = 300.0
COMMIT_BUCKETS_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_BATCH_ROWS = 1024
_BATCH_BYTES = 8 * 2**20
_TICK_S = 1.0
_RETRY_S: dict[Reason, int] = {"queue_full": 1, "no_space": 30, "spool_full": 30, "closing": 5, "commit_failed": 5}


Ticket = TypeVar("Ticket")
Told_contra = TypeVar("Told_contra", contravariant=True)


class Listener(Protocol[Told_contra]):
    """Who is told, in the writer thread and once a commit, how its bodies fared."""

    def settle(self, tickets: Sequence[Told_contra], refused: SpoolRefusedError | None) -> None:
        """Take back the tickets of one commit: durable when `refused` is None."""


class Statistics:
    """The writer's counts, changed by its thread alone; `commits_by_ms[i]` took at most COMMIT_BUCKETS_MS[i]."""

    def __init__(self) -> None:
        self.accepted_rows = 0
        self.accepted_events = 0
        self.commits = 0
        self.failed_commits = 0
        self.last_commit_ms = 0.0
        self.commits_ms_sum = 0.0
        self.commits_by_ms = [0] * (len(COMMIT_BUCKETS_MS) + 1)

    def committed(self, rows: int, events: int, took_ms: float) -> None:
        """Count one commit."""
        self.accepted_rows += rows
        self.accepted_events += events
        self.commits += 1
        self.last_commit_ms = took_ms
        self.commits_ms_sum += took_ms
        self.commits_by_ms[bisect_left(COMMIT_BUCKETS_MS, took_ms)] += 1


class _Futures:
    def settle(self, tickets: "Sequence[Future[None]]", refused: SpoolRefusedError | None) -> None:
        for ticket in tickets:
            if refused:
                ticket.set_exception(refused)
            else:
                ticket.set_result(None)


Bodies = Sequence[tuple[bytes, int]]
"""Bodies, each with how many events it has, that are committed together or not at all."""

_Waiting = tuple[Bodies, Listener[Any], object]


class Spool:
    """Keeps bodies in segment files of `folder`, which is made when absent.

    `cap_bytes` bounds the folder, `floor_bytes` the disk space left free, `queue_limit`
    the requests that wait for a commit. Several processes may write in one folder, each its
    own file.
    """

    def __init__(
        self,
        folder: Path,
        *,
        queue_limit: int = 10_000,
        cap_bytes: int = 4 * 2**30,
        floor_bytes: int = 256 * 2**20,
        segment_bytes: int = SEGMENT_BYTES,
        segment_s: float = SEGMENT_S,
        free_space: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_orphans(folder)
        self.folder = folder
        self.statistics = Statistics()
        self._queue_limit = queue_limit
        self._cap_bytes = cap_bytes
        self._floor_bytes = floor_bytes
        self._segment_bytes = segment_bytes
        self._segment_s = segment_s
        self._free_space = free_space
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._futures = _Futures()
        self._segment: Segment | None = None
        self._refusing: Reason | None = None
        self._looked_at = 0.0
        self._closing = False
        self._turning: SimpleQueue[threading.Event] = SimpleQueue()
        self._gate = threading.Lock()
        self._look()
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    @property
    def pending_rows(self) -> int:
        """How many requests wait for a commit."""
        return self._queue.qsize()

    @property
    def refusing(self) -> Reason | None:
        """Why bodies are refused just now, None when they are taken."""
        return "closing" if self._closing else self._refusing

    def submit(self, body: bytes, events: int) -> "Future[None]":
        """Queue a body of `events` events; the future ends when it is durable.

        Raises SpoolRefusedError at once when it cannot be taken; the future raises it when
        the commit failed.
        """
        return self.submit_all([(body, events)])

    def submit_all(self, bodies: Bodies) -> "Future[None]":
        """Queue the bodies of one request; the future ends when all are durable, and raises when none is.

        Raises SpoolRefusedError as `submit` does.
        """
        future: Future[None] = Future()
        self.submit_for(bodies, self._futures, future)
        return future

    def submit_for(self, bodies: Bodies, listener: Listener[Ticket], ticket: Ticket) -> None:
        """Queue bodies and have `listener` told of `ticket`, with all others of its commit, in one call.

        Raises SpoolRefusedError as `submit` does.
        """
        if self._refusing is not None:
            raise SpoolRefusedError(self._refusing, _RETRY_S[self._refusing])
        if self._queue.qsize() >= self._queue_limit:
            raise SpoolRefusedError("queue_full", _RETRY_S["queue_full"])
        with self._gate:  # nothing may queue up behind the end mark
            if self._closing:
                raise SpoolRefusedError("closing", _RETRY_S["closing"])
            self._queue.put((bodies, listener, ticket))

    def turn(self, timeout_s: float = 10.0) -> None:
        """Close the file that is written now, so that it can be loaded and removed; the next body begins another.

        Returns when that is done, or after some time.
        """
        turned = threading.Event()
        with self._gate:
            self._turning.put(turned)
            if not self._closing:
                self._queue.put(((), self._futures, turned))  # no bodies: it only wakes the writer
        if self._thread.is_alive():
            turned.wait(timeout_s)

    def close(self, timeout_s: float = 10.0) -> None:
        """Refuse what comes, commit what waits, close the file. Safe to call twice."""
        with self._gate:
            if not self._closing:
                self._closing = True
                self._queue.put(None)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        ended = False
        while not ended:
            batch, ended = self._next_batch()
            self._look()
            if batch:
                self._commit(batch)
            self._close_finished(ended)

    def _next_batch(self) -> tuple[list[_Waiting], bool]:
        """Wait for a request and take all that wait with it; True when the end mark was met."""
        batch: list[_Waiting] = []
        rows = size = 0
        try:
            waiting = self._queue.get(timeout=_TICK_S)
            while waiting is not None:
                if waiting[0]:
                    batch.append(waiting)
                rows += len(waiting[0])
                size += sum(len(body) for body, _ in waiting[0])
                if rows >= _BATCH_ROWS or size >= _BATCH_BYTES:
                    return batch, False
                waiting = self._queue.get_nowait()
        except Empty:
            return batch, False
        return batch, True

    def _commit(self, batch: list[_Waiting]) -> None:
        started = time.perf_counter()
        refused = SpoolRefusedError(self._refusing, _RETRY_S[self._refusing]) if self._refusing else None
        if refused is None:
            try:
                if self._segment is None:
                    self._segment = Segment(self.folder)
                rows = [row for bodies, _, _ in batch for row in bodies]
                self._segment.append(rows)
                took_ms = (time.perf_counter() - started) * 1000
                self.statistics.committed(len(rows), sum(events for _, events in rows), took_ms)
            except Exception:  # whatever it was: those who wait must be told, and the thread must live on
                _log.exception("spool: commit failed")
                refused = SpoolRefusedError("commit_failed", _RETRY_S["commit_failed"])
                self.statistics.failed_commits += 1
                self._abandon()
        told: dict[int, tuple[Listener[Any], list[object]]] = {}
        for _, listener, ticket in batch:
            told.setdefault(id(listener), (listener, []))[1].append(ticket)
        for listener, tickets in told.values():
            with suppress(RuntimeError):  # an event loop that has ended meanwhile
                listener.settle(tickets, refused)

    def _close_finished(self, ended: bool) -> None:
        turned = self._who_waits_for_a_turn()
        self._close_segment(ended or bool(turned))
        for waiting in turned:
            waiting.set()

    def _who_waits_for_a_turn(self) -> list[threading.Event]:
        waiting: list[threading.Event] = []
        with suppress(Empty):
            while True:
                waiting.append(self._turning.get_nowait())
        return waiting

    def _close_segment(self, ended: bool) -> None:
        segment = self._segment
        if segment is None:
            return
        age_s = time.monotonic() - segment.opened_at
        if ended or segment.bytes >= self._segment_bytes or age_s >= self._segment_s:
            self._segment = None
            try:
                segment.close()
            except (sqlite3.Error, OSError):
                _log.exception("spool: a file could not be closed; what was acknowledged is in it")
                segment.abandon()

    def _abandon(self) -> None:
        segment, self._segment = self._segment, None
        if segment is not None:
            segment.abandon()

    def _look(self) -> None:
        """See, once a second, whether the disk and the cap leave room."""
        now = time.monotonic()
        if self._looked_at and now - self._looked_at < _TICK_S:
            return
        self._looked_at = now
        try:
            if self._free_space(self.folder) < self._floor_bytes:
                self._refusing = "no_space"
            elif sum(file.stat().st_size for file in self.folder.iterdir()) >= self._cap_bytes:
                self._refusing = "spool_full"
            else:
                self._refusing = None
        except FileNotFoundError:  # the loader removed a file meanwhile: look again at the next tick
            return
        except OSError:
            self._refusing = "commit_failed"


def open_spool(settings: Settings) -> Spool:
    """Start the spool that the settings describe."""
    return Spool(
        settings.spool_folder,
        queue_limit=settings.queue_limit,
        cap_bytes=settings.spool_cap_mb * 2**20,
        floor_bytes=settings.free_space_floor_mb * 2**20,
    )


def _remove_orphans(folder: Path) -> None:
    """Unlink logs whose segment is gone: a process died while it removed a loaded file."""
    for end in ("-wal", "-shm"):
        for part in folder.glob(f"*{SUFFIX}{end}"):
            if not part.with_name(part.name.removesuffix(end)).exists():
                part.unlink(missing_ok=True)
