"""Who came back, and after how many of the site's days: what retention and cohorts share.

Counted are known profiles by the day of their first visit. A step is a number of days: step 0 begins
with the first visit and means another visit; a step counts only once its last day is over.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, func, select

from reports.query.buckets import day_number
from reports.query.profiles import PROFILE, begun, same_profile, since, visits_of_profiles
from reports.report import Ask
from reports.scope import Scope
from tracker.store.functions import whole_div
from tracker.store.schema import visit

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Comebacks:
    """`begun` profiles by their first day; `back` of them by (first day, step); `first_back` by when they first did.

    Days are counted from 1970; `today` is the one that is not over; a step has `days`.
    """

    days: int
    today: int
    begun: dict[int, int]
    back: dict[tuple[int, int], int]
    first_back: dict[tuple[int, int], int]

    def is_over(self, first_day: int, step: int) -> bool:
        """Tell whether a step after a first day is over."""
        return first_day + self.days * (step + 1) <= self.today


def comebacks(scope: Scope, ask: Ask, days: int = 1) -> Comebacks:
    """Count who came back, by first day and steps of so many days."""
    new = begun(scope)
    counted = select(new.c.first_day, func.count().label("profiles")).group_by(new.c.first_day)
    found = {int(one["first_day"]): int(one["profiles"]) for one in ask(counted)}
    back: dict[tuple[int, int], int] = {}
    first_back: dict[tuple[int, int], int] = {}
    if found:
        back = _by_step(ask(_back(scope, days)))
        first_back = _by_step(ask(_first_back(scope, days)))
    today = (scope.now.astimezone(scope.range.zone).date() - _EPOCH).days
    return Comebacks(days, today, found, back, first_back)


def _steps(scope: Scope, days: int) -> Subquery:
    """Return a row for each profile and step in which it was seen: profile, first_day, step."""
    new, later = begun(scope), since(scope)
    visited = (
        visits_of_profiles(
            later,
            PROFILE.label("profile"),
            day_number(visit.c.started_at, later.range).label("day"),
            func.count().label("visits"),
        )
        .group_by("profile", "day")
        .subquery("visited")
    )
    step = whole_div(visited.c.day - new.c.first_day, days).label("step")
    placed = (
        select(new.c.profile, new.c.first_day, step, visited.c.visits)
        .select_from(new.join(visited, same_profile(new, visited)))
        .subquery("placed")
    )
    return (
        select(placed.c.profile, placed.c.first_day, placed.c.step)
        .group_by(placed.c.profile, placed.c.first_day, placed.c.step)
        .having((placed.c.step > 0) | (func.sum(placed.c.visits) > 1))
        .subquery("steps")
    )


def _back(scope: Scope, days: int) -> Select[Any]:
    steps = _steps(scope, days)
    counted = select(steps.c.first_day, steps.c.step, func.count().label("profiles"))
    return counted.group_by(steps.c.first_day, steps.c.step)


def _first_back(scope: Scope, days: int) -> Select[Any]:
    steps = _steps(scope, days)
    first = (
        select(steps.c.profile, steps.c.first_day, func.min(steps.c.step).label("step"))
        .where(steps.c.step > 0)
        .group_by(steps.c.profile, steps.c.first_day)
        .subquery("first_back")
    )
    counted = select(first.c.first_day, first.c.step, func.count().label("profiles"))
    return counted.group_by(first.c.first_day, first.c.step)


def _by_step(records: list[dict[str, Any]]) -> dict[tuple[int, int], int]:
    return {(int(one["first_day"]), int(one["step"])): int(one["profiles"]) for one in records}
