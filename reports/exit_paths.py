"""On which pages do visits end that had gone on for a while, and what happened just before?

One row is one way out of visits with more than one view: their last pages in order, at most
three, and the last dead, slow or error click before they left. A page that is viewed several
times in a row stands once. The share is of all visits that ended on that page, also those of one
view. Every visit ends somewhere: ends after a purchase are as they should be; look for pages that
ought to lead on, and for ends behind a struggle.
"""

from typing import Any

from sqlalchemy import Select, func, select

from reports import measures
from reports.measures import ratio
from reports.query.chosen import visits
from reports.query.steps import Start, step_path, walks
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.store.functions import fingerprint, median
from tracker.store.schema import visit

LAST_PAGES = 3
_PAGES = tuple(f"page_{number}" for number in range(1, LAST_PAGES + 1))  # the last first
_WAY = (*_PAGES, "last_signal", "last_signal_element")
END = Start(direction="backward")


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a way out, most visits first."""
    # as with bounce paths, all ways are counted as numbers, and only the most frequent told whole
    left = _left(scope).cte("left_site")
    way = fingerprint(*(left.c[name] for name in _WAY))
    counted = select(way.label("way"), func.count().label("visits")).group_by("way").cte("counted")
    most = select(counted.c.visits).order_by(counted.c.visits.desc()).limit(scope.rows_wanted).subquery("most")
    enough = select(func.min(most.c.visits)).scalar_subquery()
    told = [left.c[name] for name in _WAY]
    numbers: tuple[Any, ...] = func.count().label("visits"), median(left.c.engaged_ms).label("engaged_ms")
    ways = (
        select(*told, *numbers)
        .where(way.in_(select(counted.c.way).where(counted.c.visits >= enough)))
        .group_by(*told)
        .cte("ways")
    )
    exits = visits(scope, visit.c.exit, func.count().label("all_visits")).group_by(visit.c.exit).cte("exits")
    statement = (
        select(ways, exits.c.all_visits)
        .select_from(ways.join(exits, ways.c.page_1 == exits.c.exit))
        .order_by(ways.c.visits.desc(), *(ways.c[name].nulls_first() for name in _WAY))
        .limit(scope.rows_wanted)
    )
    return Found(rows=[_row(record) for record in ask(statement)], totals=_totals(scope, ask))


def _left(scope: Scope) -> Select[Any]:
    """Select the ends of visits with more than one view."""
    columns = (visit.c.exit, visit.c.views, visit.c.engaged_ms, visit.c.last_signal, visit.c.last_signal_element)
    walk = walks(scope, END, LAST_PAGES, *columns).subquery("walk")
    told: list[Any] = [step_path(walk, number).label(name) for number, name in enumerate(_PAGES, 1)]
    told += [walk.c.last_signal, walk.c.last_signal_element, walk.c.engaged_ms]
    return select(*told).where(walk.c.views > 1, walk.c.exit.is_not(None))


def _row(record: dict[str, Any]) -> Row:
    count = int(record["visits"])
    return {
        "exit": record["page_1"],
        "trail": [record[name] for name in reversed(_PAGES) if record[name] is not None],
        "last_signal": record["last_signal"],
        "last_signal_element": record["last_signal_element"],
        "visits": count,
        "share": ratio(count, int(record["all_visits"])),
        "engaged_ms": round(record["engaged_ms"]),
    }


def _totals(scope: Scope, ask: Ask) -> Row:
    went_on = visit.c.views > 1, visit.c.trail_cut.is_(False)
    ended = visits(scope, func.count().label("ended"), func.count().filter(*went_on).label("visits"))
    [record] = ask(ended.where(visit.c.exit.is_not(None)))
    count = int(record["visits"])
    return {"visits": count, "share": ratio(count, int(record["ended"]))}


report = Report(
    name="exit-paths",
    title="Exit paths",
    doc=__doc__,
    columns=(
        Column("exit", "Exit page", "path", "The page on which the visits ended."),
        Column("trail", "Last pages", "trail", "The last pages that were seen, at most three, in order."),
        Column("last_signal", "Last signal", "text", "The last dead, slow or error click on the page they left from."),
        Column("last_signal_element", "On element", "element", "The element on which that click fell."),
        measures.visits.column,
        Column("share", "Share of exits", "share", "Of all visits that ended on that page, how many came this way."),
        Column("engaged_ms", "Engaged time", "ms", "Median visible and focused time of these visits."),
    ),
    run=run,
)
