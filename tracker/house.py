"""The house: everything that a running Footfall has opened, put together in one place."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from flask import current_app

from tracker.claim import Claim
from tracker.database import Database
from tracker.deciding import Deciding
from tracker.identity.book import IdentityBook, weights_in_force
from tracker.ingest.context import IngestContext, open_context
from tracker.loader import Loader
from tracker.mail import check_mail
from tracker.migrations import migrate
from tracker.pending import pending_events
from tracker.rate import CALLS_WINDOW_S, Rate
from tracker.refusals import Refusals
from tracker.rights.erased import ErasedBook
from tracker.rights.erasing import Erasing, take_up
from tracker.rights.restoring import FILE
from tracker.schedules.lease import Leadership
from tracker.settings import Settings
from tracker.sites import SiteBook
from tracker.spool import Spool, open_spool
from tracker.store.base import EventStore
from tracker.store.opening import open_store

ENDS = ("loaded", "duplicate", "dropped", "dead")  # what an accepted event can become


@dataclass
class House:
    """What handlers, reports and jobs use."""

    settings: Settings
    claim: Claim
    database: Database
    sites: SiteBook
    refusals: Refusals
    ingest: IngestContext
    spool: Spool
    store: EventStore
    identity: IdentityBook
    loader: Loader
    deciding: Deciding
    erasing: Erasing
    leadership: Leadership
    calls: Rate  # of the API
    accepted_before: int  # events acknowledged before this process, since the first start

    def close(self) -> None:
        """Commit and load what was taken in, then let go of everything."""
        self.spool.close()
        self.erasing.close()
        self.loader.close()
        self.deciding.close()
        self.store.close()
        self.leadership.let_go()
        self.ingest.close()
        self.database.close()
        self.claim.release()


def open_house(settings: Settings, claim: Claim | None = None) -> House:
    """Claim the data folder, bring both stores up to date and open all; no thread of ours runs yet.

    Raises FootfallError with what to do when something does not open.
    """
    claim = claim or Claim(settings.data)
    with ExitStack() as undo:
        undo.callback(claim.release)
        database = Database(settings)
        undo.callback(database.close)
        migrate(database, settings.data / "backups")
        take_up(settings.data / FILE, database)
        check_mail(settings)
        sites, refusals = SiteBook(database), Refusals()
        store = open_store(settings, sites.limits)
        undo.callback(store.close)
        store.migrate()
        ingest = open_context(settings, database)
        undo.callback(ingest.close)
        identity = IdentityBook(database, sites, store, partial(weights_in_force, settings.data))
        erased = ErasedBook(database)
        loader = Loader(settings, store, sites, refusals, identity, erased)
        spool = open_spool(settings)
        accepted_before = _count_accepted(settings, store)
        house = House(
            settings=settings,
            claim=claim,
            database=database,
            sites=sites,
            refusals=refusals,
            ingest=ingest,
            spool=spool,
            store=store,
            loader=loader,
            identity=identity,
            deciding=Deciding(database, sites, store),
            erasing=Erasing(settings, database, sites, spool, loader, store, identity, erased),
            leadership=Leadership(database, "letters"),
            calls=Rate(settings.api_rate / CALLS_WINDOW_S, burst_s=CALLS_WINDOW_S),
            accepted_before=accepted_before,
        )
        undo.pop_all()
    return house


def _count_accepted(settings: Settings, store: EventStore) -> int:
    ended = sum(events for (_, outcome, _), events in store.tallies().items() if outcome in ENDS)
    return ended + pending_events(settings.spool_folder, store.marks())


def current_house() -> House:
    """Return the house of the Flask app that handles this request."""
    house: House = current_app.extensions["footfall"]
    return house
