"""Ways that lead back: pages left as soon as they were seen, and to and fro between two."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, and_, false, func, not_, or_, select, true, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from tracker.signals import THRESHOLDS, Thresholds, worked
from tracker.store.functions import epoch_ms, fingerprint, turns_back
from tracker.store.schema import VISIT_GAP_S, visit
from tracker.struggles.rows import as_column, found

SIGNALS = ("quick_back", "loop")
DEEDS = ("custom", "form", "field", "search", "link")  # whoever does one of these has found something to do
KINDS = ("view", "click", *DEEDS)
COLUMNS = ("kind", "navigation")
TOGETHER_MS = VISIT_GAP_S * 1000  # from the page before to the one quickly left; from a loop's first page to its last
FEWEST_VIEWS = 3  # there, elsewhere, and back
LONGEST_REDIRECT_MS = 10_000  # no site's limit reaches so far: see `tracker.signal_limits`

# The browser says what brought a page: none of these is a way back. Without its word (an
# import, or a page that draws itself anew) the order of the pages must do.
_NO_WAY_BACK = ("navigate", "load", "reload", "prerender")


def ways(happened: FromClause, limits: Thresholds) -> CompoundSelect[Any]:
    """Select the quick backs and loops in the views of visitors; `happened` holds what `may_tell`."""
    placed = _placed(_pages(happened, limits))
    return union_all(_quick_backs(placed, happened), _loops(placed))


def may_tell(events: FromClause) -> ColumnElement[bool]:
    """Tell whether an event counts here: of the clicks those that worked."""
    return and_(events.c.visitor_id.is_not(None), or_(events.c.kind != "click", worked(events)))


def turning(limits: Collection[Thresholds]) -> ColumnElement[bool]:
    """Tell whether a visit may hold what is found here, by its trail: most do not."""
    redirect_ms = max(one.redirect for one in (THRESHOLDS, *limits))
    return or_(visit.c.trail_cut, turns_back(visit.c.trail, visit.c.trail_offset_ms, redirect_ms))


def _pages(happened: FromClause, limits: Thresholds) -> FromClause:
    """Keep views that were seen: what leads on at once is a redirect."""
    c = happened.c
    at_ms = epoch_ms(c.occurred_at)
    order: dict[str, Any] = {"partition_by": [c.site_id, c.visitor_id], "order_by": [at_ms, c.view_id, c.seq]}
    opened = (
        select(
            *(c[name] for name in ("ingest_id", "site_id", "visitor_id", "view_id", "seq", "path", "navigation")),
            at_ms.label("at_ms"),
            fingerprint(c.host, c.path).label("page"),
            as_column(limits.quick_back).label("quick_back"),
            as_column(limits.redirect).label("redirect"),
            func.lead(at_ms, 1).over(**order).label("next_ms"),
        )
        .where(c.kind == "view")
        .subquery("opened")
    )
    c = opened.c
    seen = or_(c.next_ms.is_(None), c.next_ms - c.at_ms >= c.redirect)
    return select(*(column for column in c if column.name != "next_ms")).where(seen).subquery("seen")


def _placed(pages: FromClause) -> CTE:
    """Put beside each view what is needed of those before and after."""
    c = pages.c
    order: dict[str, Any] = {"partition_by": [c.site_id, c.visitor_id], "order_by": [c.at_ms, c.view_id, c.seq]}
    beside = [
        look(c[name], steps).over(**order).label(f"{name}_{where}_{steps}")
        for name, where, steps in (
            *((name, where, n) for name in ("page", "at_ms") for where in ("before", "after") for n in (1, 2)),
            ("path", "before", 1),
            ("navigation", "after", 1),
        )
        for look in [func.lag if where == "before" else func.lead]
    ]
    return select(*c, *beside).cte("placed")


def _quick_backs(placed: CTE, happened: FromClause) -> Select[Any]:
    """Find the pages left for the one before, by visitors who did nothing on them that worked."""
    c = placed.c
    back = and_(
        c.page_before_1 == c.page_after_1,
        c.page_before_1 != c.page,
        c.at_ms_after_1 - c.at_ms < c.quick_back,
        c.at_ms - c.at_ms_before_1 <= TOGETHER_MS,
        func.coalesce(c.navigation_after_1.not_in(_NO_WAY_BACK), true()),
    )
    left = select(*c).where(back).subquery("left_at_once")
    did = happened.c
    busy = select(did.site_id, did.view_id).where(did.kind != "view").distinct().subquery("busy")
    here = and_(busy.c.site_id == left.c.site_id, busy.c.view_id == left.c.view_id)
    return (
        found(left, "quick_back", duration_ms=left.c.at_ms_after_1 - left.c.at_ms, detail=left.c.path_before_1)
        .select_from(left.outerjoin(busy, here))
        .where(busy.c.view_id.is_(None))
    )


def _loops(placed: CTE) -> Select[Any]:
    """Find where A B A B begins; its row is of the first view of B."""
    c = placed.c
    looping = and_(
        c.page_before_1 != c.page,
        c.page_before_1 == c.page_after_1,
        c.page == c.page_after_2,
        c.at_ms_after_2 - c.at_ms_before_1 <= TOGETHER_MS,
    )
    # one that began a view earlier only goes on here
    going_on = and_(c.page_before_2 == c.page, c.at_ms_after_1 - c.at_ms_before_2 <= TOGETHER_MS)
    begun = and_(looping, not_(func.coalesce(going_on, false())))
    took_ms = c.at_ms_after_2 - c.at_ms_before_1
    return found(placed, "loop", duration_ms=took_ms, detail=c.path_before_1).where(begun)
