"""The invented events of the benches are still what the store takes."""

from pathlib import Path

from bench.data import DAYS, fill
from bench.reports import NOW, SITE
from reports import overview
from reports.run import run_report
from reports.scope import parse_scope
from tracker.store.duckdb import DuckStore


def test_a_month_of_invented_events_is_loaded_and_answered(tmp_path: Path) -> None:
    store = DuckStore(tmp_path / "events.duckdb", [tmp_path])
    try:
        store.migrate()
        made = fill(store, 3000)
        answer = run_report(overview.report, parse_scope(SITE, {"bots": ["in"], "range": ["all"]}, NOW), store)
    finally:
        store.close()
    assert made > 1000
    assert answer.seen.events == made
    assert len(answer.series or ()) == DAYS
