"""Since when a site is counted here, and what of a range others counted before."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from reports.query.moments import local
from reports.report import Ask
from reports.scope import Scope
from tracker.store.schema import event

_DAY = timedelta(days=1)


class Before(NamedTuple):
    """Days of a range that others counted, from `first` up to, and without, `end_day`: none of them is ours."""

    first: date
    end_day: date


def first_day(scope: Scope, ask: Ask) -> date | None:
    """Return the site's day on which its first event took place, None where it has none."""
    columns: tuple[Any, ...] = (func.min(event.c.occurred_at).label("first"), func.count().label("events"))
    [record] = ask(select(*columns).where(event.c.site_id == scope.site.id))
    return local(record["first"], scope.site.tzinfo).date() if record["events"] else None


def days_before(scope: Scope, ask: Ask) -> Before | None:
    """Return the days of the range that others counted and we did not, None where there is none.

    A day on which both counted is ours. What others counted cannot be filtered, nor do they know bots.
    """
    imports = scope.site.imports
    if not imports or scope.filters or scope.bots == "only":
        return None
    first = max(scope.range.first, min(one.first_day for one in imports))
    end_day = min(scope.range.end_day, max(one.last_day for one in imports) + _DAY)
    if first >= end_day:
        return None
    ours = first_day(scope, ask)
    end_day = end_day if ours is None else min(end_day, ours)
    return Before(first, end_day) if first < end_day else None
