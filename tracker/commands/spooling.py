"""Takes something in through the spool, be a server running or not."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tracker.commands.asking import house_or_none
from tracker.database import Database
from tracker.errors import FootfallError
from tracker.house import House
from tracker.ingest.context import IngestContext, open_context
from tracker.settings import Settings
from tracker.sites import SiteBook
from tracker.spool import Spool, open_spool

T = TypeVar("T")
_LOADING_STOPS_S = 60  # a loader that finishes no file of ours for so long is not at work


@dataclass(frozen=True)
class WayIn:
    """What is needed to take something in."""

    database: Database
    sites: SiteBook
    ingest: IngestContext
    spool: Spool


def through_spool(settings: Settings, take: Callable[[WayIn], T]) -> T:
    """Return what `take` returns, once all that it has put into the spool is loaded.

    FootfallError when it is not: all is in the spool then, and will be loaded later.
    """
    house = house_or_none(settings)
    if house is None:
        with beside_server(settings) as way_in:
            found = take(way_in)
        _wait_for_loader(settings.spool_folder)
    else:
        with closing(house):
            found = take(WayIn(house.database, house.sites, house.ingest, house.spool))
            _load_all(house)
    return found


@contextmanager
def beside_server(settings: Settings) -> Iterator[WayIn]:
    """Open a way in by spool files of this process, for whatever server loads them; they are whole at the end."""
    with ExitStack() as leaving:
        database = Database(settings)
        leaving.callback(database.close)
        ingest = open_context(settings, database)
        leaving.callback(ingest.close)
        spool = open_spool(settings)
        leaving.callback(spool.close)
        yield WayIn(database, SiteBook(database), ingest, spool)


def load_spool(settings: Settings) -> None:
    """See to it that what this process has put into the spool is loaded, by the running server or else here.

    FootfallError when it is not: it will be loaded later.
    """
    house = house_or_none(settings)
    if house is None:
        _wait_for_loader(settings.spool_folder)
    else:
        with closing(house):
            _load_all(house)


def _load_all(house: House) -> None:
    """Load all that waits in the spool."""
    house.spool.close()
    while not house.loader.drain(_LOADING_STOPS_S):
        if house.loader.last_error:
            raise FootfallError(f"the event store does not take it: {house.loader.last_error}")


def _wait_for_loader(folder: Path) -> None:
    """Wait until the spool files that this process wrote are loaded and gone."""
    ours = f"*-{os.getpid()}-*.spool"
    left, changed = len(list(folder.glob(ours))), time.monotonic()
    while left:
        time.sleep(0.1)
        now = len(list(folder.glob(ours)))
        if now != left:
            left, changed = now, time.monotonic()
        elif time.monotonic() - changed > _LOADING_STOPS_S:
            raise FootfallError("all is in the spool, but the server does not load it; `footfall doctor` may say why")
