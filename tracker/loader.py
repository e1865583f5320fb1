"""Brings acknowledged events from the spool into the store, each once."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from tracker import archive
from tracker.batches import BatchFolder
from tracker.clock import now_ms
from tracker.dead_letters import DeadLetter, DeadLetters
from tracker.gathering import Gatherer
from tracker.refusals import Refusals
from tracker.rights.erased import ErasedBook
from tracker.settings import Settings
from tracker.sites import SiteBook
from tracker.spool import Row as SpoolRow
from tracker.spool import SegmentReader, files, is_closed, remove
from tracker.store.base import Batch, BatchRefusedError, EventStore, StoreDownError

_log = structlog.get_logger("footfall.loader")

EVENTS_AT_ONCE = 20_000
ROWS_AT_ONCE = 500
BATCHES_AT_ONCE = 10  # of one file, before the next file has its turn
EVERY_S = 1.0  # small batches cost a transaction each; this is how long an event may wait for company
BACK_OFF_S = (1, 2, 5, 10, 30)
DRAIN_S = 5.0
_GLANCE_S = 0.05


class Follower(Protocol):
    """What is told of every batch once it is stored, perhaps more than once."""

    def follow(self, batch: Batch) -> None:
        """Take from the batch what concerns it, once."""

    def forget(self, spool_file: str) -> None:
        """Drop what was noted of a spool file that is done with."""


class _Nobody:
    def follow(self, batch: Batch) -> None:
        pass

    def forget(self, spool_file: str) -> None:
        pass


class Loader:
    """One thread between the spool and the store; `run_once` does one round without it.

    `last_error` says why loading does not get on (None: it does), `lag_s` how long ago the
    events arrived that are being loaded (0: nothing waits).
    """

    def __init__(  # noqa: PLR0917 - what it works with
        self,
        settings: Settings,
        store: EventStore,
        sites: SiteBook,
        refusals: Refusals,
        identity: Follower | None = None,
        erased: ErasedBook | None = None,
    ) -> None:
        self._spool_folder = settings.spool_folder
        self._archive_folder = settings.archive_folder
        self._store = store
        self._refusals = refusals
        self._identity = identity or _Nobody()
        self._batches = BatchFolder(settings.batch_folder)
        self._dead_letters = DeadLetters(settings.dead_folder)
        self._gatherer = Gatherer(store, sites, self._dead_letters, self._settle, erased)
        self._pool = ThreadPoolExecutor(1, "loader-store")
        self._loading: Future[None] | None = None
        self._followers = ThreadPoolExecutor(1, "loader-identity")
        self._following: Future[None] | None = None
        self._archivist = ThreadPoolExecutor(1, "loader-archive")
        self._finishing: list[Future[None]] = []
        self._readers: dict[Path, SegmentReader] = {}
        self._marks: dict[str, int] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._round = threading.Lock()
        self.last_error: str | None = None
        self.lag_s = 0.0

    def start(self) -> None:
        """Load in a thread of its own until `stop`."""
        self._thread = threading.Thread(target=self._run, name="loader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after loading what waits if that takes no longer than some seconds; the rest keeps."""
        if self._thread is not None:
            self._stopping.set()
            self._thread.join()
            self._thread = None
            self._stopping.clear()
            self.drain(DRAIN_S)

    def close(self) -> None:
        """Stop, and let go of the spool's files."""
        self.stop()
        self._pool.shutdown()
        self._followers.shutdown()
        self._archivist.shutdown()
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()

    def drain(self, timeout_s: float) -> bool:
        """Load until nothing waits; False when that took too long or the store is down."""
        deadline = time.monotonic() + timeout_s
        try:
            while self.run_once():
                if time.monotonic() > deadline:
                    return False
        except StoreDownError:
            return False
        return True

    def unload(self, timeout_s: float) -> bool:
        """Load all that is in the spool by now, until its files are gone; False when one outlasts the time.

        What other processes write meanwhile does not keep it: a file of theirs that is still open does.
        """
        deadline = time.monotonic() + timeout_s
        waiting = set(files(self._spool_folder))
        while waiting & set(files(self._spool_folder)):
            if time.monotonic() > deadline:
                return False
            if not self.run_once():
                time.sleep(_GLANCE_S)
        return True

    def sift(self, keep_row: Callable[[bytes], bool], keep_letter: Callable[[DeadLetter], bool]) -> tuple[int, int]:
        """Take lines out of the batches that are kept, and letters out of the dead ones; returns how many of each."""
        with self._round:
            return self._batches.sift(keep_row), self._dead_letters.sift(keep_letter)

    def run_once(self) -> int:
        """Load what waits of every spool file, some batches at most, and return how many events that were.

        StoreDownError when the store cannot; the spool keeps what waits.
        """
        with self._round:
            try:
                if self._marks is None:
                    self._marks = self._recover()
                events = sum(self._load_some(path) for path in files(self._spool_folder))
                self._catch_up()
                self._put_away()
                if not events:
                    self.lag_s = 0.0
                    self._tell_refusals()
            except BaseException:
                for end in (self._settle, self._catch_up, self._put_away):
                    with suppress(Exception):
                        end()
                self._marks = None  # what is loaded is asked of the store again
                raise
            self.last_error = None
            return events

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                events = self.run_once()
                failures = 0
                pause = 0.0 if events >= EVENTS_AT_ONCE else EVERY_S - (time.monotonic() - began)
            except Exception as error:  # whatever it is, the spool keeps what waits; trying again is the only way on
                self.last_error = f"{type(error).__name__}: {error}"
                _log.error("loading failed", error=self.last_error, exc_info=not isinstance(error, StoreDownError))
                pause = BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
                failures += 1
            if pause > 0:
                self._stopping.wait(pause)

    def _recover(self) -> dict[str, int]:
        """Load again what was fixed and may not have been loaded, and put away what is done; gives the marks."""
        archive.clean(self._archive_folder)
        marks = self._store.marks()
        waiting = {path.name for path in files(self._spool_folder)}
        for name in {*marks, *self._batches.spool_files()} - waiting:
            # a spool file is removed only when all of it is loaded and in the archive
            self._batches.forget(name)
            self._store.forget_mark(name)
            self._identity.forget(name)
            marks.pop(name, None)
        for name in sorted(waiting):
            for batch in self._batches.of(name):
                if batch.last_row > marks.get(name, 0):
                    self._load(batch)
                    marks[name] = batch.last_row
                else:
                    self._identity.follow(batch)
        return marks

    def _load_some(self, path: Path) -> int:
        """Load a file's next batches, gathering one while the store takes the one before.

        A file that is done is put away while the next is being loaded.
        """
        assert self._marks is not None
        closed = is_closed(path)
        done = False
        events = 0
        for _ in range(BATCHES_AT_ONCE):
            mark = self._marks.get(path.name, 0)
            rows = self._read(path, mark)
            done = sum(events for _, events, _ in rows) < EVENTS_AT_ONCE
            if not rows:
                break
            batch = self._gather(path, rows)
            self._settle()
            self._loading = self._pool.submit(self._load, batch)
            self._marks[path.name] = batch.last_row
            events += sum(events for _, events, _ in rows)
            if done:
                break
        self._settle()
        if closed and done:
            self._catch_up()
            self._let_go(path)
            self._finishing.append(self._archivist.submit(self._finish, path))
        return events

    def _gather(self, path: Path, rows: list[SpoolRow]) -> Batch:
        gathered = self._gatherer.gather(path.name, rows)
        gathered.tallies.update({(site, "refused", reason): n for (site, reason), n in self._refusals.take().items()})
        self.lag_s = max(0.0, (now_ms() - gathered.earliest_received_at_ms) / 1000)
        return self._batches.fix(
            path.name, rows[-1][0], gathered.lines, gathered.earliest_received_at_ms, dict(gathered.tallies)
        )

    def _settle(self) -> None:
        """Wait for the batch that is being loaded; raises what it raised."""
        if self._loading is not None:
            loading, self._loading = self._loading, None
            loading.result()

    def _catch_up(self) -> None:
        """Wait for what follows the batch before; raises what it raised."""
        if self._following is not None:
            following, self._following = self._following, None
            following.result()

    def _put_away(self) -> None:
        """Wait for the files that are being put away; raises what the first of them raised."""
        finishing, self._finishing = self._finishing, []
        wait(finishing)
        for one in finishing:
            one.result()

    def _read(self, path: Path, mark: int) -> list[SpoolRow]:
        reader = self._readers.setdefault(path, SegmentReader(path))
        rows: list[SpoolRow] = []
        events = 0
        while events < EVENTS_AT_ONCE:
            more = reader.read(rows[-1][0] if rows else mark, ROWS_AT_ONCE)
            rows += more
            events += sum(count for _, count, _ in more)
            if len(more) < ROWS_AT_ONCE:
                break
        return rows

    def _load(self, batch: Batch) -> None:
        try:
            self._store.load(batch)
        except BatchRefusedError:
            batch = self._without_bad_rows(batch)
            self._store.load(batch)
        self._catch_up()
        self._following = self._followers.submit(self._identity.follow, batch)  # while the store takes the next

    def _without_bad_rows(self, batch: Batch) -> Batch:
        """Fix the batch anew without the rows that the engine cannot take, which become dead letters."""
        lines = batch.file.read_bytes().splitlines(keepends=True)
        tallies = dict(batch.tallies)
        bad = set()
        for number, problem in self._refused(lines, 0):
            site_id = int(msgspec.json.decode(lines[number])["site_id"])
            origin = f"{batch.spool_file}:{batch.last_row}:{number}"
            text = lines[number].decode()
            self._dead_letters.add(DeadLetter(origin, site_id, "store", problem, len(text), text))
            tallies[site_id, "dead", "store"] = tallies.get((site_id, "dead", "store"), 0) + 1
            bad.add(number)
        good = [line for number, line in enumerate(lines) if number not in bad]
        _log.warning("rows cannot be stored", file=batch.spool_file, rows=len(bad))
        return self._batches.fix(batch.spool_file, batch.last_row, good, batch.earliest_received_at_ms, tallies)

    def _refused(self, lines: Sequence[bytes], offset: int) -> Iterator[tuple[int, str]]:
        """Find the lines that the engine refuses, by halves; gives their numbers and why."""
        problem = self._store.refusal(self._batches.scratch(lines))
        if problem is None:
            return
        if len(lines) == 1:
            yield offset, problem
            return
        middle = len(lines) // 2
        yield from self._refused(lines[:middle], offset)
        yield from self._refused(lines[middle:], offset + middle)

    def _let_go(self, path: Path) -> None:
        """Drop what is held open and known of a file that is all loaded."""
        assert self._marks is not None
        self._marks.pop(path.name, None)
        reader = self._readers.pop(path, None)
        if reader is not None:
            reader.close()

    def _finish(self, path: Path) -> None:
        """Archive a file that is all loaded, then remove it; safe to repeat from any point."""
        archive.add(
            self._archive_folder, path.stem, [batch.file for batch in self._batches.of(path.name) if batch.rows]
        )
        remove(path)
        self._store.forget_mark(path.name)
        self._identity.forget(path.name)
        self._batches.forget(path.name)

    def _tell_refusals(self) -> None:
        """Count what was refused at the door also when nothing comes in."""
        refused = self._refusals.take()
        if refused:
            tallies = {(site, "refused", reason): count for (site, reason), count in refused.items()}
            self._store.load(Batch(self._batches.scratch([]), 0, "", 0, now_ms(), tallies))
