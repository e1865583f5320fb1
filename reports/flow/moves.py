"""Asks the store for a flow: walks are counted by steps in SQL, and only what is drawn comes back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, and_, case, cast, func, literal, or_, select

from reports.query.steps import Start, step_path, walks
from reports.scope import Scope
from tracker.signals import DEAD, ERROR, SLOW
from tracker.store.functions import array_of, bits_between, each, element, has_bits, median, sum_between

STRUGGLES = {"dead": DEAD, "slow": SLOW, "error": ERROR}
ANY_STRUGGLE = DEAD | SLOW | ERROR
REST = 0  # the rank of all pages that have no place of their own

Listed = Sequence[Sequence[str]]
"""The pages that each step lists, in order: a page's rank is its place there, counted from 1."""


def most_seen(scope: Scope, start: Start, steps: int, branches: int) -> Select[Any]:
    """Select the pages that each step lists, in order; `pages` is how many the step has.

    One page alone is no rest: where there is one more than `branches`, all are listed.
    """
    walk = walks(scope, start, steps).subquery("walk")
    numbered = select(walk, _steps(steps)).subquery("numbered")
    taken = select(numbered.c.step, step_path(numbered, numbered.c.step).label("path")).subquery("taken")
    counted = select(taken, func.count().label("visits")).where(taken.c.path.is_not(None))
    counted = counted.group_by(taken.c.step, taken.c.path)
    seen = counted.subquery("seen")
    order = [seen.c.visits.desc(), seen.c.path]
    rank = cast(func.row_number().over(partition_by=seen.c.step, order_by=order), BigInteger).label("rank")
    pages = cast(func.count().over(partition_by=seen.c.step), BigInteger).label("pages")
    ranked = select(seen.c.step, seen.c.path, rank, pages).subquery("ranked")
    kept = or_(ranked.c.rank <= branches, ranked.c.pages == branches + 1)
    return select(ranked).where(kept).order_by(ranked.c.step, ranked.c.rank)


def moves(scope: Scope, start: Start, listed: Listed) -> Select[Any]:
    """Select how many visits moved from a page of a step to one of the next, in time.

    `rank` and `to_rank` are the pages' ranks in their steps, REST for those that are not listed; `to_rank`
    is null where the visit ended, and in the last step. Numbers are of what happened at `rank`, before moving on.
    """
    walk = walks(scope, start, len(listed)).subquery("walk")
    paths = [step_path(walk, step).label(f"path_{step}") for step in range(1, len(listed) + 1)]
    told = ("places", "trail_engaged_ms", "trail_signals")
    seen = select(*(walk.c[name] for name in told), *paths).subquery("seen")  # or each comparison finds its page again
    ranks = array_of(*(_rank(seen.c[f"path_{step}"], pages) for step, pages in enumerate(listed, 1))).label("ranks")
    numbered = select(*(seen.c[name] for name in told), ranks, _steps(len(listed))).subquery("numbered")
    n, step = numbered.c, numbered.c.step
    first, past = start.views(element(n.places, step), element(n.places, step + 1))
    moved = (
        select(
            step,
            element(n.ranks, step).label("rank"),
            element(n.ranks, step + (1 if start.direction == "forward" else -1)).label("to_rank"),
            sum_between(n.trail_engaged_ms, first, past).label("engaged_ms"),
            bits_between(n.trail_signals, first, past).label("bits"),
        )
        .where(element(n.ranks, step).is_not(None))
        .cte("moved")
    )
    c = moved.c
    numbers = [
        func.count().label("visits"),
        *(func.count().filter(has_bits(c.bits, bit)).label(name) for name, bit in STRUGGLES.items()),
        func.count().filter(has_bits(c.bits, ANY_STRUGGLE)).label("struggled"),
    ]
    sums = (cast(one, BigInteger).label(one.name) for one in numbers)
    counted = select(c.step, c.rank, c.to_rank, *sums).group_by(c.step, c.rank, c.to_rank).cte("counted")
    times = select(c.step, c.rank, median(c.engaged_ms).label("engaged_ms")).group_by(c.step, c.rank).cte("times")
    return select(counted, times.c.engaged_ms).select_from(
        counted.join(times, and_(times.c.step == counted.c.step, times.c.rank == counted.c.rank))
    )


def _steps(steps: int) -> ColumnElement[int]:
    """Return a row a step, by its number from 1."""
    return each(array_of(*(literal(step) for step in range(1, steps + 1)))).label("step")


def _rank(path: ColumnElement[Any], pages: Sequence[str]) -> ColumnElement[int]:
    """Return the rank of a page among those that its step lists; null where there is no page."""
    ranks = [(path == literal(page, String), literal(rank, BigInteger)) for rank, page in enumerate(pages, 1)]
    rest = literal(REST, BigInteger)
    return case((path.is_not(None), case(*ranks, else_=rest) if ranks else rest))
