"""Decides the stored events of sites again after their limits changed, one site after the other, beside all else."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import func, select

from tracker.clock import utc_now
from tracker.database import Database
from tracker.signal_versions import history, mark_decided, undecided
from tracker.signals import THRESHOLDS, Thresholds, signals
from tracker.sites import SiteBook
from tracker.store.base import EventStore
from tracker.store.schema import event

_log = structlog.get_logger("footfall.deciding")
_COUNTING_S = 600.0
_LEAVING_S = 3.0
_GLANCE_S = 0.05


@dataclass(frozen=True)
class Progress:
    """How far one site is. `changed` clicks turn out otherwise than before; None until they are counted."""

    version: int
    began_at: datetime
    changed: int | None = None
    finished: bool = False
    failed: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether there is something to wait for."""
        return not self.finished and not self.failed


class Deciding:
    """One thread, started by the first question, in which sites wait for their turn."""

    def __init__(self, database: Database, sites: SiteBook, store: EventStore) -> None:
        self._database = database
        self._sites = sites
        self._store = store
        self._pool = ThreadPoolExecutor(1, "deciding")
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._waiting: set[int] = set()
        self._asked: list[Future[None]] = []
        self._progress: dict[int, Progress] = {}

    def ask(self, site_id: int) -> None:
        """Have a site's events decided by the limits in force, soon."""
        with self._lock:
            if self._stopping.is_set() or site_id in self._waiting:
                return
            self._waiting.add(site_id)
            self._progress[site_id] = Progress(self._limits(site_id).version, utc_now())
            self._asked = [one for one in self._asked if not one.done()]
            self._asked.append(self._pool.submit(self._run, site_id))

    def resume(self) -> None:
        """Ask for every site whose events are not yet decided by its limits: after a stop on the way, or a failure."""
        with self._database.session() as session:
            waiting = undecided(session)
        for site_id in waiting:
            found = self.progress(site_id)
            if found is None or not found.goes_on:
                self.ask(site_id)

    def progress(self, site_id: int) -> Progress | None:
        """Return how far a site is, or how it ended; None when nobody asked for it since the start."""
        with self._lock:
            return self._progress.get(site_id)

    def decide(self, site_id: int) -> Iterator[Progress]:
        """Decide a site's events by the limits in force, and yield how far that is."""
        limits = self._limits(site_id)
        progress = self._note(site_id, Progress(limits.version, utc_now()))
        yield progress
        try:
            self._wait_for_book(site_id, limits)
            progress = self._note(site_id, replace(progress, changed=self._count(site_id, limits)))
            yield progress
            self._store.decide(site_id)
            with self._database.session() as session:
                mark_decided(session, site_id, limits.version)
        except BaseException:
            self._note(site_id, replace(progress, failed=True))
            raise
        _log.info("events decided again", site=site_id, version=limits.version, changed=progress.changed)
        yield self._note(site_id, replace(progress, finished=True))

    def drain(self, timeout_s: float) -> bool:
        """Wait until all that was asked for is done; False when that took too long."""
        with self._lock:
            asked = list(self._asked)
        return not wait(asked, timeout_s).not_done

    def close(self) -> None:
        """Take up no other site, and wait a little for the one in hand; the next start's `resume` does the rest."""
        self._stopping.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self.drain(_LEAVING_S)

    def _run(self, site_id: int) -> None:
        with self._lock:
            self._waiting.discard(site_id)  # who asks from here on asks for another round
        try:
            for _ in self.decide(site_id):
                if self._stopping.is_set():
                    return
        except Exception:
            _log.exception("deciding failed", site=site_id)

    def _note(self, site_id: int, progress: Progress) -> Progress:
        with self._lock:
            self._progress[site_id] = progress
        return progress

    def _count(self, site_id: int, limits: Thresholds) -> int:
        otherwise = event.c.signals.is_distinct_from(signals(event, limits))
        counted = select(func.count()).where(event.c.site_id == site_id, event.c.kind == "click", otherwise)
        return int(self._store.query(counted, _COUNTING_S).rows[0][0])

    def _wait_for_book(self, site_id: int, limits: Thresholds) -> None:
        """Let the book of sites come to know the limits, so that what is loaded from here on is decided by them."""
        self._sites.forget()
        while self._sites.limits().get(site_id, THRESHOLDS).version != limits.version:
            if self._stopping.wait(_GLANCE_S) or limits.version != self._limits(site_id).version:
                return
            self._sites.forget()

    def _limits(self, site_id: int) -> Thresholds:
        with self._database.session() as session:
            return history(session, site_id)[0].limits
