"""Where on a page people click, how far they scroll and where they stay: what a heatmap is drawn from.

Clicks hang on elements, in a grid over each, so that they stay in their places when the page
moves; where they fell on the whole page is told too, for elements that are no longer there.
"""

import time
from dataclasses import replace
from itertools import accumulate
from typing import Any

import msgspec
import structlog
from sqlalchemy import BigInteger, ColumnElement, cast, func, select, tuple_

from reports import measures
from reports.elements import NUMBERS, counted
from reports.query.chosen import events, struggles
from reports.query.dimensions import BY_NAME
from reports.query.filters import Filter
from reports.report import Ask
from reports.run import TIMEOUT_S, lateness
from reports.scope import Scope
from tracker.checking import one_of
from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.signals import DEAD, ERROR, SLOW
from tracker.store.base import EventStore, QueryTimeoutError, StoreDownError
from tracker.store.functions import count_distinct, element, whole_div
from tracker.store.schema import event, struggle

SCREENS = ("small", "medium", "large", "wide")
GRID = 20  # cells along either side of an element
PARTS = 20  # of a page's height, for scrolling and attention
MOST_ELEMENTS = 100
MOST_CELLS = 2000
LONGEST_PATH = 2048

_log = structlog.get_logger(__name__)


class HeatCell(msgspec.Struct, frozen=True, omit_defaults=True):
    """One cell of an element's grid, `x` and `y` from 0 to 19 from its top left corner.

    `page_x` (thousandths of the page's width) and `page_y` (px from its top) are the mean
    place of its clicks on the page.
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

    `fixed` tells that it stays in place while the page scrolls, so that its cells' places
    on the page say nothing.
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

    `clicks` and `elements_clicked` are of all elements, also of those not listed. `scrolled`
    is the share of the `views_scrolled` (views that told how far they scrolled) in which each
    twentieth came into sight, `attention_ms` the mean time for which each twentieth was on the
    screen in those of the `views_attended` that told it.
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
    error: str | None = None
    timed_out: bool = False


def parse_screen(text: str) -> str:
    """Return one of SCREENS, or "all"; InvalidInputError otherwise."""
    return one_of("screen", text or "all", ("all", *SCREENS))


def parse_path(text: str) -> str:
    """Return a page's path; InvalidInputError when it is none."""
    if not text.startswith("/") or len(text) > LONGEST_PATH or any(letter < " " for letter in text):
        raise InvalidInputError("path", gettext("must be a page's path, such as /cart"))
    return text


def of_page(scope: Scope, path: str, screen: str) -> Scope:
    """Narrow a scope to one page, seen on screens of one class or "all"."""
    narrowed = [Filter(BY_NAME["path"], "is", (path,))]
    if screen != "all":
        narrowed.append(Filter(BY_NAME["screen"], "is", (screen,)))
    return replace(scope, filters=(*scope.filters, *narrowed))


def read_heatmap(scope: Scope, path: str, screen: str, store: EventStore, timeout_s: float = TIMEOUT_S) -> Heatmap:
    """Ask for a page's heatmap; like a report's, a failure is a sentence in the answer.

    StoreDownError where nobody answers.
    """
    began = time.monotonic()
    found: dict[str, Any] = {"views": 0, "clicks": 0, "elements_clicked": 0, "elements": []}
    found |= {"views_scrolled": 0, "scrolled": [], "views_attended": 0, "attention_ms": []}
    narrowed, ask = of_page(scope, path, screen), Ask(store, began + timeout_s)
    try:
        found |= {"views": _views(narrowed, ask), **_clicked(narrowed, ask)}
        found |= {**_scrolled(narrowed, ask), **_attended(narrowed, ask)}
    except QueryTimeoutError as late:
        found |= {"error": lateness(late, timeout_s), "timed_out": True}
    except StoreDownError:
        raise
    except Exception:
        _log.exception("heatmap failed", site=scope.site.key)
        found |= {"error": gettext("This heatmap failed; the server's log says why.")}
    return Heatmap(path=path, screen=screen, took_ms=round((time.monotonic() - began) * 1000), **found)


def _views(scope: Scope, ask: Ask) -> int:
    [record] = ask(events(scope, "view", measures.views.labelled))
    return int(record["views"])


def _clicked(scope: Scope, ask: Ask) -> dict[str, Any]:
    place = func.coalesce(event.c.element, "").label("element")
    clicks = (
        events(
            scope,
            "click",
            place,
            *_numbers(scope),
            count_distinct(event.c.visitor_id).label("visitors"),
            func.max(event.c.element_text).label("text"),
            func.count().filter(event.c.fixed.is_(True)).label("fixed"),
        )
        .group_by("element")
        .subquery("elements")
    )
    top = (
        select(
            clicks,
            func.sum(clicks.c.clicks).over().label("all_clicks"),
            func.count().over().label("all_elements"),
        )
        .order_by(clicks.c.clicks.desc(), clicks.c.element)
        .limit(MOST_ELEMENTS)
    )
    records = ask(top)
    cells = _cells(scope, ask, [str(record["element"]) for record in records])
    return {
        "clicks": int(records[0]["all_clicks"]) if records else 0,
        "elements_clicked": int(records[0]["all_elements"]) if records else 0,
        "elements": [_element(record, cells.get(str(record["element"]), [])) for record in records],
    }


def _numbers(scope: Scope) -> list[ColumnElement[int]]:
    """Count clicks in all, and those of each signal; a burst of angry clicks stands where it began."""
    burst = struggles(scope, struggle.c.view_id, struggle.c.seq).where(struggle.c.signal == "rage")
    rage = func.count().filter(tuple_(event.c.view_id, event.c.seq).in_(burst))
    bits = {"dead": DEAD, "slow": SLOW, "error": ERROR}
    all_ = {"clicks": func.count(), "rage": rage, **{name: counted(bit) for name, bit in bits.items()}}
    return [cast(all_[name], BigInteger).label(name) for name in NUMBERS]


def _cells(scope: Scope, ask: Ask, elements: list[str]) -> dict[str, list[HeatCell]]:
    place = func.coalesce(event.c.element, "")
    columns = (
        place.label("element"),
        _bin(event.c.offset_x).label("x"),
        _bin(event.c.offset_y).label("y"),
        *_numbers(scope),
        func.sum(func.coalesce(event.c.page_x, 0)).label("page_x"),
        func.sum(func.coalesce(event.c.page_y, 0)).label("page_y"),
    )
    grid = events(scope, "click", *columns).where(place.in_(elements)).group_by("element", "x", "y").subquery("cells")
    most = select(grid).order_by(grid.c.clicks.desc(), grid.c.element, grid.c.y, grid.c.x).limit(MOST_CELLS)
    cells: dict[str, list[HeatCell]] = {}
    for record in ask(most):
        clicks = int(record["clicks"])
        mean = {name: round(int(record[name]) / clicks) for name in ("page_x", "page_y")}
        numbers = {name: int(record[name]) for name in ("x", "y", *NUMBERS)}
        cells.setdefault(str(record["element"]), []).append(HeatCell(**numbers, **mean))
    return cells


def _bin(offset: ColumnElement[int]) -> ColumnElement[int]:
    """Return the cell of an offset in ‰; the middle's, where a click came before the file that tells it."""
    return func.least(whole_div(func.coalesce(offset, 500) * GRID, 1000), GRID - 1)


def _element(record: dict[str, Any], cells: list[HeatCell]) -> HeatElement:
    return HeatElement(
        element=str(record["element"]),
        text=record["text"],
        fixed=2 * int(record["fixed"]) > int(record["clicks"]),
        visitors=int(record["visitors"]),
        cells=cells,
        **{name: int(record[name]) for name in NUMBERS},
    )


def _scrolled(scope: Scope, ask: Ask) -> dict[str, Any]:
    depth = func.max(event.c.scroll_permille).label("depth")
    told = event.c.scroll_permille.is_not(None)
    deepest = events(scope, "engagement", depth).where(told).group_by(event.c.view_id).subquery("deepest")
    part = whole_div(deepest.c.depth + 1000 // PARTS - 1, 1000 // PARTS).label("part")
    ended = dict.fromkeys(range(PARTS + 1), 0)
    columns: list[ColumnElement[Any]] = [part, func.count().label("views")]
    for record in ask(select(*columns).group_by("part")):
        ended[int(record["part"])] = int(record["views"])
    reached = list(accumulate(ended[part] for part in range(PARTS, 0, -1)))[::-1]
    views = sum(ended.values())
    return {"views_scrolled": views, "scrolled": [one / views for one in reached] if views else []}


def _attended(scope: Scope, ask: Ask) -> dict[str, Any]:
    parts = [func.sum(element(event.c.attention_ms, number)).label(f"part_{number}") for number in range(1, PARTS + 1)]
    told = element(event.c.attention_ms, 1).is_not(None)
    views = count_distinct(event.c.view_id).label("views")
    columns: list[ColumnElement[Any]] = [views, *parts]
    [record] = ask(events(scope, "engagement", *columns).where(told))
    told_by = int(record["views"])
    mean = [round(int(record[part.name] or 0) / told_by) for part in parts] if told_by else []
    return {"views_attended": told_by, "attention_ms": mean}
