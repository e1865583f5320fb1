"""The first screen: the server's time for it, and the weight of its scripts, on stores of two sizes.

    python -m bench.dashboard [events] [folder]

`folder` keeps the filled stores, so that a second call measures at once; they are those of `bench.reports`. Each
figure is of RUNS requests for the overview of the last 28 days, compared with the days before, of all cards in
one answer; beside it stands a page that asks the store nothing. Nobody else asks meanwhile. The time of the
processors, of both together, tells more where others use them too.
"""

import gzip
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, timedelta
from pathlib import Path

import time_machine

from bench.data import BEGIN, DAYS
from bench.reports import opened
from reports.dashboard.assets import CHART, FOLDER, SCRIPTS
from tests.kit.pages import EMAIL, PASSWORD, Person
from tracker.app import create_app
from tracker.house import open_house
from tracker.settings import Settings
from tracker.sites import create_site
from tracker.users import create_user

RUNS = 20
NOW = (BEGIN + timedelta(days=DAYS, hours=-1)).replace(tzinfo=UTC)
PAGES = {
    "settings, which ask the store nothing": "settings",
    "the first screen": "",
    "the first screen, compared with nothing": "?compare=none",
    "the first screen, phones": "?filter=device:is:mobile",
    "the live view": "live",
}


def measured(folder: Path, events: int) -> dict[str, tuple[float, float, float, int]]:
    """Return p50, p95 and the processors' time in ms, and the bytes, of each page on a store of so many events."""
    opened(events, folder).close()
    with tempfile.TemporaryDirectory() as data:
        (Path(data) / "events.duckdb").symlink_to(folder / f"reports-{events}.duckdb")
        house = open_house(Settings(data=Path(data)))
        try:
            with house.database.session() as session:
                create_user(session, EMAIL, PASSWORD, owner=True)
                key = create_site(session, "Shop", ["shop.example"], "Europe/Warsaw").key
            person = Person(create_app(house).test_client())
            person.sign_in()
            return {name: _timed(person, f"/sites/{key}/{path}") for name, path in PAGES.items()}
        finally:
            house.close()


def _timed(person: Person, path: str) -> tuple[float, float, float, int]:
    answered = person.get(path)
    assert answered.status_code == 200, answered.text
    times = []
    spent = time.process_time()
    for _ in range(RUNS):
        began = time.perf_counter()
        person.get(path)
        times.append((time.perf_counter() - began) * 1000)
    cpu = (time.process_time() - spent) * 1000 / RUNS
    return statistics.median(times), sorted(times)[int(0.95 * RUNS)], cpu, len(answered.data)


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as spare, time_machine.travel(NOW):
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        print("| | events | p50 ms | p95 ms | CPU ms | bytes |\n|---|---|---|---|---|---|")
        for size in (events // 10, events):
            for name, (p50, p95, cpu, length) in measured(folder, size).items():
                print(f"| {name} | {size:,} | {p50:.0f} | {p95:.0f} | {cpu:.0f} | {length:,} |")
    scripts = [name for name in (*SCRIPTS, *CHART) if name.endswith(".js")]
    packed = sum(len(gzip.compress((FOLDER / name).read_bytes(), 9)) for name in scripts)
    print(f"\nScripts, gzipped: {packed:,} bytes in {len(scripts)} files. Load before: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
