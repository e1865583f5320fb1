"""Which parts of a page are looked at, and for how long?

A page's height is cut into twenty bands; one row is one of them, from the page's top to its bottom, the
most seen pages first. A band's time is how long it was on the screen while the page was visible and in
focus, on average of all views of which that is known; whether eyes were on it nobody can tell. Filter by
a page to see its bands alone. Where a band is on the screen in few views, little is known: see the
interval.
"""

from collections.abc import Iterator
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from reports.measures import ratio
from reports.query.chosen import events
from reports.query.intervals import interval_columns, with_interval
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.store.functions import element, length
from tracker.store.schema import event

BANDS = 20


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with twenty rows a page, those with the most views first."""
    pages = ceil(scope.rows_wanted / BANDS)
    known = _known(scope, event.c.path, func.count().label("spans")).group_by(event.c.path).subquery("known")
    most = select(known.c.path).order_by(known.c.spans.desc(), known.c.path).limit(pages)
    attended = (
        _known(scope, event.c.path, event.c.view_id, *(func.sum(one).label(name) for name, one in bands()))
        .where(event.c.path.in_(most))
        .group_by(event.c.path, event.c.view_id)
        .subquery("attended")
    )
    statement = (
        select(
            attended.c.path,
            func.count().label("views"),
            *(func.sum(attended.c[name]).label(f"{name}_ms") for name, _ in bands()),
            *(func.sum(case((attended.c[name] > 0, 1), else_=0)).label(f"{name}_seen") for name, _ in bands()),
        )
        .group_by(attended.c.path)
        .order_by(func.count().desc(), attended.c.path)
    )
    return Found(rows=[row for record in ask(statement) for row in _rows(record)][: scope.rows_wanted])


def bands() -> Iterator[tuple[str, ColumnElement[int]]]:
    """Yield each band's name and, of an event, the ms for which it was on the screen."""
    for number in range(1, BANDS + 1):
        yield f"band_{number}", func.coalesce(element(event.c.attention_ms, number), 0)


def _known(scope: Scope, *columns: Any) -> Select[Any]:
    """Select from the spans of engaged time that tell what was on the screen."""
    return events(scope, "engagement", *columns).where(length(event.c.attention_ms) > 0)


def _rows(record: dict[str, Any]) -> Iterator[Row]:
    views = int(record["views"])
    for number, (name, _) in enumerate(bands()):
        spent = ratio(int(record[f"{name}_ms"]), views)
        yield {
            "path": record["path"],
            "from_depth": number / BANDS,
            "to_depth": (number + 1) / BANDS,
            "attention_ms": None if spent is None else round(spent),
            **with_interval("share_seen", int(record[f"{name}_seen"]), views),
            "views": views,
        }


report = Report(
    name="attention",
    title="Attention",
    doc=__doc__,
    columns=(
        Column("path", "Page", "path", "The page."),
        Column("from_depth", "Band", "share", "Where the band begins, as a share of the page's height."),
        Column("to_depth", "Until", "share", "Where the band ends."),
        Column("attention_ms", "Time a view", "ms", "How long the band was on the screen, on average of the views."),
        *interval_columns("share_seen", "Seen by", "Views in which the band was on the screen at all."),
        Column("views", "Views", "count", "Views of the page of which it is known what was on the screen."),
    ),
    run=run,
    compares=False,
)
