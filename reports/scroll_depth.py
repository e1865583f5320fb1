"""How far down do people read?

One row is one page, the most seen first. A view's depth is how much of the page's height had been on the
screen when it was left, so a page that fits the screen is always seen whole. The quartiles tell how views
differ: a quarter of them stays above the first, half above the second. Attention ends where, from there
down, no twentieth of the page gets half the time of the most looked-at one. The report on attention has
each twentieth. Views of less than a moment, and of senders that do not tell, are left out.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, func, select

from reports.attention import BANDS, bands
from reports.measures import ratio
from reports.query.chosen import events
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.store.functions import quantile
from tracker.store.schema import event

QUARTILES = {"depth_first_quartile": 0.25, "depth_median": 0.5, "depth_third_quartile": 0.75}
# a page's end counts as reached a little before it: browsers scroll by fractions of a pixel
REACHED = {"reached_25": 250, "reached_50": 500, "reached_75": 750, "reached_100": 990}


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a page, most views first."""
    pages = _depths(scope, event.c.path).subquery("pages")
    looked_at = (
        events(scope, "engagement", event.c.path, *(func.sum(one).label(name) for name, one in bands()))
        .group_by(event.c.path)
        .subquery("looked_at")
    )
    statement = (
        select(pages, *(looked_at.c[name] for name, _ in bands()))
        .select_from(pages.outerjoin(looked_at, pages.c.path == looked_at.c.path))
        .order_by(pages.c.views.desc(), pages.c.path)
        .limit(scope.rows_wanted)
    )
    [site] = ask(_depths(scope))
    return Found(
        rows=[
            {"path": one["path"], **_row(one), "attention_end": attention_end([one[name] or 0 for name, _ in bands()])}
            for one in ask(statement)
        ],
        totals=_row(site),
    )


def attention_end(spent: list[int]) -> float | None:
    """Return below which share of the height no band gets half the time of the most looked-at one; None without any."""
    most = max(spent)
    if not most:
        return None
    return max(number for number, one in enumerate(spent, 1) if 2 * one >= most) / BANDS


def _depths(scope: Scope, *place: ColumnElement[Any]) -> Select[Any]:
    """Select views and depths; the greatest depth of a view counts, which is left and come back to."""
    deepest = func.max(event.c.scroll_permille).label("depth")
    views = (
        events(scope, "engagement", event.c.path, event.c.view_id, deepest)
        .where(event.c.scroll_permille.is_not(None))
        .group_by(event.c.path, event.c.view_id)
        .subquery("views")
    )
    found = select(
        *(views.c[column.name] for column in place),
        func.count().label("views"),
        *(quantile(views.c.depth, share).label(name) for name, share in QUARTILES.items()),
        *(
            cast(func.sum(case((views.c.depth >= depth, 1), else_=0)), Integer).label(name)
            for name, depth in REACHED.items()
        ),
    )
    return found.group_by(*(views.c[column.name] for column in place)) if place else found


def _row(record: dict[str, Any]) -> Row:
    views = int(record["views"])
    return {
        "views": views,
        **{name: None if record[name] is None else record[name] / 1000 for name in QUARTILES},
        **{name: ratio(int(record[name] or 0), views) for name in REACHED},
    }


report = Report(
    name="scroll-depth",
    title="Scroll depth",
    doc=__doc__,
    columns=(
        Column("path", "Page", "path", "The page."),
        Column("views", "Views", "count", "Views of which the depth is known."),
        Column("depth_first_quartile", "First quartile", "share", "A quarter of the views saw less than this."),
        Column("depth_median", "Median depth", "share", "Half of the views saw less than this: the median."),
        Column("depth_third_quartile", "Third quartile", "share", "Three quarters saw less than this."),
        Column("reached_25", "Saw 25%", "share", "Views that saw at least a quarter of the page."),
        Column("reached_50", "Saw 50%", "share", "Views that saw at least half of it."),
        Column("reached_75", "Saw 75%", "share", "Views that saw at least three quarters."),
        Column("reached_100", "Saw all", "share", "Views that came to its end."),
        Column("attention_end", "Attention ends", "share", "From here down, no twentieth gets half the longest time."),
    ),
    run=run,
)
