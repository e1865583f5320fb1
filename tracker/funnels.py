"""Funnels: steps that visitors are to take one after the other, by name."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.checking import check_length
from tracker.clock import utc_now
from tracker.conditions import (
    LONGEST_WORD,
    Condition,
    as_stored,
    check_condition,
    check_name,
    from_stored,
    in_words,
)
from tracker.errors import ConflictError, InvalidInputError
from tracker.languages import counted, gettext, numbers
from tracker.models import Funnel
from tracker.of_site import how_many, named

LEAST_STEPS, MOST_STEPS = 2, 8
MOST_FUNNELS = 40


class StepInfo(NamedTuple):
    """A step of a funnel: how it is called, which may be nothing, and what is done in it."""

    name: str
    condition: Condition

    @property
    def title(self) -> str:
        """Its name, or what is done in it."""
        return self.name or in_words(self.condition)


class FunnelInfo(NamedTuple):
    """A funnel: its name, and its steps in order."""

    name: str
    steps: tuple[StepInfo, ...]


def save_funnel(
    session: Session, site_id: int, wanted: FunnelInfo, who: str, was: str | None = None
) -> tuple[FunnelInfo, bool]:
    """Save a funnel, in place of the one that goes by its name or by `was`; returns it, and whether it is a new one.

    InvalidInputError names the field that cannot be, also when `was` is there no more: that of a step as
    `step_2_path`.
    """
    checked = FunnelInfo(check_name(wanted.name), _checked(wanted.steps))
    funnel = named(session, Funnel, site_id, was or checked.name)
    if was and funnel is None:
        problem = gettext("%(name)s is gone, or called otherwise by now; look at the list", name=repr(was[:64]))
        raise ConflictError("name", problem)
    if checked.name != (was or checked.name) and named(session, Funnel, site_id, checked.name) is not None:
        raise ConflictError("name", gettext("%(name)s is another funnel's", name=repr(checked.name)))
    is_new = funnel is None
    if funnel is None:
        if how_many(session, Funnel, site_id) >= MOST_FUNNELS:
            problem = counted(
                "there is %(n)s funnel already; delete one first",
                "there are %(n)s funnels already; delete one first",
                MOST_FUNNELS,
            )
            raise ConflictError("name", problem)
        funnel = Funnel(site_id=site_id, created_at=utc_now(), created_by=who)
        session.add(funnel)
    funnel.name = checked.name
    funnel.steps = [{"name": step.name, "condition": as_stored(step.condition)} for step in checked.steps]
    session.flush()
    return checked, is_new


def find_funnel(session: Session, site_id: int, name: str) -> FunnelInfo | None:
    """Return a site's funnel by its name."""
    funnel = named(session, Funnel, site_id, name)
    return _info(funnel) if funnel else None


def delete_funnel(session: Session, site_id: int, name: str) -> bool:
    """Delete a funnel; False when there is none."""
    gone = delete(Funnel).where(Funnel.site_id == site_id, Funnel.name == name).returning(Funnel.id)
    return session.execute(gone).first() is not None


def funnels_by_site(session: Session) -> dict[int, tuple[FunnelInfo, ...]]:
    """Return the funnels of every site that has any, by name, by the site's id."""
    found: dict[int, list[FunnelInfo]] = defaultdict(list)
    for funnel in session.scalars(select(Funnel)):
        found[funnel.site_id].append(_info(funnel))
    return {site_id: tuple(sorted(funnels, key=lambda one: one.name)) for site_id, funnels in found.items()}


def _info(funnel: Funnel) -> FunnelInfo:
    return FunnelInfo(funnel.name, tuple(map(_step, funnel.steps)))


def _step(kept: dict[str, Any]) -> StepInfo:
    return StepInfo(kept["name"], from_stored(kept["condition"]))


def _checked(steps: Sequence[StepInfo]) -> tuple[StepInfo, ...]:
    if not LEAST_STEPS <= len(steps) <= MOST_STEPS:
        problem = counted(
            "a funnel has %(least)s to %(n)s step, not %(given)s",
            "a funnel has %(least)s to %(n)s steps, not %(given)s",
            MOST_STEPS,
            least=numbers.whole(LEAST_STEPS),
            given=numbers.whole(len(steps)),
        )
        raise InvalidInputError("steps", problem)
    return tuple(_checked_step(number, step) for number, step in enumerate(steps, 1))


def _checked_step(number: int, step: StepInfo) -> StepInfo:
    name = check_length(f"step_{number}_name", step.name.strip(), LONGEST_WORD)
    try:
        return StepInfo(name, check_condition(step.condition))
    except InvalidInputError as error:
        raise InvalidInputError(f"step_{number}_{error.field}", error.problem) from error
