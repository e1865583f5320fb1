"""Views, visitors and engaged time by path: from the rollup of finished days where it can answer, else from events."""

from typing import Any

from sqlalchemy import BigInteger, FromClause, Select, cast, func, literal, select, union_all

from reports.buckets import day_number
from reports.chosen import events
from reports.measures import page_engaged_ms, page_visitors, unknown_views, views
from reports.moments import stored
from reports.report import Ask
from reports.scope import Scope
from tracker.rollups import views_by_path
from tracker.store.schema import event

_NUMBERS = (views.name, page_visitors.name, unknown_views.name, page_engaged_ms.name)
_NONE = cast(literal(0), BigInteger)


def by_path(scope: Scope, ask: Ask) -> Select[Any]:
    """Select path, views, visitors, unknown_views and engaged_ms; visitors are the sum of the days."""
    days = _counted(scope) if scope.filters else _rolled_up(scope, ask)
    numbers = (func.sum(days.c[name]).label(name) for name in _NUMBERS)
    return select(days.c.path, *numbers).where(days.c.path.is_not(None)).group_by(days.c.path)


def _rolled_up(scope: Scope, ask: Ask) -> FromClause:
    start, end = stored(scope.range.start), stored(scope.range.end)
    days = views_by_path(ask.store, scope.site, start, end, scope.now)
    if scope.bots == "in":
        return days
    return select(days).where(days.c.bot.is_(scope.bots == "only")).subquery("path_days")


def _counted(scope: Scope) -> FromClause:
    return union_all(_seen(scope), _engaged(scope)).subquery("path_days")


def _seen(scope: Scope) -> Select[Any]:
    # People and bots apart, as in the rollup, so that a visitor who was taken for both counts the same.
    day, bot = day_number(event.c.occurred_at, scope.range).label("day_number"), event.c.label.is_not(None).label("bot")
    counted = (views.labelled, page_visitors.labelled, unknown_views.labelled)
    by_day = events(scope, "view", event.c.path, day, bot, *counted).group_by(event.c.path, "day_number", "bot")
    days = by_day.subquery("seen")
    return select(days.c.path, *(days.c[name] for name in _NUMBERS[:3]), _NONE.label(_NUMBERS[3]))


def _engaged(scope: Scope) -> Select[Any]:
    none = (_NONE.label(name) for name in _NUMBERS[:3])
    return events(scope, "engagement", event.c.path, *none, page_engaged_ms.labelled).group_by(event.c.path)
