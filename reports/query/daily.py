"""What a rollup says of a scope: from its table of finished days where that can answer, else counted from events."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, cast, func, select, union_all

from reports import measures
from reports.query.buckets import day_number
from reports.query.chosen import carried_by, events
from reports.query.dimensions import Dimension
from reports.query.filters import Criterion, Filter, composed
from reports.query.moments import stored
from reports.report import Ask
from reports.scope import Scope
from tracker.daily import PATHS, PATHS_BY_DEVICE, VISITS, VISITS_BY, Rollup
from tracker.rollups import by_day
from tracker.store.schema import event


def days(rollup: Rollup, scope: Scope, ask: Ask) -> FromClause:
    """Return a rollup's columns for a scope; there may be several rows to a day and key: sum over them.

    What `day` holds is a time only where the rollup answers.
    """
    return _rolled_up(rollup, scope, ask) if answers(rollup, scope) else _counted(rollup, scope)


def answers(rollup: Rollup, scope: Scope) -> bool:
    """Tell whether a rollup's table knows all that a scope filters by."""
    keys = {rollup.dimension} if rollup.dimension is not None else {key.name for key in rollup.keys}
    return all(dimension.name in keys for one in scope.filters for dimension in one.dimensions)


def of_paths(scope: Scope) -> Rollup:
    """Return the rollup of what happened by path that knows what a scope filters by, if there is one."""
    others = [one for one in scope.filters if any(dimension.name != "path" for dimension in one.dimensions)]
    # who comes with two devices on one day is two visitors there
    of_one = all(one.dimensions[0].name == "device" and _is_one_value(one) for one in others)
    return PATHS_BY_DEVICE if others and of_one else PATHS


def visits_by_day(scope: Scope, ask: Ask) -> FromClause | None:
    """Return the numbers of the visits of a scope, as `days`; None where no rollup knows them all."""
    if not scope.filters:
        return _visits(VISITS, scope, ask)
    [one, *others] = scope.filters
    rollup = VISITS_BY.get(one.dimensions[0].name)
    return _visits(rollup, scope, ask) if rollup and not others and _is_one_value(one) else None


def visits_by(dimension: str, scope: Scope, ask: Ask) -> FromClause | None:
    """Return the numbers of the visits of a scope by what is in `value`, as `days`; None where no rollup knows."""
    rollup = VISITS_BY.get(dimension)
    return _visits(rollup, scope, ask) if rollup and answers(rollup, scope) else None


def _visits(rollup: Rollup, scope: Scope, ask: Ask) -> FromClause | None:
    # who is a bot in one visit and none in another is two visitors there
    return None if scope.bots == "in" else _rolled_up(rollup, scope, ask)


def _is_one_value(one: Criterion) -> bool:
    return isinstance(one, Filter) and one.operation == "is" and len(one.values) == 1


def total(rows: FromClause, name: str) -> ColumnElement[int]:
    """Sum a rollup's number up, under its name."""
    return cast(func.coalesce(func.sum(rows.c[name]), 0), BigInteger).label(name)


def by_path(scope: Scope, ask: Ask, *names: str) -> Select[Any]:
    """Select path and some numbers of `tracker.daily.PATHS`; visitors are the sum of the days."""
    found = days(of_paths(scope), scope, ask)
    numbers = (total(found, name) for name in names)
    return select(found.c.path, *numbers).where(found.c.path.is_not(None)).group_by(found.c.path)


def views_by_path(scope: Scope, ask: Ask) -> Select[Any]:
    """Select as `chosen_views_by_path`; filters on what no view carries do not count."""
    return chosen_views_by_path(carried_by("view", scope), ask)


def chosen_views_by_path(scope: Scope, ask: Ask) -> Select[Any]:
    """Select path and `views`, the quickest way there is."""
    if answers(of_paths(scope), scope):
        return by_path(scope, ask, measures.views.name)
    seen = events(scope, "view", event.c.path, measures.views.labelled)
    return seen.where(event.c.path.is_not(None)).group_by(event.c.path)


def _rolled_up(rollup: Rollup, scope: Scope, ask: Ask) -> FromClause:
    span = stored(scope.range.start), stored(scope.range.end)
    found = by_day(rollup, ask.store, scope.site, span, scope.now)
    chosen = [
        composed(one, lambda part: part.condition(_column(rollup, found, part.dimension))) for one in scope.filters
    ]
    if scope.bots != "in":
        chosen.append(found.c.bot.is_(scope.bots == "only"))
    return select(found).where(*chosen).subquery("days") if chosen else found


def _column(rollup: Rollup, found: FromClause, dimension: Dimension) -> ColumnElement[str]:
    return found.c[dimension.name if rollup.dimension is None else "value"]


def _counted(rollup: Rollup, scope: Scope) -> FromClause:
    columns = rollup.columns(day_number(event.c.occurred_at, scope.range))
    dimensions = [dimension for one in scope.filters for dimension in one.dimensions]
    if all(set(rollup.kinds) <= set(dimension.kinds) for dimension in dimensions):
        return rollup.grouped(events(scope, rollup.kinds, *columns)).subquery("days")
    return union_all(*(rollup.grouped(events(scope, (kind,), *columns)) for kind in rollup.kinds)).subquery("days")
