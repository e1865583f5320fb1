"""What stitching costs the loader: `python -m bench.stitching [EVENTS]`.

The same visits are loaded as from visitors who agreed to nothing, and in the mode `stitched`, where
six in ten consented, a third of those sign in, half of those on two devices, and every browser that
consented shows its fingerprint once a day. Each is loaded three times, in turn, from a full spool.
"""

import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench.store import AGENTS, Who, write_spool
from tracker.clock import MS_A_DAY
from tracker.database import Database
from tracker.identity.book import IdentityBook, weights_in_force
from tracker.loader import Loader
from tracker.models import Base, IdentityEdge, ProfileMember, Site
from tracker.refusals import Refusals
from tracker.settings import load_settings
from tracker.sites import SiteBook, create_site, describe
from tracker.spool import files
from tracker.store.opening import open_store

ROUNDS = 3
DAYS = 3.0


def nobody(people: int) -> Who:
    """Return visitors told apart within a day."""
    return lambda chance, at: {"visitor_id": _hash("day", chance.randrange(people), at // MS_A_DAY)}


def consenting(people: int) -> Who:
    """Return visitors of whom most consented."""
    shown: set[tuple[int, int]] = set()

    def who(chance: random.Random, at: int) -> dict[str, Any]:
        one, day = chance.randrange(people), at // MS_A_DAY
        device = 2 * one + (one % 2 and chance.random() < 0.3)
        daily = _hash("day", device, day)
        if one % 10 >= 6:
            return {"visitor_id": daily}
        said: dict[str, Any] = {"visitor_id": _hash("browser", device), "daily_id": daily, "consent": "stitched"}
        said["consent_fresh"] = one % 10 == 0
        # a browser remains what it is
        said["user_agent"], said["language"] = AGENTS[device % len(AGENTS)], ("pl-PL", "en-US", "de-DE")[device % 3]
        if one % 3 == 0:
            said["login_id"] = _hash("login", one)
        if (device, day) not in shown:
            shown.add((device, day))
            said["fingerprint"] = _looks(random.Random(device))
        return said

    return who


def _hash(*parts: object) -> int:
    return random.Random(repr(parts)).getrandbits(63)


def _looks(chance: random.Random) -> dict[str, str | int]:
    """Return a fingerprint: some values that few share, some that many do."""
    return {
        "platform": chance.choice(("Win32", "MacIntel", "Linux x86_64")),
        "gpu_renderer": f"{int(chance.expovariate(1 / 40)):016x}",
        "canvas": f"{chance.getrandbits(64) if chance.random() < 0.5 else int(chance.expovariate(1 / 200)):016x}",
        "fonts": f"{chance.getrandbits(12):x}",
        "screen": chance.choice(("1920x1080x24", "1366x768x24", "2560x1440x24", "390x844x24")),
        "languages": f"{chance.randrange(30):016x}",
        "cores": chance.choice((2, 4, 8, 16)),
        "memory": chance.choice((4, 8)),
        "touch": chance.choice((0, 5)),
        "storage": 7,
    }


def load(who: Who, events: int) -> tuple[float, float, str]:
    """Load a spool in a folder of its own; returns events/s, µs of CPU an event, and what came of it."""
    place = Path(tempfile.mkdtemp(prefix="footfall-bench-"))
    try:
        settings = load_settings({"FOOTFALL_DATA": str(place)})
        database = Database(settings)
        Base.metadata.create_all(database.engine)
        with database.session() as session:
            site = describe(create_site(session, "Bench", ["shop.example"], "Europe/Warsaw"))
            session.get_one(Site, site.id).privacy_mode = "stitched"
        made = write_spool(settings.spool_folder, site, events, days=DAYS, who=who)
        store, sites = open_store(settings), SiteBook(database)
        store.migrate()
        book = IdentityBook(database, sites, store, partial(weights_in_force, place))
        loader = Loader(settings, store, sites, Refusals(), book)
        began, worked = time.perf_counter(), time.process_time()
        while files(settings.spool_folder):
            loader.run_once()
        took, cpu = time.perf_counter() - began, time.process_time() - worked
        loader.close()
        store.close()
        with database.session() as session:
            edges = session.scalar(select(func.count()).select_from(IdentityEdge))
            profiles = session.scalar(select(func.count(ProfileMember.profile_id.distinct())))
        database.close()
        return made / took, cpu / made * 1e6, f"{edges:,} edges, {profiles:,} profiles"
    finally:
        shutil.rmtree(place)


def main() -> None:
    """Print the table."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    people = events // 25
    ways: dict[str, Callable[[int], Who]] = {"nobody consented": nobody, "stitched": consenting}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    costs: dict[str, list[float]] = {name: [] for name in ways}
    came: dict[str, str] = {}
    for _ in range(ROUNDS):
        for name, who in ways.items():
            rate, cost, came[name] = load(who(people), events)
            rates[name].append(rate)
            costs[name].append(cost)
            print(f"{name}: {rate:,.0f} events/s", file=sys.stderr)
    base = statistics.median(rates["nobody consented"])
    print("| visitors | events/s | ratio | µs of CPU an event | what came of it |\n|---|---|---|---|---|")
    for name, some in rates.items():
        rate, cost = statistics.median(some), statistics.median(costs[name])
        print(f"| {name} | {rate:,.0f} | {rate / base:.2f} | {cost:.0f} | {came[name]} |")


if __name__ == "__main__":
    main()
