"""The loader alone: `python -m bench.store [EVENTS]` prints events/s from a full spool, bytes an event and memory."""

import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from tracker.clock import MS_A_DAY, now_ms
from tracker.database import Database
from tracker.event import Event, Footprint
from tracker.loader import Loader
from tracker.models import Base
from tracker.refusals import Refusals
from tracker.settings import Settings, load_settings
from tracker.sites import SiteBook, SiteInfo, create_site, describe
from tracker.spool import Spool, files
from tracker.store.duckdb import DuckStore
from tracker.store.opening import open_store

AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    f"Chrome/{version}.0.0.0 Safari/537.36"
    for version in range(100, 160)
]
REFERRERS = [None, None, "https://www.google.com/", "https://www.bing.com/", "https://news.example/today"]


Who = Callable[[random.Random, int], dict[str, Any]]
"""Tells what a footprint says of who left it, at a time in ms since 1970."""


def write_spool(folder: Path, site: SiteInfo, events: int, *, days: float = 1.0, who: Who | None = None) -> int:
    """Fill a spool with requests of some ten events, visits interleaved as they would come; returns how many events."""
    chance = random.Random(1)
    begin = now_ms() - int(days * MS_A_DAY)
    requests: list[tuple[int, int, bytes]] = []
    made = 0
    while made < events:
        at = begin + int(chance.random() * days * MS_A_DAY)
        for sent_at, count, body in _visit(chance, site, at, who or _anybody):
            requests.append((sent_at, count, body))
            made += count
    requests.sort(key=lambda request: request[0])
    spool = Spool(folder, floor_bytes=0, cap_bytes=2**40, queue_limit=2**31)
    waiting = None
    for _, count, body in requests:
        waiting = spool.submit(body, count)
    if waiting:
        waiting.result(600)
    spool.close(600)
    return made


def _anybody(chance: random.Random, at: int) -> dict[str, Any]:
    return {"visitor_id": chance.getrandbits(63)}


def _visit(chance: random.Random, site: SiteInfo, at: int, who: Who) -> list[tuple[int, int, bytes]]:
    """Return a visit's requests; of its events 52 % are views, 35 % clicks with evidence, 11 % engaged time."""
    told = who(chance, at)
    shared = {
        "user_agent": chance.choice(AGENTS),
        "language": chance.choice(("pl-PL", "en-US", "de-DE")),
        "country": chance.choice(("PL", "US", "DE", "GB")),
        "place_approximate": True,
        "viewport": (chance.choice((390, 1440, 1920)), 900),
        **told,
    }
    referrer = chance.choice(REFERRERS)
    events: list[Event] = []
    for _ in range(min(60, 1 + int(chance.expovariate(1 / 3)))):
        view = f"{chance.getrandbits(64):016x}"
        page = int(600 * chance.random() ** 3)
        url = f"https://shop.example/section-{page % 12}/page-{page}"
        events.append(
            Event(id=f"{view}-0", kind="view", at=at, url=url, title=f"Page {page} of the shop", referrer=referrer)
        )
        referrer = None
        for number in range(1, 1 + min(9, int(chance.expovariate(1 / 1.1)))):
            at += int(1000 + 20_000 * chance.random() ** 2)
            events.append(_click(chance, f"{view}-{number}", at, url, page))
        if chance.random() < 0.21:
            at += 500
            engaged = int(500 + 30_000 * chance.random() ** 2)
            events.append(
                Event(id=f"{view}-99", kind="engagement", at=at, url=url, engaged_ms=engaged, scroll_permille=700)
            )
        at += int(1000 + 40_000 * chance.random() ** 2)
    requests = []
    for first in range(0, len(events), 10):
        some = events[first : first + 10]
        sent = some[-1].at + chance.randrange(5000)
        footprint = Footprint(site_id=site.id, received_at=sent + 30, sent_at=sent, events=some, **shared)
        requests.append((sent, len(some), msgspec.json.encode(footprint)))
    return requests


def _click(chance: random.Random, name: str, at: int, url: str, page: int) -> Event:
    which, fate = int(40 * chance.random() ** 2), chance.random()
    return Event(
        id=name,
        kind="click",
        at=at,
        url=url,
        element=f"main>section:nth-of-type({1 + page % 7})>div.card:nth-of-type({which})>a",
        element_tag="a",
        element_text=f"Label {which}",
        affordance="none" if which % 10 == 9 else "native",
        trusted=True,
        offset_x=chance.randrange(1000),
        offset_y=chance.randrange(1000),
        page_x=chance.randrange(1000),
        page_y=int(4000 * chance.random() ** 2),
        mutation_ms=int(5 + 900 * chance.random() ** 3) if fate > 0.08 else None,
        any_mutation_ms=int(5 + 400 * chance.random() ** 3) if fate > 0.04 else None,
        request_ms=int(5 + 300 * chance.random() ** 3) if fate > 0.5 else None,
        navigation_ms=int(20 + 500 * chance.random() ** 2) if fate > 0.7 else None,
        mutation_pace=int(20 * chance.random() ** 4),
        watched_before_ms=3000,
        watched_after_ms=7000,
    )


def run(events: int, data: Path) -> None:
    """Load a spool of `events` events and print the table."""
    settings: Settings = load_settings({"FOOTFALL_DATA": str(data)})
    database = Database(settings)
    Base.metadata.create_all(database.engine)
    with database.session() as session:
        site = describe(create_site(session, "Bench", ["shop.example"], "Europe/Warsaw"))
    made = write_spool(settings.spool_folder, site, events)
    spooled = sum(path.stat().st_size for path in settings.spool_folder.iterdir())
    before = resource.getrusage(resource.RUSAGE_SELF)
    store = open_store(settings)
    assert isinstance(store, DuckStore)
    loader = Loader(settings, store, SiteBook(database), Refusals())
    began = time.perf_counter()
    while files(settings.spool_folder):
        loader.run_once()
    took = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    loader.close()
    store.checkpoint()
    tallies = store.tallies()
    assert tallies == {(site.id, "loaded", ""): made}, tallies
    store.close()
    archived = sum(path.stat().st_size for path in settings.archive_folder.rglob("*.parquet"))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print("| loader alone, archive included | |\n|---|---|")
    print(f"| events | {made:,} |")
    print(f"| events/s | {made / took:,.0f} |")
    print(f"| µs of CPU an event | {cpu / made * 1e6:.1f} |")
    print(f"| bytes an event: spool | {spooled / made:.0f} |")
    print(f"| bytes an event: event table alone | {_alone(settings.store_file, 'event') / made:.1f} |")
    print(f"| bytes an event: visit table alone | {_alone(settings.store_file, 'visit') / made:.1f} |")
    print(f"| bytes an event: the store's file | {settings.store_file.stat().st_size / made:.1f} |")
    print(f"| bytes an event: archive | {archived / made:.1f} |")
    print(f"| peak memory, MB (this process made the spool, too) | {after.ru_maxrss / 1024:.0f} |")


def _alone(store_file: Path, table: str) -> int:
    """Return the bytes of a table as it lies in the store, in a file of its own."""
    copy = store_file.with_name(f"{table}.duckdb")
    with duckdb.connect() as engine:
        engine.execute(f"ATTACH '{store_file}' AS store (READ_ONLY); ATTACH '{copy}' AS copy")
        engine.execute(f"CREATE TABLE copy.{table} AS FROM store.{table}; FORCE CHECKPOINT copy")
    return copy.stat().st_size


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="footfall-bench-"))
    try:
        run(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000, place)
    finally:
        shutil.rmtree(place)
