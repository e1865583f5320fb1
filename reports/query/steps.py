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
    element,
    has,
    last_place_of,
    length,
    place_of,
    steps_back,
    steps_onward,
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

    def places(self, trail: ColumnElement[Any], place: ColumnElement[int], steps: int) -> ColumnElement[Any]:
        """Return where so many steps begin, from the one at a place on; outside the trail where there are no more."""
        walk = steps_onward if self.direction == "forward" else steps_back
        return walk(trail, place, literal(steps))

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
    chosen = visits(scope, *columns, *trails, start.place().label("began"))
    walk = chosen.where(start.holds(), visit.c.trail_cut.is_(False)).subquery()
    kept = (*(one.name for one in columns), *OF_A_TRAIL)
    places = start.places(walk.c.trail, walk.c.began, steps + 1)
    return select(*(walk.c[name] for name in kept), places.label("places"))


def step_path(walk: FromClause, step: ColumnElement[int] | int) -> ColumnElement[str | None]:
    """Return the page of a walk's step, counted from 1; null where it has none."""
    return element(walk.c.trail, element(walk.c.places, step))
