"""Which elements of the pages are clicked, and how does each of them serve those who click it?

One row is one element of a page, the most clicked first; links and buttons stand beside plain
content. A share is of all clicks on the element's page, within the filters. Dead counts the
clicks on controls that went unanswered, disabled ones and those that only look like controls
among them; slow and error count as in their own reports; rage counts bursts, not clicks.
An element with a word under "Exempt" is never reported as dead: what stands there says why.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Subquery, and_, cast, func, select

from reports import measures
from reports.measures import ratio
from reports.query.chosen import events, struggles
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.signals import DEAD, ERROR, SLOW
from tracker.store.functions import count_distinct, has_bits
from tracker.store.schema import event, struggle

NUMBERS = ("clicks", "dead", "rage", "slow", "error")
_PLACE = ("path", "element")


def counted(bits: int) -> ColumnElement[int]:
    """Count the clicks that have any of these bits."""
    return func.count().filter(has_bits(event.c.signals, bits))


def ranked(by: str = "clicks") -> Report:
    """Return the report with its elements ranked by one of NUMBERS; those that have none of it come last."""

    def run(scope: Scope, ask: Ask) -> Found:
        found, bursts = _clicked(scope), _rages(scope)
        rage = cast(func.coalesce(bursts.c.rage, 0), BigInteger)
        order = rage if by == "rage" else found.c[by]
        records = ask(
            select(found, rage.label("rage"))
            .select_from(found.outerjoin(bursts, and_(*(found.c[name] == bursts.c[name] for name in _PLACE))))
            .order_by(order.desc(), found.c.clicks.desc(), *(found.c[name] for name in _PLACE))
            .limit(scope.rows_wanted)
        )
        return Found(rows=[_row(record) for record in records])

    return Report(name="elements", title="Elements", doc=__doc__, columns=_COLUMNS, run=run, key=("path", "element"))


def _clicked(scope: Scope) -> Subquery:
    clicks = (
        events(
            scope,
            "click",
            *(event.c[name] for name in _PLACE),
            cast(func.count(), BigInteger).label("clicks"),
            count_distinct(event.c.visitor_id).label("visitors"),
            *(
                cast(counted(bits), BigInteger).label(name)
                for name, bits in (("dead", DEAD), ("slow", SLOW), ("error", ERROR))
            ),
            func.max(event.c.element_text).label("element_text"),
            func.max(event.c.exempt).label("exempt"),
        )
        .where(event.c.path.is_not(None), event.c.element.is_not(None))
        .group_by(*(event.c[name] for name in _PLACE))
        .subquery("elements")
    )
    of_page = func.sum(clicks.c.clicks).over(partition_by=clicks.c.path)
    return select(clicks, of_page.label("page_clicks")).subquery("clicked")


def _rages(scope: Scope) -> Subquery:
    place = [struggle.c[name] for name in _PLACE]
    return (
        struggles(scope, *place, func.count().label("rage"))
        .where(struggle.c.signal == "rage")
        .group_by(*place)
        .subquery("rages")
    )


def _row(record: dict[str, Any]) -> Row:
    return {
        **{name: record[name] for name in (*_PLACE, "element_text", "exempt")},
        **{name: int(record[name]) for name in (*NUMBERS, "visitors")},
        "share_of_clicks": ratio(int(record["clicks"]), int(record["page_clicks"])),
    }


_COLUMNS = (
    Column("path", "Page", "path", "The page on which it stands."),
    Column("element", "Element", "element", "The element's path in the page."),
    Column("element_text", "Text", "text", "What is written on it; links and buttons only."),
    measures.clicks.column,
    Column("share_of_clicks", "Share", "share", "Clicks on it for each click on its page."),
    Column("visitors", "Visitors", "count", "Visitors who clicked it; on another day one counts again."),
    Column("dead", "Dead", "count", "Clicks on it that nothing answered.", signal="dead"),
    Column("rage", "Rage", "count", "Bursts of angry clicks on it.", signal="rage"),
    Column("slow", "Slow", "count", "Clicks on it that were answered late.", signal="slow"),
    Column(
        "error",
        "Error",
        "count",
        "Clicks on it that ended in a script error or a failed request.",
        signal="error_click",
    ),
    Column("exempt", "Exempt", "text", "The tag of what keeps its clicks from ever being a signal; see signals.md."),
)

report = ranked()
