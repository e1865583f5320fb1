"""Walks: the pages of visits one step after another, from where a flow starts.

A step is one page, however often in a row it was viewed: a page that is loaded again, or that
draws itself anew under the same path, is no step onwards. Visits whose trail is cut are left out.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, FromClause, Select, literal, select

from reports.query.chosen import visits
from reports.scope import Scope
from tracker.store.functions import (
    array_of,
    element,
    has,
    last_place_of,
    length,
    next_other,
    place_of,
    previous_other,
)
from tracker.store.schema import visit

Direction = Literal["forward", "backward"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
OF_A_TRAIL = ("trail", "trail_engaged_ms", "trail_signals")


@dataclass(frozen=True)
class Start:
    """Where walks start: at a page, or without one where visits begin; and in which direction they lead.

    Forward they start where a visit first saw the page. Backward they lead from where it last
    saw the page, or from its end, to what came before.
    """

    path: str | None = None
    direction: Direction = "forward"

    def holds(self) -> ColumnElement[bool]:
        """Say of `visit` that it has such a start."""
        return length(visit.c.trail) > 0 if self.path is None else has(visit.c.trail, self.path)

    def place(self) -> ColumnElement[int]:
        """Return where in the trail of `visit` it is, counted from 1."""
        trail = visit.c.trail
        if self.direction == "forward":
            return literal(1) if self.path is None else place_of(trail, self.path)
        return length(trail) if self.path is None else last_place_of(trail, self.path)

    def next(self, trail: ColumnElement[Any], place: ColumnElement[int]) -> ColumnElement[int]:
        """Return the place of the step after the one that begins at a place; outside the trail if there is none."""
        return next_other(trail, place) if self.direction == "forward" else previous_other(trail, place)

    def views(
        self, place: ColumnElement[int], next_: ColumnElement[int]
    ) -> tuple[ColumnElement[int], ColumnElement[int]]:
        """Return the place of a step's first view in time and that after its last, from where it and the next begin."""
        return (place, next_) if self.direction == "forward" else (next_ + 1, place + 1)


def walks(scope: Scope, start: Start, steps: int, *columns: Any) -> Select[Any]:
    """Select the walks of a scope's visits, with `columns` of each visit and its trail.

    `places` tells where in the trail each of the first steps begins in the order of the walk, and
    what comes after these; it is outside the trail where the walk has no more.
    """
    trails = [visit.c[name] for name in OF_A_TRAIL]
    chosen = visits(scope, *columns, *trails, start.place().label("at_1"))
    walk: FromClause = chosen.where(start.holds(), visit.c.trail_cut.is_(False)).subquery()
    for step in range(1, steps + 1):  # one inside the other, so that no engine reckons a place twice
        place = start.next(walk.c.trail, walk.c[f"at_{step}"]).label(f"at_{step + 1}")
        walk = select(*walk.c, place).subquery()
    places = array_of(*(walk.c[f"at_{step}"] for step in range(1, steps + 2)))
    kept = (*(one.name for one in columns), *OF_A_TRAIL)
    return select(*(walk.c[name] for name in kept), places.label("places"))


def step_path(walk: FromClause, step: ColumnElement[int] | int) -> ColumnElement[str | None]:
    """Return the page of a walk's step, counted from 1; null where it has none."""
    return element(walk.c.trail, element(walk.c.places, step))
