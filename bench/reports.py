"""How long each report takes: p50 and p95 of 20 runs over the last 28 of 30 days, and its CPU time, at two sizes.

    python -m bench.reports [events] [folder]

`folder` keeps the filled stores, so that a second call measures at once.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, timedelta
from pathlib import Path

from bench.data import BEGIN, DAYS, fill
from reports import REPORTS
from reports.run import run_report
from reports.scope import Scope, parse_scope
from tracker.rollups import refresh
from tracker.sites import SiteInfo
from tracker.store.duckdb import DuckStore

RUNS = 20
SITE = SiteInfo(1, "benchmark", "Shop", "Europe/Warsaw", "cookieless", ("shop.example",), frozenset(), True, False)
NOW = (BEGIN + timedelta(days=DAYS, hours=-1)).replace(tzinfo=UTC)
SCOPES: dict[str, dict[str, list[str]]] = {
    "28d": {},
    "28d, one path": {"filter": ["path:is:/"]},
    "28d, one source": {"filter": ["source:is:Google"]},
    "28d, phones": {"filter": ["device:is:mobile"]},
    "28d, compared": {"compare": ["previous"]},
}


def opened(events: int, folder: Path) -> DuckStore:
    """Return a store of so many events with its rollup, filled unless it is already there."""
    file = folder / f"reports-{events}.duckdb"
    done = file.with_suffix(".done")
    if not done.exists():
        file.unlink(missing_ok=True)
    store = DuckStore(file, [folder])
    if not done.exists():
        store.migrate()
        print(f"{fill(store, events):,} events filled in")
        refresh(store, [SITE], NOW)
        done.touch()
    return store


def measured(store: DuckStore, scope: Scope) -> dict[str, tuple[list[float], float]]:
    """Return each report's times in ms, sorted, and its mean CPU time, after one run that does not count."""
    found: dict[str, tuple[list[float], float]] = {}
    for report in REPORTS:
        times = []
        run_report(report, scope, store)
        spent = time.process_time()
        for _ in range(RUNS):
            started = time.perf_counter()
            answer = run_report(report, scope, store)
            times.append((time.perf_counter() - started) * 1000)
            assert answer.error is None, answer.error
        found[report.name] = sorted(times), (time.process_time() - spent) * 1000 / RUNS
    return found


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as spare:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        medians: dict[tuple[str, int], float] = {}
        for size in (events // 10, events):
            store = opened(size, folder)
            for name, words in SCOPES.items() if size == events else [("28d", SCOPES["28d"])]:
                print(f"\n{size:,} events, {name}; load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
                for report, (times, cpu) in measured(store, parse_scope(SITE, words, NOW)).items():
                    p50, p95 = statistics.median(times), times[int(0.95 * len(times))]
                    print(f"  {report:14} p50 {p50:6.0f} ms   p95 {p95:6.0f} ms   CPU {cpu:6.0f} ms")
                    if name == "28d":
                        medians[report, size] = p50
            store.close()
        print(f"\ncost at {events:,} for each at {events // 10:,}:")
        for report in REPORTS:
            print(f"  {report.name:14} {medians[report.name, events] / medians[report.name, events // 10]:.1f}")


if __name__ == "__main__":
    main()
