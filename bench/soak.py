"""The long fault runs: `python -m bench.soak [KILLS] [STOPS]`, 100 and 50 unless given.

Kills and stops the real server while clients post, then compares what was acknowledged
with what is stored; kills loaders as often, while they load and archive. Ends with an error at the first
event that is lost or stored twice.
"""

import random
import statistics
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from tests.kit.house import Server
from tests.tracker.test_kill import HOST, Clients, check
from tests.tracker.test_loader_killed import kill_loaders
from tracker.database import Database
from tracker.migrations import migrate
from tracker.settings import load_settings
from tracker.sites import SiteBook, create_site, describe

BACK_S = 5.0
STOP_S = 10.0


def wait_for_more(clients: Clients, chance: random.Random) -> None:
    """Let some batches through, then end at an odd moment."""
    enough = len(clients.acknowledged) + 20
    while len(clients.acknowledged) < enough:
        time.sleep(chance.uniform(0.01, 0.3))


def soak_loaders(data: Path, kills: int, chance: random.Random) -> int:
    """Kill loaders in a data folder of their own; return how many footprints none of them lost."""
    data.mkdir()
    settings = load_settings({"FOOTFALL_DATA": str(data)})
    with closing(Database(settings)) as database:
        migrate(database, data / "backups")
        with database.session() as session:
            site = describe(create_site(session, "Shop", [HOST], "UTC"))
        return kill_loaders(settings, site, SiteBook(database), kills, chance)


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    stops = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    chance = random.Random(time.time_ns())
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data", FOOTFALL_ADDRESS_RATE="0")
        server.start()
        site = server.add_site("Shop", HOST)
        clients = Clients(server, site, count=4)
        back, ended = [], []
        with clients.posting():
            for number in range(kills + stops):
                wait_for_more(clients, chance)
                if number < kills:
                    server.kill()
                else:
                    began = time.monotonic()
                    assert server.stop() == 0
                    ended.append(time.monotonic() - began)
                back.append(server.start())
                print(f"\r{number + 1} of {kills + stops}", end="", file=sys.stderr, flush=True)
        check(server, site, clients)
        server.stop()
        kept = soak_loaders(Path(folder) / "loaders", kills, chance)
    assert threading.active_count() == 1
    assert max(back) <= BACK_S, f"back after {max(back):.1f} s"
    assert max(ended, default=0) <= STOP_S, f"stopped after {max(ended):.1f} s"
    print(f"\n{kills} kills, {stops} stops, {len(clients.acknowledged):,} events acknowledged: none lost, none double.")
    print(f"{kills} loaders killed, {kept:,} footprints in their spool: none lost, none double.")
    print(f"Back after {statistics.median(back):.2f} s at the median, {max(back):.2f} s at worst.")


if __name__ == "__main__":
    main()
