"""Puts a flow together from what was counted: columns of pages with their ends, and links between them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from reports.flow.moves import REST, STRUGGLES, Listed
from reports.flow.shapes import FlowColumn, FlowLink, FlowNode, FlowPlace
from reports.measures import ratio
from reports.query.steps import Direction

_NUMBERS = ("visits", *STRUGGLES, "struggled")
_KINDS = ("page", "rest", "left", "came")


def put_together(
    records: Sequence[dict[str, Any]], listed: Listed, pages: Sequence[int], direction: Direction
) -> tuple[list[FlowColumn], list[FlowLink]]:
    """Make columns and links of how many visits moved from which page of which step to which.

    `records` are as `reports.flow.moves.moves` selects them; `pages` is how many pages each step has.
    """
    steps = len(listed)
    forward = direction == "forward"
    sums: dict[FlowPlace, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_NUMBERS, 0))
    times: dict[FlowPlace, float] = {}
    moves: list[tuple[FlowPlace, FlowPlace, int, int]] = []
    came_in: dict[FlowPlace, int] = defaultdict(int)
    for record in records:
        step, visits = int(record["step"]), int(record["visits"])
        here = _place(step, record["rank"], listed)
        times[here] = record["engaged_ms"]
        for name in _NUMBERS:
            sums[here][name] += int(record[name])
        if step == (steps if forward else 1):
            continue
        other = step + 1 if forward else step - 1
        to_rank = record["to_rank"]
        there = FlowPlace(other, "left") if to_rank is None else _place(other, to_rank, listed)
        moves.append((here, there, visits, int(record["struggled"])))
        came_in[there] += visits
    if not forward:  # who was on no page before came to the site there
        for here in [one for one in sums if one.step < steps]:
            first = sums[here]["visits"] - came_in[here]
            if first:
                moves.append((FlowPlace(here.step + 1, "came"), here, first, 0))
    for source, target, visits, _ in moves:
        for end in (source, target):
            if end.kind in ("left", "came"):
                sums[end]["visits"] += visits
    columns = [_column(step, sums, times, pages[step - 1]) for step in range(1, steps + 1)]
    links = [_link(*move, sums[move[0]]["visits"]) for move in moves]
    order = {node.place: number for number, node in enumerate(node for column in columns for node in column.nodes)}
    return (
        [column for column in columns if column.nodes],
        sorted(
            links,
            key=lambda link: (
                link.source.step if forward else -link.source.step,
                order[link.source],
                order[link.target],
            ),
        ),
    )


def _place(step: int, rank: int, listed: Listed) -> FlowPlace:
    return FlowPlace(step, "rest") if rank == REST else FlowPlace(step, "page", listed[step - 1][rank - 1])


def _column(step: int, sums: dict[FlowPlace, dict[str, int]], times: dict[FlowPlace, float], pages: int) -> FlowColumn:
    places = [place for place in sums if place.step == step]
    visits = sum(sums[place]["visits"] for place in places)
    rest = max(pages - sum(place.kind == "page" for place in places), 0)
    places.sort(key=lambda place: (_KINDS.index(place.kind), -sums[place]["visits"], place.path or ""))
    return FlowColumn(step, visits, [_node(place, sums[place], visits, times.get(place), rest) for place in places])


def _node(place: FlowPlace, numbers: dict[str, int], of_visits: int, engaged_ms: float | None, rest: int) -> FlowNode:
    if engaged_ms is None:
        return FlowNode(place=place, visits=numbers["visits"], share=numbers["visits"] / of_visits, pages=0)
    return FlowNode(
        place=place,
        share=numbers["visits"] / of_visits,
        pages=1 if place.kind == "page" else rest,
        engaged_ms=round(engaged_ms),
        struggle_rate=ratio(numbers["struggled"], numbers["visits"]),
        **numbers,
    )


def _link(source: FlowPlace, target: FlowPlace, visits: int, struggled: int, of_visits: int) -> FlowLink:
    rate = None if source.kind == "came" else ratio(struggled, visits)
    return FlowLink(
        source=source, target=target, visits=visits, share=visits / of_visits, struggled=struggled, struggle_rate=rate
    )
