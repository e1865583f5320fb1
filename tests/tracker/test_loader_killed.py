"""A loader that is killed again and again, anywhere, loses nothing and counts nothing twice."""

import random
import subprocess
import sys
import threading

import msgspec
from sqlalchemy import func, select

from tests.kit.archived import archived
from tests.kit.ground import ms
from tracker.event import Event, Footprint
from tracker.loader import Loader
from tracker.refusals import Refusals
from tracker.settings import Settings
from tracker.sites import SiteBook, SiteInfo
from tracker.spool import Spool
from tracker.store.opening import damaged_stores, open_store
from tracker.store.schema import event, visit

KILLS = 5  # `make soak` kills a hundred times
BEGIN = ms("2026-03-01 10:00")


def bodies(site: SiteInfo, number: int) -> bytes:
    events = [
        Event(id=f"{number:016x}-{seq}", kind="click" if seq else "view", at=BEGIN + seq, url="https://shop.example/")
        for seq in range(10)
    ]
    return msgspec.json.encode(
        Footprint(site_id=site.id, received_at=BEGIN, sent_at=BEGIN, visitor_id=number, events=events)
    )


def kill_loaders(settings: Settings, site: SiteInfo, sites: SiteBook, kills: int, chance: random.Random) -> int:
    """Kill one loader after the other in the midst of its work; return how many footprints came through all of it.

    The kills fall at random moments while files are written, loaded, archived and removed.
    """
    pause = threading.Event()
    spool = Spool(settings.spool_folder, segment_bytes=200_000)
    accepted = 0
    for _ in range(kills):
        command = [sys.executable, "-m", "tests.kit.loading", str(settings.data)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(chance.randint(1, 6)):
                waiting = [spool.submit(bodies(site, accepted + number), 10) for number in range(60)]
                for one in waiting:
                    one.result(10)
                accepted += 60
                process.stdout.readline()
            pause.wait(chance.random() * 0.15)
            process.kill()
    spool.close()
    store = open_store(settings)
    loader = Loader(settings, store, sites, Refusals())
    assert loader.drain(60)
    loader.close()
    sent = [(number, seq) for number in range(accepted) for seq in range(10)]
    stored = store.query(select(event.c.view_id, event.c.seq).order_by(event.c.view_id, event.c.seq)).rows
    assert [tuple(row) for row in stored] == sent
    assert sorted(archived(settings.archive_folder, "view_id", "seq")) == sent
    assert store.query(select(func.count()).select_from(visit)).rows == [(accepted,)]
    assert store.tallies() == {(site.id, "loaded", ""): accepted * 10}
    assert damaged_stores(settings) == []
    store.close()
    return accepted


def test_kills_lose_nothing_and_double_nothing(settings: Settings, site: SiteInfo, sites: SiteBook) -> None:
    assert kill_loaders(settings, site, sites, KILLS, random.Random(7)) >= KILLS * 60
