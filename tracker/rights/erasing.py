"""Erases people: from a person's word to the last byte, in steps that may be done again.

The first step is a transaction of the relational store: tombstones, the person's identifiers and
edges gone, a row in the audit. From then on nothing of the person is loaded, and the tombstones
alone say what is still to go: whoever was cut off begins again with them.
"""

import secrets
import threading
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from tracker import archive, audit
from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.identity.book import IdentityBook
from tracker.languages import gettext
from tracker.loader import Loader
from tracker.rights import journal, tombstones
from tracker.rights.erased import ErasedBook, letter_is_erased, line_is_erased
from tracker.rights.forgetting import came_back, forget, forget_changes
from tracker.rights.journal import Waiting
from tracker.rights.person import count_events, find_person, in_pieces, is_known
from tracker.rights.restoring import Applied, Tombstones, put_up, read_file
from tracker.settings import Settings
from tracker.sites import SiteBook, SiteInfo
from tracker.spool import Spool
from tracker.sqlite import empty_log, write_anew
from tracker.store.base import EventStore, StoreDownError
from tracker.store.erasing import of_traces
from tracker.store.schema import event
from tracker.webhooks.queue import forget_visitors

PATIENCE_S = 30.0
_LEAVING_S = 3.0
_log = structlog.get_logger("footfall.erasing")


@dataclass(frozen=True)
class Begun:
    """An erasure that was begun: `reference` stands for it in the audit; the rest is what was found."""

    reference: str
    identifiers: int
    edges: int
    events: int


@dataclass(frozen=True)
class Finished:
    """An erasure that is done, and what went at its last turn, with all others of its site if there were more."""

    site_id: int
    reference: str
    counts: dict[str, int] = field(default_factory=dict)


class Erasing:
    """Begins erasures at once and finishes them in a thread of its own, or in the caller's."""

    def __init__(  # noqa: PLR0917 - all that holds anything of a person
        self,
        settings: Settings,
        database: Database,
        sites: SiteBook,
        spool: Spool,
        loader: Loader,
        store: EventStore,
        identity: IdentityBook,
        erased: ErasedBook,
    ) -> None:
        self._settings = settings
        self._database = database
        self._sites = sites
        self._spool = spool
        self._loader = loader
        self._store = store
        self._identity = identity
        self._erased = erased
        self._pool = ThreadPoolExecutor(1, "erasing")
        self._turn = threading.Lock()

    def begin(self, site: SiteInfo, profile_id: int, who: str, *, again: bool = False) -> Begun:
        """Let nothing more of a profile in, and take it out of who is who; `finish` does the rest.

        InvalidInputError when nothing is kept of it; and, unless `again` says that this is meant, when
        somebody who went by this number was erased before. Whoever goes by it now came later, or shared
        a device: a word that is said twice must not reach them.
        """
        at = _to_the_ms(utc_now())
        with self._database.session() as session:
            person = find_person(session, site.id, profile_id)
            if not is_known(session, self._store, person, at):
                raise InvalidInputError("profile", gettext("nothing is kept under this number"))
            if not again and tombstones.stands(session, site.id, profile_id):
                raise InvalidInputError(
                    "profile", gettext("who went by this number is erased; somebody else goes by it now")
                )
        events = count_events(self._store, person, at)
        reference = secrets.token_hex(8)
        with self._database.session() as session:
            person = find_person(session, site.id, profile_id)
            tombstones.record(session, site.id, person.whole, person.parts, at)
            gone = forget(session, site.id, person.whole, person.parts, at, reference)
            begun = Begun(reference, gone.identifiers, gone.edges, events)
            told = {"at": at.isoformat(), "identifiers": gone.identifiers, "edges": gone.edges, "events": events}
            audit.note(session, site.id, who, journal.BEGUN, reference, told)
        self._erased.forget()
        return begun

    def put_up(self, told: Tombstones, who: str) -> Applied:
        """Put up tombstones of another machine; `finish` then erases whatever is here of those whom they name."""
        with self._database.session() as session:
            applied = put_up(session, told)
            _begin_again(session, who)
        self._erased.forget()
        return applied

    def ask(self) -> None:
        """Have what was begun finished soon, in a thread of its own."""
        self._pool.submit(self._run)

    def finish(self, patience_s: float = PATIENCE_S) -> list[Finished]:
        """Erase what is left of all whose erasure was begun, from everywhere; returns what is done.

        StoreDownError when something cannot be done now, OperationalError while others write to the relational
        store: it stays begun.
        """
        with self._turn:
            with self._database.session() as session:
                waiting = journal.waiting(session)
            if not waiting:
                return []
            self._erased.forget()
            self._spool.turn()
            unloaded = self._loader.unload(patience_s)
            by_site = {site_id: [one for one in waiting if one.site_id == site_id] for site_id in _sites_of(waiting)}
            swept = {site_id: self._sweep(site_id, some) for site_id, some in by_site.items()}
            if not unloaded:
                raise StoreDownError("spool files of another process are still open; erasing goes on when they are not")
            self._wipe(waiting)
            with self._database.session() as session:
                for one in waiting:
                    journal.note_done(session, one, swept[one.site_id])
            empty_log(self._database.engine)
            _log.info("erased", erasures=len(waiting))
            return [Finished(one.site_id, one.reference, swept[one.site_id]) for one in waiting]

    def close(self) -> None:
        """Begin nothing more; the next start goes on with what is not done."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._turn.acquire(timeout=_LEAVING_S):
            self._turn.release()

    def _run(self) -> None:
        try:
            self.finish()
        except Exception:  # the job tries again
            _log.exception("erasing failed")

    def _sweep(self, site_id: int, waiting: Sequence[Waiting]) -> dict[str, int]:
        """Take what the tombstones of a site's erasures name out of files and stores; returns how much went."""
        site = self._sites.by_id(site_id)
        with self._database.session() as session:
            found = [trace for one in waiting for trace in tombstones.traces(session, site_id, one.at)]
        if site is None or not found:
            return {}
        spans = tombstones.spans_by_id(found)
        lines, letters = self._loader.sift(
            lambda line: not line_is_erased(spans, site.id, line),
            lambda letter: not letter_is_erased(spans, site.id, letter),
        )
        parts = events = 0
        for some in in_pieces(found):
            parts += archive.sift(self._settings.archive_folder, site.id, of_traces(event, site.id, some))
            events += self._store.erase_traces(site.id, site.tzinfo, some)
        for one in waiting:
            self._forget(one)
        together = {"together": len(waiting)} if len(waiting) > 1 else {}
        return {"events": events, "archive_parts": parts, "waiting_rows": lines, "dead_letters": letters, **together}

    def _forget(self, one: Waiting) -> None:
        """Take out of who is who what came back since: by a restore, or from a loader that did not know yet."""
        with self._database.session() as session:
            for at, ids in tombstones.erased_at(session, one.site_id, one.at).items():
                forget(session, one.site_id, ids, (), at, one.reference)

    def _wipe(self, waiting: Collection[Waiting]) -> None:
        """Let nothing lie on the disk of what is deleted."""
        gone: set[tuple[int, int]] = set()
        self._identity.copy()
        with self._database.session() as session:
            for one in waiting:
                ids = {each for some in tombstones.erased_at(session, one.site_id, one.at).values() for each in some}
                back = came_back(session, one.site_id, ids)
                forget_changes(session, one.site_id, ids - back)
                forget_visitors(session, one.site_id)
                gone |= {(one.site_id, each) for each in ids - back}
        self._identity.copy()
        write_anew(self._database.engine)
        self._store.scrub(gone)


def take_up(file: Path, database: Database) -> None:
    """Put up the tombstones that a restore left, so that nobody comes back with it; whoever did is erased again."""
    if not file.exists():
        return
    told = read_file(file)
    with database.session() as session:
        applied = put_up(session, told)
        _begin_again(session, audit.BY_ITSELF)
    file.unlink()
    _log.warning("tombstones of before the restore are obeyed", stones=applied.stones, unknown=applied.unknown)


def _begin_again(session: Session, who: str) -> None:
    for site_id in tombstones.sites_with(session):
        audit.note(session, site_id, who, journal.AGAIN, secrets.token_hex(8))


def _sites_of(waiting: Sequence[Waiting]) -> list[int]:
    return sorted({one.site_id for one in waiting})


def _to_the_ms(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
