"""Counts of a site by steps of time, as the store has them: what is looked at for what is out of the usual."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func

from reports.measures import during
from reports.query.chosen import events, struggles_in_visits, visits
from reports.query.moments import stored
from reports.query.ranges import Range
from reports.report import Ask
from reports.scope import Scope
from tracker.sites import SiteInfo
from tracker.store.functions import count_distinct, epoch_ms, whole_div
from tracker.store.schema import event, struggle, visit

STEP = timedelta(minutes=5)
HOUR = timedelta(hours=1)
STRUCK_BY = ("dead", "rage", "error_click")

Bucket = Callable[[ColumnElement[Any]], ColumnElement[int]]


@dataclass(frozen=True)
class Series:
    """Something to count: each select gives a `bucket` with its `number`, or with `of` how many, or with both.

    A `share` is of some number, which the others do without.
    """

    name: str
    selects: Callable[[Scope, Bucket], Sequence[Select[Any]]]
    share: bool = True


def count(series: Series, ask: Ask, scope: Scope, step: timedelta) -> list[tuple[int, int]]:
    """Return the number, and of how many, of each step from the scope's first moment up to its last."""
    first, until = scope.range.start, scope.range.end
    start_ms, step_ms = int(first.timestamp() * 1000), int(step.total_seconds() * 1000)

    def bucket(column: ColumnElement[Any]) -> ColumnElement[int]:
        return whole_div(epoch_ms(column) - start_ms, step_ms)

    found = [(0, 0)] * max(0, -(-(until - first) // step))
    for select in series.selects(scope, bucket):
        for record in ask(select.group_by("bucket")):
            at = int(record["bucket"] if record["bucket"] is not None else -1)
            if 0 <= at < len(found):  # what began before the first step is not in it
                number, of = found[at]
                found[at] = int(record.get("number", number)), int(record.get("of", of))
    return found


def span_scope(site: SiteInfo, first: datetime, until: datetime) -> Scope:
    """Return the scope of a stretch of time (aware) that need not be of whole days: of people alone."""
    zone = site.tzinfo
    begin, end = first.astimezone(zone), until.astimezone(zone)
    span = Range("stretch", begin.date(), end.date() + timedelta(days=1), zone, until=end, since=begin)
    return Scope(site, span, (), "none", None, "out", 100, until.astimezone(UTC))


def counts_views(site: SiteInfo) -> bool:
    """Tell whether a site knows of no visits, so that its views are counted instead."""
    return site.privacy_mode == "count"


def _arrivals(scope: Scope, bucket: Bucket) -> Sequence[Select[Any]]:
    number = func.count().label("number")
    if counts_views(scope.site):
        return (events(scope, "view", bucket(event.c.occurred_at).label("bucket"), number),)
    return (visits(scope, bucket(visit.c.started_at).label("bucket"), number),)


def _struck_visits(scope: Scope, bucket: Bucket) -> Sequence[Select[Any]]:
    struck = struggles_in_visits(
        scope, bucket(during.c.started_at).label("bucket"), count_distinct(during.c.visit_id).label("number")
    ).where(struggle.c.signal.in_(STRUCK_BY), during.c.started_at >= stored(scope.range.start))
    return struck, visits(scope, bucket(visit.c.started_at).label("bucket"), func.count().label("of"))


def _failed_views(scope: Scope, bucket: Bucket) -> Sequence[Select[Any]]:
    at = bucket(event.c.occurred_at).label("bucket")
    return (
        events(scope, "error", at, count_distinct(event.c.view_id).label("number")),
        events(scope, "view", at, func.count().label("of")),
    )


ARRIVALS = Series("arrivals", _arrivals, share=False)
STRUCK_VISITS = Series("struck-visits", _struck_visits)
FAILED_VIEWS = Series("failed-views", _failed_views)
