"""By which ways do people come and leave again at once, and what happened just before?

One row is one way: the page on which visits began, where they came from, the pages in order, and
the last signal before they left. A bounce is one view without an interaction that worked. Short
visits, marked apart, left after up to three views without a custom event. The share is of all
visits that began on that page.
"""

from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from reports import measures
from reports.measures import ratio
from reports.query.chosen import visits
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.store.functions import fingerprint, median
from tracker.store.schema import visit

SHORT_VIEWS = 3
BOUNCE, SHORT = "bounce", "short visit"
_WAY = (visit.c.entry, visit.c.source, visit.c.trail, visit.c.bounced, visit.c.last_signal, visit.c.last_signal_element)
_PRINT = fingerprint(*_WAY)
LEFT_SOON = (
    visit.c.views.between(1, SHORT_VIEWS),
    visit.c.entry.is_not(None),
    or_(visit.c.bounced, visit.c.custom_events == 0),
)


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a way, most visits first."""
    # all ways are counted as numbers: to group whole trails, or to sort times for medians, is far dearer
    counted = _left(scope, _PRINT.label("way"), func.count().label("visits")).group_by("way").cte("counted")
    most = select(counted.c.visits).order_by(counted.c.visits.desc()).limit(scope.rows_wanted).subquery("most")
    enough = select(func.min(most.c.visits)).scalar_subquery()  # with its ties, which names decide below
    ways = (
        _left(scope, *_WAY, func.count().label("visits"), median(visit.c.engaged_ms).label("engaged_ms"))
        .where(_PRINT.in_(select(counted.c.way).where(counted.c.visits >= enough)))
        .group_by(*_WAY)
        .cte("ways")
    )
    entries = visits(scope, visit.c.entry, func.count().label("all_visits")).group_by(visit.c.entry).cte("entries")
    statement = (
        select(ways, entries.c.all_visits)
        .select_from(ways.join(entries, ways.c.entry == entries.c.entry))
        .order_by(ways.c.visits.desc(), ways.c.entry, *(ways.c[column.name].nulls_last() for column in _WAY[1:]))
        .limit(scope.rows_wanted)
    )
    return Found(rows=[_row(record) for record in ask(statement)], totals=_totals(scope, ask))


def _left(scope: Scope, *columns: Any) -> Select[Any]:
    """Select from the visits that left soon."""
    return visits(scope, *columns).where(*LEFT_SOON)


def _row(record: dict[str, Any]) -> Row:
    count = int(record["visits"])
    return {
        "entry": record["entry"],
        "source": record["source"],
        "trail": list(record["trail"]),
        "ending": BOUNCE if record["bounced"] else SHORT,
        "last_signal": record["last_signal"],
        "last_signal_element": record["last_signal_element"],
        "visits": count,
        "share": ratio(count, int(record["all_visits"])),
        "engaged_ms": round(record["engaged_ms"]),
    }


def _totals(scope: Scope, ask: Ask) -> Row:
    begun = visits(scope, func.count().label("begun"), func.count().filter(and_(*LEFT_SOON)).label("visits"))
    [record] = ask(begun.where(visit.c.entry.is_not(None)))
    count = int(record["visits"])
    return {"visits": count, "share": ratio(count, int(record["begun"]))}


report = Report(
    name="bounce-paths",
    title="Bounce paths",
    doc=__doc__,
    columns=(
        Column("entry", "Entry page", "path", "The page on which the visits began."),
        Column("source", "Source", "source", "Where they came from; direct when nothing tells."),
        Column("trail", "Trail", "trail", "The pages that were seen, in order."),
        Column("ending", "Ending", "text", "A bounce, or a short visit of up to three views without a custom event."),
        Column("last_signal", "Last signal", "text", "The last dead, slow or error click before they left."),
        Column("last_signal_element", "On element", "element", "The element on which that click fell."),
        measures.visits.column,
        Column("share", "Share of entry", "share", "Of all visits that began on that page, how many went this way."),
        Column("engaged_ms", "Engaged time", "ms", "Median visible and focused time of these visits."),
    ),
    run=run,
)
