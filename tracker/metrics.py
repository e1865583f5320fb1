"""The counters of a running house in Prometheus's terms. All sums are of events unless they say otherwise."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

import tracker
from tracker.house import ENDS, House
from tracker.pending import pending_events
from tracker.spool.writer import COMMIT_BUCKETS_MS


def render(house: House) -> bytes:
    """Return the text of /metrics."""
    registry = CollectorRegistry()
    registry.register(_HouseCollector(house))
    return generate_latest(registry)


class _HouseCollector(Collector):
    def __init__(self, house: House) -> None:
        self._house = house

    def describe(self) -> Iterator[Metric]:
        yield from ()  # keeps the registry from collecting when it registers

    def collect(self) -> Iterator[Metric]:
        house = self._house
        info = GaugeMetricFamily("footfall_info", "1, with the version.", labels=["version", "store"])
        info.add_metric([tracker.__version__, house.store.name], 1)
        yield info
        yield from _events(house)
        yield _commits(house)
        yield GaugeMetricFamily("footfall_loader_lag_seconds", "Age of what is being loaded.", house.loader.lag_s)
        yield GaugeMetricFamily("footfall_commit_queue", "Requests that wait for a commit.", house.spool.pending_rows)


def _events(house: House) -> Iterator[Metric]:
    """Yield what came in and what became of it: accepted = loaded + duplicate + dropped + dead + pending."""
    accepted = house.accepted_before + house.spool.statistics.accepted_events
    tallies = house.store.tallies()
    ends: Counter[tuple[str, str]] = Counter()
    for (_site, outcome, reason), count in tallies.items():
        ends[outcome, reason or ""] += count
    yield CounterMetricFamily("footfall_accepted_events", "Events acknowledged, since the first start.", accepted)
    ended = CounterMetricFamily("footfall_events", "Accepted events by what they became.", labels=["outcome", "reason"])
    refused = CounterMetricFamily("footfall_refused", "Refused events and requests by reason.", labels=["reason"])
    for (outcome, reason), count in sorted(ends.items()):
        if outcome in ENDS:
            ended.add_metric([outcome, reason], count)
        else:
            refused.add_metric([reason], count)
    yield ended
    yield refused
    pending = pending_events(house.settings.spool_folder, house.store.marks())
    yield GaugeMetricFamily("footfall_pending_events", "Accepted events that are not loaded yet.", pending)


def _commits(house: House) -> Metric:
    statistics = house.spool.statistics
    below, buckets = 0, []
    for limit_ms, count in zip(COMMIT_BUCKETS_MS, statistics.commits_by_ms, strict=False):
        below += count
        buckets.append((str(limit_ms / 1000), below))
    buckets.append(("+Inf", statistics.commits))
    return HistogramMetricFamily(
        "footfall_commit_seconds",
        "How long commits of the spool took.",
        buckets=buckets,
        sum_value=statistics.commits_ms_sum / 1000,
    )
