"""What the ingest steps cost: `python -m bench.ingest` prints µs an event at load and µs a request at the door."""

import gc
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from tracker.clock import utc_now
from tracker.database import Database
from tracker.event import Event, Footprint
from tracker.ingest.arrival import Arrival
from tracker.ingest.context import open_context
from tracker.ingest.steps import AT_LOAD, AT_REQUEST, to_rows
from tracker.models import Base
from tracker.settings import load_settings
from tracker.sites import SiteInfo, create_site, describe

BATCHES = 2000
EVENTS_A_BATCH = 10
ROUNDS = 5
AGENTS = [
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.0.0 Safari/537.36"
    for n in range(90, 190)
]
REFERRERS = [None, "https://www.google.co.uk/", "https://news.ycombinator.com/item?id=1", "https://blog.example.net/a"]


def make_batches(site: SiteInfo) -> list[Footprint]:
    """Return footprints of one view and nine clicks with evidence, over 500 pages and 100 agents."""
    random.seed(1)
    now = int(utc_now().timestamp() * 1000)
    batches = []
    for number in range(BATCHES):
        page = f"https://shop.example/products/{random.randrange(500)}-thing?utm_source=news&session=abcdef"
        view = f"{random.getrandbits(64):016x}"
        events = [
            Event(
                id=f"{view}-0", kind="view", at=now, url=page, title="A thing - Shop", referrer=random.choice(REFERRERS)
            )
        ]
        events += [
            Event(
                id=f"{view}-{seq}",
                kind="click",
                at=now,
                url=page,
                element="main>div.card:nth-of-type(2)>button.buy",
                element_tag="button",
                element_text="Add to basket",
                affordance="native",
                trusted=True,
                offset_x=500,
                offset_y=400,
                page_x=300,
                page_y=1200,
                mutation_ms=random.randrange(5, 400),
                request_ms=12,
                mutation_pace=3,
                watched_before_ms=3000,
                watched_after_ms=7000,
            )
            for seq in range(1, EVENTS_A_BATCH)
        ]
        batches.append(
            Footprint(
                site_id=site.id,
                received_at=now,
                sent_at=now,
                user_agent=AGENTS[number % len(AGENTS)],
                language="en-GB",
                zone="Europe/London",
                viewport=(1280, 720),
                events=events,
            )
        )
    return batches


def timed(work: Callable[[], object], per: int) -> float:
    """Return the median of ROUNDS of `work`, in µs for each of `per` things."""
    spent = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) / per * 1e6)
    return statistics.median(spent)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"FOOTFALL_DATA": folder})
        database = Database(settings)
        Base.metadata.create_all(database.engine)
        with database.session() as session:
            site = describe(create_site(session, "Shop", ["shop.example"], "Europe/London"))
        house = open_context(settings, database)
        batches = make_batches(site)
        arrivals = [
            Arrival(f"198.51.{n % 256}.7", batch.user_agent or "", None, utc_now(), False)
            for n, batch in enumerate(batches)
        ]

        print(f"at the request, one of {EVENTS_A_BATCH} events: µs a request")
        encoded = [msgspec.msgpack.encode(batch) for batch in batches]
        for step in AT_REQUEST:
            copies = iter([[msgspec.msgpack.decode(e, type=Footprint) for e in encoded] for _ in range(ROUNDS)])

            def request(step=step, copies=copies) -> None:
                for footprint, arrival in zip(next(copies), arrivals, strict=True):
                    step(footprint, arrival, site, house)

            print(f"  {step.__name__:16} {timed(request, len(batches)):7.1f}")

        for footprint, arrival in zip(batches, arrivals, strict=True):
            for step in AT_REQUEST:
                step(footprint, arrival, site, house)
        print(f"at load, in batches of {EVENTS_A_BATCH}: µs an event")
        for step in AT_LOAD:

            def load(step=step) -> None:
                for footprint in batches:
                    step(footprint, [{} for _ in footprint.events], site)

            print(f"  {step.__name__:16} {timed(load, BATCHES * EVENTS_A_BATCH):7.2f}")
        total = timed(lambda: [to_rows(footprint, site) for footprint in batches], BATCHES * EVENTS_A_BATCH)
        print(f"  {'to_rows':16} {total:7.2f}")
        encode = msgspec.json.Encoder().encode
        rows = [row for footprint in batches for row in to_rows(footprint, site)]
        print(f"  {'(JSON of a row)':16} {timed(lambda: [encode(row) for row in rows], len(rows)):7.2f}")
        print(f"resident after it: {int(Path('/proc/self/statm').read_text().split()[1]) * 4096 // 2**20} MiB")
        database.close()


if __name__ == "__main__":
    main()
