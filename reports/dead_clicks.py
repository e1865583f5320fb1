"""Where do people click in vain?

One row is one struggle: an element of a page, ranked by the visitors whom it let down. A click
is dead when nothing that it caused followed. The reason says why: the control was disabled, it
only looked like a control (false affordance), or neither (dead). Plain content counts as a false
affordance once three visitors clicked it in vain. Read a share together with its interval: of
few clicks, little is known.
"""

from typing import Any

from sqlalchemy import Select, func, not_, or_, select

from reports import measures
from reports.measures import ratio
from reports.query.daily import days, total, views_by_path
from reports.query.intervals import wilson
from reports.query.moments import iso
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.daily import ELEMENTS
from tracker.signals import PLAIN_VISITORS

_PLACE = ("path", "element", "plain")
_SUMMED = ("clicks", "dead_clicks", "disabled", "false_affordance", "visitors")


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row an element that was dead-clicked, most visitors affected first."""
    struggles = _struggles(scope, ask).subquery("struggles")
    pages = views_by_path(scope, ask).subquery("pages")
    records = ask(
        select(
            struggles,
            func.coalesce(pages.c.views, 0).label("views"),
            func.sum(struggles.c.dead_clicks).over().label("all_dead_clicks"),
            func.sum(struggles.c.clicks).over().label("all_clicks"),
        )
        .select_from(struggles.outerjoin(pages, struggles.c.path == pages.c.path))
        .order_by(
            struggles.c.visitors.desc(),
            struggles.c.dead_clicks.desc(),
            *(struggles.c[name] for name in _PLACE),
        )
        .limit(scope.rows_wanted)
    )
    dead, clicks = (int(records[0][name]) if records else 0 for name in ("all_dead_clicks", "all_clicks"))
    return Found(
        rows=[_row(record, scope) for record in records],
        totals={"dead_clicks": dead, "clicks": clicks, **_share(dead, clicks)},
    )


def _struggles(scope: Scope, ask: Ask) -> Select[Any]:
    found = days(ELEMENTS, scope, ask)
    visitors, dead = func.sum(found.c.visitors), func.sum(found.c.dead_clicks)
    return (
        select(
            *(found.c[name] for name in _PLACE),
            *(total(found, name) for name in _SUMMED),
            func.max(found.c.element_text).label("element_text"),
            func.min(found.c.first_seen).label("first_seen"),
            func.max(found.c.last_seen).label("last_seen"),
        )
        .group_by(*(found.c[name] for name in _PLACE))
        .having(dead > 0, or_(not_(found.c.plain), visitors >= PLAIN_VISITORS))
    )


def _row(record: dict[str, Any], scope: Scope) -> Row:
    dead, clicks = int(record["dead_clicks"]), int(record["clicks"])
    each = ratio(dead, int(record["views"]))
    return {
        **{name: record[name] for name in ("path", "element", "element_text")},
        "reason": _reason(record, dead),
        "dead_clicks": dead,
        "visitors": int(record["visitors"]),
        "clicks": clicks,
        **_share(dead, clicks),
        "per_100_views": None if each is None else 100 * each,
        "first_seen": iso(record["first_seen"], scope.site.tzinfo),
        "last_seen": iso(record["last_seen"], scope.site.tzinfo),
    }


def _reason(record: dict[str, Any], dead: int) -> str:
    """Name what most of an element's dead clicks have in common."""
    if record["plain"] or 2 * int(record["false_affordance"]) > dead:
        return "false affordance"
    return "disabled" if 2 * int(record["disabled"]) > dead else "dead"


def _share(dead: int, clicks: int) -> Row:
    low, high = wilson(dead, clicks) or (None, None)
    return {"share_dead": ratio(dead, clicks), "share_dead_low": low, "share_dead_high": high}


report = Report(
    name="dead-clicks",
    title="Dead clicks",
    doc=__doc__,
    columns=(
        Column("path", "Page", "path", "The page on which it stands."),
        Column("element", "Element", "element", "The element's path in the page."),
        Column("element_text", "Text", "text", "What is written on it; links and buttons only."),
        Column("reason", "Reason", "text", "What most of its dead clicks were: dead, disabled or false affordance."),
        measures.dead_clicks.column,
        Column("visitors", "Visitors", "count", "Visitors who clicked it in vain; on another day one counts again."),
        Column("clicks", "Clicks", "count", "All clicks on it, whatever came of them."),
        Column("share_dead", "Share dead", "share", "Dead clicks for each click on it."),
        Column("share_dead_low", "At least", "share", "The share's lower bound, with 95 % confidence (Wilson)."),
        Column("share_dead_high", "At most", "share", "The share's upper bound, with 95 % confidence (Wilson)."),
        Column("per_100_views", "Per 100 views", "number", "Dead clicks on it for each 100 views of its page."),
        Column("first_seen", "First seen", "time", "Its first dead click in the range."),
        Column("last_seen", "Last seen", "time", "Its last dead click in the range."),
    ),
    run=run,
    signals=("dead", "disabled", "false_affordance"),
)
