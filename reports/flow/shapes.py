"""What a flow looks like: columns of nodes, and links between them."""

from typing import Literal

import msgspec

from reports.query.steps import Direction

NodeKind = Literal["page", "rest", "left", "came"]


class FlowPlace(msgspec.Struct, frozen=True):
    """A place in the flow: the step counted from 1 where it starts, what it is, and the page's path if it is one.

    `rest` are all pages of a step that are not listed; `left` and `came` are ends.
    """

    step: int
    kind: NodeKind
    path: str | None = None


class FlowNode(msgspec.Struct, frozen=True, kw_only=True):
    """What visits did at one step: `share` is of all visits of that step, ends included.

    `pages` is how many different pages they saw there, `engaged_ms` the median time in use.
    `struggled` are visits with a dead, slow or error click on that step; `dead`, `slow` and
    `error` count each, so that a visit may be in several.
    """

    place: FlowPlace
    visits: int
    share: float
    pages: int = 1
    engaged_ms: int | None = None
    dead: int = 0
    slow: int = 0
    error: int = 0
    struggled: int = 0
    struggle_rate: float | None = None


class FlowLink(msgspec.Struct, frozen=True, kw_only=True):
    """Visits that went from one place to another, in the order of time.

    `share` is of the visits at `source`; `struggled` are those that struggled there before they went on.
    """

    source: FlowPlace
    target: FlowPlace
    visits: int
    share: float
    struggled: int
    struggle_rate: float | None


class FlowColumn(msgspec.Struct, frozen=True):
    """One step: how many visits come to it, and its nodes, pages by visits, then the rest, then ends."""

    step: int
    visits: int
    nodes: list[FlowNode]


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """The flow of `visits` visits from `path` on; without a path from where visits begin (backward: end).

    Backward, step 1 is the last and later columns came earlier; links always go forward in time.
    """

    path: str | None
    direction: Direction
    steps: int
    branches: int
    visits: int
    columns: list[FlowColumn]
    links: list[FlowLink]
    took_ms: int
    error: str | None = None
    timed_out: bool = False
