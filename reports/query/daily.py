"""What a rollup says of a scope: from its table of finished days where that can answer, else counted from events."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, cast, func, select, union_all

from reports import measures
from reports.query.buckets import day_number
from reports.query.chosen import carried_by, events
from reports.query.moments import stored
from reports.report import Ask
from reports.scope import Scope
from tracker.daily import PATHS, Rollup
from tracker.rollups import by_day
from tracker.store.schema import event


def days(rollup: Rollup, scope: Scope, ask: Ask) -> FromClause:
    """Return a rollup's columns for a scope; there may be several rows to a day and key: sum over them.

    What `day` holds is a time only where the rollup answers.
    """
    return _rolled_up(rollup, scope, ask) if answers(rollup, scope) else _counted(rollup, scope)


def answers(rollup: Rollup, scope: Scope) -> bool:
    """Tell whether a rollup's table knows all that a scope filters by."""
    keys = {key.name for key in rollup.keys}
    return all(one.dimension.name in keys for one in scope.filters)


def total(rows: FromClause, name: str) -> ColumnElement[int]:
    """Sum a rollup's number up, under its name."""
    return cast(func.coalesce(func.sum(rows.c[name]), 0), BigInteger).label(name)


def by_path(scope: Scope, ask: Ask, *names: str) -> Select[Any]:
    """Select path and some numbers of `tracker.daily.PATHS`; visitors are the sum of the days."""
    found = days(PATHS, scope, ask)
    numbers = (total(found, name) for name in names)
    return select(found.c.path, *numbers).where(found.c.path.is_not(None)).group_by(found.c.path)


def views_by_path(scope: Scope, ask: Ask) -> Select[Any]:
    """Select path and `views`, the quickest way there is; filters on what no view carries do not count."""
    scope = carried_by("view", scope)
    if answers(PATHS, scope):
        return by_path(scope, ask, measures.views.name)
    return events(scope, "view", event.c.path, measures.views.labelled).group_by(event.c.path)


def _rolled_up(rollup: Rollup, scope: Scope, ask: Ask) -> FromClause:
    span = stored(scope.range.start), stored(scope.range.end)
    found = by_day(rollup, ask.store, scope.site, span, scope.now)
    chosen = [one.condition(found.c[one.dimension.name]) for one in scope.filters]
    if scope.bots != "in":
        chosen.append(found.c.bot.is_(scope.bots == "only"))
    return select(found).where(*chosen).subquery("days") if chosen else found


def _counted(rollup: Rollup, scope: Scope) -> FromClause:
    columns = rollup.columns(day_number(event.c.occurred_at, scope.range))
    if all(set(rollup.kinds) <= set(one.dimension.kinds) for one in scope.filters):
        return rollup.grouped(events(scope, rollup.kinds, *columns)).subquery("days")
    return union_all(*(rollup.grouped(events(scope, (kind,), *columns)) for kind in rollup.kinds)).subquery("days")
