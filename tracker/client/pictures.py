"""Heatmaps and flows, as a client gets them."""

import msgspec


class HeatCell(msgspec.Struct, frozen=True):
    """One cell of an element's grid, `x` and `y` from 0 to 19 from its top left corner.

    `page_x` (thousandths of the page's width) and `page_y` (px from its top) are the mean place of its clicks.
    """

    x: int
    y: int
    clicks: int
    page_x: int
    page_y: int
    dead: int = 0
    rage: int = 0
    slow: int = 0
    error: int = 0


class HeatElement(msgspec.Struct, frozen=True):
    """An element with clicks; `element` is its path in the page, empty for the page itself.

    `fixed` tells that it stays in place while the page scrolls.
    """

    element: str
    text: str | None
    fixed: bool
    clicks: int
    visitors: int
    dead: int
    rage: int
    slow: int
    error: int
    cells: list[HeatCell]


class Heatmap(msgspec.Struct, frozen=True):
    """A page's heatmap: its most clicked elements, and what was seen of each twentieth of its height.

    `scrolled` is the share of the `views_scrolled` in which each twentieth came into sight, `attention_ms` the mean
    time for which each was on the screen in the `views_attended`.
    """

    path: str
    screen: str
    views: int
    clicks: int
    elements_clicked: int
    elements: list[HeatElement]
    views_scrolled: int
    scrolled: list[float]
    views_attended: int
    attention_ms: list[int]
    took_ms: int


class FlowPlace(msgspec.Struct, frozen=True):
    """A place in the flow: its step from 1, and its `kind`, which is `page`, `rest`, `left` or `came`."""

    step: int
    kind: str
    path: str | None = None


class FlowNode(msgspec.Struct, frozen=True, kw_only=True):
    """What visits did at one step: `share` is of all visits of that step.

    `engaged_ms` is the median time in use, `struggled` counts visits with a dead, slow or error click there.
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
    """Visits that went from one place to another; `struggled` are those that did at `source`, before they went on."""

    source: FlowPlace
    target: FlowPlace
    visits: int
    share: float
    struggled: int
    struggle_rate: float | None


class FlowColumn(msgspec.Struct, frozen=True):
    """One step: how many visits come to it, and its nodes."""

    step: int
    visits: int
    nodes: list[FlowNode]


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """The flow of `visits` visits from `path` on, or from where visits begin; backward, step 1 is the last."""

    path: str | None
    direction: str
    steps: int
    branches: int
    visits: int
    columns: list[FlowColumn]
    links: list[FlowLink]
    took_ms: int
