"""What is looked at is counted alike on both engines, in steps that follow each other."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from reports.alerts.counting import ARRIVALS, FAILED_VIEWS, HOUR, STEP, STRUCK_VISITS, count, span_scope
from reports.alerts.vitals import departures
from reports.report import Ask
from tests.kit.ground import at
from tests.kit.traffic import Traffic
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

BEGIN = at("2026-03-02 10:00")
DEAD = {
    "kind": "click", "element": "#pay", "element_tag": "button", "affordance": "native", "trusted": True,
    "watched_before_ms": 3000, "watched_after_ms": 7000, "mutation_pace": 0, "signals": 1,
}  # fmt: skip
OF_FIRST = [DEAD, {"kind": "error", "properties": "{}"}, {"kind": "vitals", "lcp_ms": 3000}]


def test_each_step_has_its_number_and_of_how_many(store: EventStore, site: SiteInfo, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "batches"
    made = Traffic(store, folder, site)
    made(BEGIN, BEGIN + 2 * HOUR, 12, lambda n: OF_FIRST if n < 3 else [{"kind": "vitals", "lcp_ms": 1000}])
    made(BEGIN, BEGIN + HOUR, 5, label="bot")
    ask = Ask(store, time.monotonic() + 20)
    scope = span_scope(site, BEGIN - HOUR, BEGIN + 2 * HOUR + timedelta(minutes=10))
    [lcp, *_] = departures(site)

    assert count(ARRIVALS, ask, scope, HOUR) == [(0, 0), (12, 0), (12, 0), (0, 0)]
    assert count(STRUCK_VISITS, ask, scope, HOUR) == [(0, 0), (3, 12), (3, 12), (0, 0)]
    assert count(FAILED_VIEWS, ask, scope, HOUR) == [(0, 0), (3, 12), (3, 12), (0, 0)]
    assert count(lcp.series, ask, scope, HOUR) == [(0, 0), (3, 12), (3, 12), (0, 0)]
    assert count(ARRIVALS, ask, scope, STEP)[10:16] == [(0, 0), (0, 0), (1, 0), (1, 0), (1, 0), (1, 0)]
    views = span_scope(replace(site, privacy_mode="count"), BEGIN, BEGIN + HOUR)
    assert count(ARRIVALS, ask, views, HOUR) == [(12, 0)]
