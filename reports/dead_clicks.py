"""Where do people click in vain?

One row is one struggle: an element of a page, ranked by the visitors whom it let down. A click
is dead when nothing that it caused followed. The reason says why: the control was disabled, it
only looked like a control (false affordance), or neither (dead). Plain content counts as a false
affordance once three visitors clicked it in vain. Read a share together with its interval: of
few clicks, little is known.
"""

from typing import Any

from sqlalchemy import FromClause, Select, and_, func, not_, or_, select, union_all

from reports import measures
from reports.chosen import carried_by, events, within_visit
from reports.measures import ratio, wilson
from reports.moments import iso
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.signals import DEAD, DISABLED, FALSE_AFFORDANCE, failed_click, unanswered
from tracker.store.functions import count_distinct, has_bits
from tracker.store.schema import event, visit

PLAIN_VISITORS = 3
_PLACE = ("path", "element", "plain")
_PLAIN = func.coalesce(event.c.affordance, "none") == "none"
_CARRIED = [event.c[name] for name in ("element_text", "site_id", "visitor_id", "occurred_at", "signals")]


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row an element that was dead-clicked, most visitors affected first."""
    struck = union_all(_dead(scope), _in_vain(scope)).cte("struck")
    struggles = _struggles(struck).cte("struggles")
    beside = (_visits_affected(struck).cte("affected"), _clicks(scope).cte("clicked"), _views(scope).cte("pages"))
    joined: FromClause = struggles
    for one in beside:
        joined = joined.outerjoin(one, and_(*(struggles.c[name] == one.c[name] for name in _PLACE if name in one.c)))
    affected, clicked, pages = (one.c for one in beside)
    statement = (
        select(
            struggles,
            func.coalesce(affected.visits, 0).label("visits"),
            clicked.clicks,
            func.coalesce(pages.views, 0).label("views"),
            func.sum(struggles.c.dead_clicks).over().label("all_dead_clicks"),
            func.sum(clicked.clicks).over().label("all_clicks"),
        )
        .select_from(joined)
        .order_by(struggles.c.visitors.desc(), struggles.c.dead_clicks.desc(), struggles.c.path, struggles.c.element)
        .limit(scope.rows_wanted)
    )
    records = ask(statement)
    dead, clicks = (int(records[0][name]) if records else 0 for name in ("all_dead_clicks", "all_clicks"))
    return Found(
        rows=[_row(record, scope) for record in records],
        totals={"dead_clicks": dead, "clicks": clicks, **_share(dead, clicks)},
    )


def _dead(scope: Scope) -> Select[Any]:
    """Clicks on what is or looks interactive, in vain."""
    return _on_elements(scope, *_CARRIED).where(has_bits(event.c.signals, DEAD))


def _in_vain(scope: Scope) -> Select[Any]:
    """Clicks on plain content, in vain."""
    return _on_elements(scope, *_CARRIED).where(_PLAIN, unanswered(event), not_(failed_click(event)))


def _clicks(scope: Scope) -> Select[Any]:
    return _on_elements(scope, func.count().label("clicks")).group_by(event.c.path, event.c.element, "plain")


def _on_elements(scope: Scope, *columns: Any) -> Select[Any]:
    place = (event.c.path, event.c.element, _PLAIN.label("plain"))
    return events(scope, "click", *place, *columns).where(event.c.path.is_not(None), event.c.element.is_not(None))


def _views(scope: Scope) -> Select[Any]:
    views = (event.c.path, measures.views.labelled)
    return events(carried_by("view", scope), "view", *views).group_by(event.c.path)


def _struggles(struck: FromClause) -> Select[Any]:
    click = struck.c
    people = count_distinct(click.visitor_id)
    return (
        select(
            *(click[name] for name in _PLACE),
            func.max(click.element_text).label("element_text"),
            func.count().label("dead_clicks"),
            people.label("visitors"),
            func.count().filter(has_bits(click.signals, DISABLED)).label("disabled"),
            func.count().filter(has_bits(click.signals, FALSE_AFFORDANCE)).label("false_affordance"),
            func.min(click.occurred_at).label("first_seen"),
            func.max(click.occurred_at).label("last_seen"),
        )
        .group_by(*(click[name] for name in _PLACE))
        .having(or_(not_(click.plain), people >= PLAIN_VISITORS))
    )


def _visits_affected(struck: FromClause) -> Select[Any]:
    during = visit.alias("during")
    place = [struck.c[name] for name in _PLACE]
    return (
        select(*place, count_distinct(during.c.visit_id).label("visits"))
        .select_from(struck.join(during, within_visit(struck, during)))
        .group_by(*place)
    )


def _row(record: dict[str, Any], scope: Scope) -> Row:
    dead, clicks = int(record["dead_clicks"]), int(record["clicks"])
    each = ratio(dead, int(record["views"]))
    return {
        **{name: record[name] for name in ("path", "element", "element_text")},
        "reason": _reason(record, dead),
        "dead_clicks": dead,
        "visitors": int(record["visitors"]),
        "visits": int(record["visits"]),
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
        Column("visits", "Visits", "count", "Visits in which it was clicked in vain."),
        Column("clicks", "Clicks", "count", "All clicks on it, whatever came of them."),
        Column("share_dead", "Share dead", "share", "Dead clicks for each click on it."),
        Column("share_dead_low", "At least", "share", "The share's lower bound, with 95 % confidence (Wilson)."),
        Column("share_dead_high", "At most", "share", "The share's upper bound, with 95 % confidence (Wilson)."),
        Column("per_100_views", "Per 100 views", "number", "Dead clicks on it for each 100 views of its page."),
        Column("first_seen", "First seen", "time", "Its first dead click in the range."),
        Column("last_seen", "Last seen", "time", "Its last dead click in the range."),
    ),
    run=run,
)
