"""Goals: what a site's visitors are to do, by name."""

from collections import defaultdict
from typing import NamedTuple

from babel.numbers import list_currencies
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.conditions import Condition, as_stored, check_condition, check_name, check_property, from_stored
from tracker.errors import ConflictError, InvalidInputError
from tracker.languages import counted, gettext
from tracker.models import Goal
from tracker.of_site import how_many, named

MOST_GOALS = 40
"""So many bits has a number in which reports keep which goals an event reaches, with room to spare."""


class GoalInfo(NamedTuple):
    """A goal: its name, what reaches it, and the property that says what one was worth, with its currency."""

    name: str
    condition: Condition
    revenue: str | None = None
    currency: str | None = None


def save_goal(
    session: Session, site_id: int, wanted: GoalInfo, who: str, was: str | None = None
) -> tuple[GoalInfo, bool]:
    """Save a goal, in place of the one that goes by its name or by `was`; returns it, and whether it is a new one.

    InvalidInputError names the field that cannot be, also when the name is another's, `was` is there no more, or
    there are too many.
    """
    checked = _checked(wanted)
    goal = named(session, Goal, site_id, was or checked.name)
    if was and goal is None:
        problem = gettext("%(name)s is gone, or called otherwise by now; look at the list", name=repr(was[:64]))
        raise ConflictError("name", problem)
    if checked.name != (was or checked.name) and named(session, Goal, site_id, checked.name) is not None:
        raise ConflictError("name", gettext("%(name)s is another goal's", name=repr(checked.name)))
    is_new = goal is None
    if goal is None:
        if how_many(session, Goal, site_id) >= MOST_GOALS:
            problem = counted(
                "there is %(n)s goal already; delete one first",
                "there are %(n)s goals already; delete one first",
                MOST_GOALS,
            )
            raise ConflictError("name", problem)
        goal = Goal(site_id=site_id, created_at=utc_now(), created_by=who)
        session.add(goal)
    goal.name, goal.condition = checked.name, as_stored(checked.condition)
    goal.revenue, goal.currency = checked.revenue, checked.currency
    session.flush()
    return checked, is_new


def find_goal(session: Session, site_id: int, name: str) -> GoalInfo | None:
    """Return a site's goal by its name."""
    goal = named(session, Goal, site_id, name)
    return _info(goal) if goal else None


def delete_goal(session: Session, site_id: int, name: str) -> bool:
    """Delete a goal; False when there is none. The events that reached it stay."""
    gone = delete(Goal).where(Goal.site_id == site_id, Goal.name == name).returning(Goal.id)
    return session.execute(gone).first() is not None


def goals_by_site(session: Session) -> dict[int, tuple[GoalInfo, ...]]:
    """Return the goals of every site that has any, by name, by the site's id."""
    found: dict[int, list[GoalInfo]] = defaultdict(list)
    for goal in session.scalars(select(Goal).order_by(Goal.name)):
        found[goal.site_id].append(_info(goal))
    return {site_id: tuple(sorted(goals, key=lambda goal: goal.name)) for site_id, goals in found.items()}


def _info(goal: Goal) -> GoalInfo:
    return GoalInfo(goal.name, from_stored(goal.condition), goal.revenue, goal.currency)


def _checked(wanted: GoalInfo) -> GoalInfo:
    name, condition = check_name(wanted.name), check_condition(wanted.condition)
    revenue, currency = (wanted.revenue or "").strip(), (wanted.currency or "").strip().upper()
    if not revenue and not currency:
        return GoalInfo(name, condition)
    if condition.kind != "event":
        raise InvalidInputError("revenue", gettext("only an event can say what it was worth"))
    if not revenue:
        problem = gettext("is needed: the property of the event that says what it was worth")
        raise InvalidInputError("revenue", problem)
    if currency not in list_currencies():
        problem = gettext("%(given)s is no currency; use its three letters, such as EUR", given=repr(currency[:16]))
        raise InvalidInputError("currency", problem)
    return GoalInfo(name, condition, check_property("revenue", revenue), currency)
