"""The parts of a question's statement: each counts one kind of row, grouped by the same keys.

What is told apart within a day only (visitors) is counted a day and added up, as reports do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, literal, null, or_, select, union_all

from reports.measures import Sum, during
from reports.query.buckets import day_number
from reports.query.chosen import events, struggles_in_visits, visits
from reports.query.meeting import kinds_of, met
from reports.query.profiles import visits_of_profiles
from reports.query.reaching import events_in_visits
from reports.query.within import within_visit
from reports.question.dimensions import GOAL, SIGNAL, dimension_of
from reports.question.measures import KINDS
from reports.question.times import Step, is_time
from reports.scope import Scope
from reports.struggle.struggling import counted, named
from tracker.store.schema import event, struggle, visit

_BY_DAY = ("visit", "view", "click", "custom")


@dataclass(frozen=True)
class Keys:
    """By what all parts are grouped: our names of dimensions, and the steps of the one that is a time."""

    names: tuple[str, ...]
    step: Step | None

    @property
    def labels(self) -> tuple[str, ...]:
        """What the keys are called in statements."""
        return tuple(f"key_{place}" for place in range(len(self.names)))

    @property
    def by_day(self) -> bool:
        """Whether rows are of a day at least, so that a day's visitors can be added up."""
        return self.step is None or self.step.name != "time:hour"


def part_of(of: str, sums: Sequence[Sum], scope: Scope, keys: Keys) -> Select[Any]:
    """Return the keys and some sums over one kind of row, grouped by them; conversions are of the site's goals."""
    if of == "visit":
        return _of_visits(sums, scope, keys)
    if of == "profile":
        values = _visit_values(scope, keys)
        return visits_of_profiles(scope, *values, *_numbers(sums)).group_by(*keys.labels)
    if of == "struggle":
        return _of_struggles(sums, scope, keys)
    if of == GOAL:
        return _of_goals(sums, scope, keys)
    return _of_events(of, sums, scope, keys)


def number_label(one: Sum) -> str:
    """Return what a sum is called in statements, where sums of several kinds of row meet."""
    return f"{one.of}_{one.name}"


def _of_visits(sums: Sequence[Sum], scope: Scope, keys: Keys) -> Select[Any]:
    values = _visit_values(scope, keys)
    day = [day_number(visit.c.started_at, scope.range).label("day")] if keys.by_day else []
    found = visits(scope, *values, *day, *_numbers(sums)).group_by(*_grouped(keys), *(["day"] if day else []))
    if GOAL not in keys.names:
        return found
    # What a goal's rate is of is the same for every goal.
    counted_visits = found.subquery("of_visits")
    each = union_all(*(select(literal(goal.name).label("goal")) for goal in scope.site.goals)).subquery("each")
    columns = [
        (each.c.goal if name == GOAL else counted_visits.c[label]).label(label)
        for name, label in zip(keys.names, keys.labels, strict=True)
    ]
    return select(*columns, *(counted_visits.c[number_label(one)] for one in sums))


def _of_events(of: str, sums: Sequence[Sum], scope: Scope, keys: Keys) -> Select[Any]:
    values = [_event_value(name, label, scope, keys, event) for name, label in _pairs(keys)]
    by_day = keys.by_day and of in _BY_DAY
    day = [day_number(event.c.occurred_at, scope.range).label("day")] if by_day else []
    found = events(scope, KINDS[of], *values, *day, *_numbers(sums))
    if of == "seen" or _needs_visits(keys):
        found = found.outerjoin(during, within_visit(event, during))
    return found.group_by(*keys.labels, *(["day"] if day else []))


def _of_struggles(sums: Sequence[Sum], scope: Scope, keys: Keys) -> Select[Any]:
    values = [
        named().label(label) if name == SIGNAL else _event_value(name, label, scope, keys, struggle)
        for name, label in _pairs(keys)
    ]
    return counted(struggles_in_visits(scope, *values, *_numbers(sums)), scope).group_by(*keys.labels)


def _of_goals(sums: Sequence[Sum], scope: Scope, keys: Keys) -> Select[Any]:
    """Count events that reach a goal: those in chosen visits, and those of nobody told apart."""
    goals = scope.site.goals
    names = ("site_id", "visit_id", "visitor_id", "started_at", "ended_at")
    values = [value for value, name in zip(_visit_values(scope, keys), keys.names, strict=True) if name != GOAL]
    chosen = visits(scope, *(visit.c[name] for name in names), *values).subquery("chosen")
    others = [label for name, label in _pairs(keys) if name != GOAL]
    hits = []
    for goal in goals if GOAL in keys.names else [None]:
        about = [goal.condition] if goal else [one.condition for one in goals]
        of_goal = [literal(goal.name).label("goal")] if goal else []
        kept = [chosen.c[label] for label in others]
        hits.append(events_in_visits(scope, chosen, about, *kept, *of_goal))
        nobody = [_value_of_nobody(name, label, scope, keys) for name, label in _pairs(keys) if name != GOAL]
        visitor = null().label("visit_id"), event.c.visitor_id
        of_nobody = events(scope, kinds_of(about), *visitor, *nobody, *of_goal)
        hits.append(of_nobody.where(event.c.visitor_id.is_(None), or_(*(met(one) for one in about))))
    reached = union_all(*hits).subquery("reached")
    columns = [reached.c.goal.label(label) if name == GOAL else reached.c[label] for name, label in _pairs(keys)]
    return select(*columns, *_numbers(sums)).select_from(reached).group_by(*columns)


def _visit_values(scope: Scope, keys: Keys) -> list[ColumnElement[Any]]:
    """Return what keys are of a visit; of a goal they are nothing here."""
    values: list[ColumnElement[Any]] = []
    for name, label in _pairs(keys):
        if is_time(name):
            value: ColumnElement[Any] = _number(keys, visit.c.started_at)
        elif name == GOAL:
            value = null()
        else:
            value = dimension_of(name).of(visit, scope.site.id, scope.range)
        values.append(value.label(label))
    return values


def _event_value(name: str, label: str, scope: Scope, keys: Keys, table: FromClause) -> ColumnElement[Any]:
    if is_time(name):
        return _number(keys, table.c.occurred_at).label(label)
    dimension = dimension_of(name)
    carried = dimension.level == "event" or dimension.on_events
    return dimension.of(table if carried else during, scope.site.id, scope.range).label(label)


def _value_of_nobody(name: str, label: str, scope: Scope, keys: Keys) -> ColumnElement[Any]:
    if is_time(name) or dimension_of(name).on_events:
        return _event_value(name, label, scope, keys, event)
    return null().label(label)


def _grouped(keys: Keys) -> list[str]:
    return [label for name, label in _pairs(keys) if name != GOAL]


def _needs_visits(keys: Keys) -> bool:
    return any(not is_time(name) and not dimension_of(name).on_events for name in keys.names)


def _number(keys: Keys, column: ColumnElement[Any]) -> ColumnElement[int]:
    if keys.step is None:
        raise ValueError("a time needs steps")
    return keys.step.number(column)


def _numbers(sums: Sequence[Sum]) -> list[ColumnElement[int]]:
    return [one.whole.label(number_label(one)) for one in sums]


def _pairs(keys: Keys) -> list[tuple[str, str]]:
    return list(zip(keys.names, keys.labels, strict=True))
