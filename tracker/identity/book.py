"""Follows the loader: turns the claims of each batch into edges, and edges into profiles, each once."""

import threading
from collections.abc import Callable
from pathlib import Path

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.audit import BY_ITSELF, note
from tracker.database import Database
from tracker.errors import FootfallError
from tracker.identity.browsers import Browsers
from tracker.identity.claim import read_claims
from tracker.identity.linker.weights import SHIPPED, Weights, load_weights
from tracker.identity.members import copy_members
from tracker.identity.observed import Observed, Pair, observe
from tracker.identity.projection import project
from tracker.identity.recording import Grounds, forget_erased, record_names, record_pairs, record_sign_ins
from tracker.models import AuditEntry, IdentityMark
from tracker.sites import SiteBook, SiteInfo
from tracker.store.base import Batch, EventStore

OWN_WEIGHTS = "linker-weights.json"  # in the data folder: learned on this machine
_log = structlog.get_logger("footfall.identity")


class IdentityBook:
    """Reads batches that are in the event store and keeps what they say of identity in the relational one.

    Its mark moves in the same transaction, so that a batch that comes again changes nothing. Used by one
    thread at a time.
    """

    def __init__(self, database: Database, sites: SiteBook, store: EventStore, weights: Callable[[], Weights]) -> None:
        self._database = database
        self._sites = sites
        self._store = store
        self._weights = weights
        self._browsers: dict[int, tuple[int, Browsers]] = {}
        self._lock = threading.Lock()

    def follow(self, batch: Batch) -> None:
        """Record what a loaded batch claims, and bring the event store's copy of memberships up to date."""
        with self._lock:
            claims = observe(read_claims(batch.file)) if batch.rows else {}
            if not claims:
                return
            try:
                with self._database.session() as session:
                    if not _advance(session, batch):
                        return
                    for site_id, observed in sorted(claims.items()):
                        site = self._sites.by_id(site_id)
                        if site is not None:
                            self._record(session, site, observed)
            except BaseException:
                self._browsers.clear()  # what they learned was not written
                raise
            self.copy()

    def reconsider(self, site: SiteInfo, since_ms: int) -> tuple[int, int]:
        """Add and take back edges of looks, by what is known since; returns how many of each."""
        with self._lock, self._database.session() as session:
            added, taken_back, touched = self._browsers_of(session, site).reconsider(session, since_ms)
            if touched:
                project(session, site.id, touched, touched)
                told: dict[str, object] = {"added": added, "taken back": taken_back}
                # the browsers are read anew after it
                note(session, site.id, BY_ITSELF, "reconsider-links", "", told)
        self.copy()
        return added, taken_back

    def copy(self) -> None:
        """Let the event store follow the changes of memberships."""
        copy_members(self._database, self._store)

    def forget(self, spool_file: str) -> None:
        """Drop the mark of a spool file that is done with."""
        with self._database.session() as session:
            session.execute(delete(IdentityMark).where(IdentityMark.spool_file == spool_file))

    def _record(self, session: Session, site: SiteInfo, observed: Observed) -> None:
        forget_erased(session, site.id, observed)
        grounds: dict[Pair, Grounds] = {}
        parted: set[int] = set()
        if observed.looks:
            grounds, parted = self._browsers_of(session, site).recognise(session, observed)
        touched = record_names(session, site.id, observed)
        touched |= record_pairs(session, site.id, observed, grounds)
        touched |= record_sign_ins(session, site.id, observed.sign_ins)
        if touched or parted:
            project(session, site.id, touched, parted)

    def _browsers_of(self, session: Session, site: SiteInfo) -> Browsers:
        """Return the site's browsers, read anew where somebody changed something by hand since."""
        newest = session.scalar(select(func.coalesce(func.max(AuditEntry.id), 0)).where(AuditEntry.site_id == site.id))
        read_at, browsers = self._browsers.get(site.id, (None, None))
        if browsers is None or read_at != newest:
            browsers = Browsers(session, site, self._weights())
            self._browsers[site.id] = (newest or 0, browsers)
            _log.info("browsers read", site=site.id)
        return browsers


def weights_in_force(data: Path) -> Weights:
    """Return the linker's weights: its own machine's, if they can be read, else those that come along."""
    own = data / OWN_WEIGHTS
    if own.exists():
        try:
            return load_weights(own)
        except FootfallError as error:  # as after an upgrade; loading must not wait for somebody to learn again
            _log.warning("the linker's own weights cannot be used", error=str(error))
    return load_weights(SHIPPED)


def _advance(session: Session, batch: Batch) -> bool:
    """Move the mark over a batch; False when it is there already."""
    if not batch.spool_file:
        return True
    mark = session.get(IdentityMark, batch.spool_file)
    if mark is None:
        session.add(IdentityMark(spool_file=batch.spool_file, last_row=batch.last_row))
    elif mark.last_row >= batch.last_row:
        return False
    else:
        mark.last_row = batch.last_row
    session.flush()
    return True
