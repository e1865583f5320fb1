"""How long each report and the flow take: p50 and p95 of 20 runs over the last 28 of 30 days, and CPU time, two sizes.

    python -m bench.reports [events] [folder]

`folder` keeps the filled stores, so that a second call measures at once.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path

from bench.data import BEGIN, DAYS, fill
from reports import REPORTS
from reports.flow.reading import FlowAsked, read_flow
from reports.flow.shapes import Flow
from reports.query.steps import Start
from reports.run import ReportAnswer, run_report
from reports.scope import Scope, parse_scope
from tracker.conditions import Condition
from tracker.funnels import FunnelInfo, StepInfo
from tracker.goals import GoalInfo
from tracker.rollups import refresh
from tracker.sites import SiteInfo
from tracker.store.duckdb import DuckStore

RUNS = 20
GOALS = (
    GoalInfo("Came to a section", Condition("path", path="/section-3/*")),
    GoalInfo("Clicked", Condition("element", text="Label 3")),
    GoalInfo("Saw the front page", Condition("path", path="/")),
    GoalInfo("Signed up", Condition("event", event="signup"), "amount", "EUR"),
)
FUNNEL = FunnelInfo(
    "To a sign-up",
    (
        StepInfo("Front page", Condition("path", path="/")),
        StepInfo("Any page", Condition("path", path="/section-*")),
        StepInfo("Click", Condition("element", text="Label 3")),
        StepInfo("Signed up", Condition("event", event="signup")),
    ),
)
SITE = SiteInfo(
    1,
    "benchmark",
    "Shop",
    "Europe/Warsaw",
    "cookieless",
    ("shop.example",),
    frozenset(),
    enabled=True,
    sample=False,
    goals=GOALS,
    funnels=(FUNNEL,),
)
NOW = (BEGIN + timedelta(days=DAYS, hours=-1)).replace(tzinfo=UTC)
SCOPES: dict[str, dict[str, list[str]]] = {
    "28d": {},
    "28d, one path": {"filter": ["path:is:/"]},
    "28d, one source": {"filter": ["source:is:Google"]},
    "28d, phones": {"filter": ["device:is:mobile"]},
    "28d, compared": {"compare": ["previous"]},
}


def opened(events: int, folder: Path) -> DuckStore:
    """Return a store of so many events with its rollups, filled unless it is already there."""
    file = folder / f"reports-{events}.duckdb"
    done = file.with_suffix(".done")
    if not done.exists():
        file.unlink(missing_ok=True)
    store = DuckStore(file, [folder])
    store.migrate()
    if not done.exists():
        print(f"{fill(store, events):,} events filled in")
    if days := refresh(store, [SITE], NOW):
        store.checkpoint()
        print(f"{days} days rolled up; the store has {file.stat().st_size:,} bytes")
    done.touch()
    return store


def asked(scope: Scope, store: DuckStore) -> dict[str, Callable[[], ReportAnswer | Flow]]:
    """Return how to ask each report, and the flow from the start of visits, by name."""
    found: dict[str, Callable[[], ReportAnswer | Flow]] = {
        report.name: partial(run_report, report, scope, store) for report in REPORTS
    }
    return found | {"flow": partial(read_flow, scope, FlowAsked(Start()), store)}


def measured(store: DuckStore, scope: Scope) -> dict[str, tuple[list[float], float]]:
    """Return each report's times in ms, sorted, and its mean CPU time, after one run that does not count."""
    found: dict[str, tuple[list[float], float]] = {}
    for name, ask in asked(scope, store).items():
        times = []
        ask()
        spent = time.process_time()
        for _ in range(RUNS):
            started = time.perf_counter()
            answer = ask()
            times.append((time.perf_counter() - started) * 1000)
            assert answer.error is None, answer.error
        found[name] = sorted(times), (time.process_time() - spent) * 1000 / RUNS
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
        for report, size in medians:
            if size == events:
                print(f"  {report:14} {medians[report, events] / medians[report, events // 10]:.1f}")


if __name__ == "__main__":
    main()
