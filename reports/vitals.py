"""How fast do pages load and answer, and how still do they stand, for most visitors?

One row is one page on one kind of device, the worst first. Each value is the 75th percentile: for three
of four views it was as good or better. It is rated good, needs improvement or poor by the limits that
Google publishes (web.dev/articles/vitals, web.dev/articles/defining-core-web-vitals-thresholds): LCP up
to 2.5 s is good and above 4 s poor, INP 200 and 500 ms, CLS 0.1 and 0.25, FCP 1.8 and 3 s, TTFB 0.8 and
1.8 s. The row's own rating is the worst of LCP, INP and CLS. Below 20 views it says few views: so little
tells nothing yet. A browser that does not measure one of them, and a view without a click or key for INP,
counts for the others alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column as TableColumn
from sqlalchemy import ColumnElement, FromClause, Select, case, func, select

from reports.measures import ratio
from reports.query.chosen import events
from reports.report import Ask, Cell, Column, Found, Kind, Report, Row
from reports.scope import Scope
from tracker.store.functions import quantile
from tracker.store.schema import event

LEAST_VIEWS = 20
SHARE = 0.75
FEW = "few views"
RATINGS = (FEW, "good", "needs improvement", "poor")


@dataclass(frozen=True)
class Vital:
    """One of the web vitals: good up to one limit, poor above the other, in the units of its `stored` column.

    `core` marks those by which a page is rated. What is stored is divided by `unit` for people.
    """

    name: str
    title: str
    kind: Kind
    help: str
    stored: TableColumn[int]
    good: int
    poor: int
    core: bool = False
    unit: int = 1

    @property
    def columns(self) -> tuple[Column, Column, Column]:
        """The columns that tell of it: its 75th percentile, the rating of that, and of how many views."""
        short = self.title
        return (
            Column(self.name, short, self.kind, f"{self.help} The 75th percentile."),
            Column(self.rating, f"{short} rated", "text", f"What the 75th percentile is: {', '.join(RATINGS[1:])}."),
            Column(self.views, f"{short} views", "count", f"Views of which {short} is known."),
        )

    @property
    def rating(self) -> str:
        """The name of the column with its rating."""
        return f"{self.name.removesuffix('_ms')}_rating"

    @property
    def views(self) -> str:
        """The name of the column with its number of views."""
        return f"{self.name.removesuffix('_ms')}_views"


VITALS = (
    Vital(
        "lcp_ms",
        "LCP",
        "ms",
        "Largest contentful paint: when the largest thing on the first screen was drawn.",
        event.c.lcp_ms,
        2500,
        4000,
        core=True,
    ),
    Vital(
        "inp_ms",
        "INP",
        "ms",
        "Interaction to next paint: how long the page took to answer a click, tap or key, at its slowest.",
        event.c.inp_ms,
        200,
        500,
        core=True,
    ),
    Vital(
        "cls",
        "CLS",
        "number",
        "Cumulative layout shift: how much of the screen moved by itself, and how far.",
        event.c.cls_permille,
        100,
        250,
        core=True,
        unit=1000,
    ),
    Vital(
        "fcp_ms",
        "FCP",
        "ms",
        "First contentful paint: when the first text or picture was drawn.",
        event.c.fcp_ms,
        1800,
        3000,
    ),
    Vital(
        "ttfb_ms",
        "TTFB",
        "ms",
        "Time to first byte: when the server's answer began to arrive.",
        event.c.ttfb_ms,
        800,
        1800,
    ),
)


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a page and kind of device, the worst and then the most seen first."""
    place = (event.c.path, event.c.device)
    rated = _rated(_measured(scope, *place).group_by(*place).subquery("measured"), place)
    worst = rated.subquery("rated")
    ordered = select(worst).order_by(worst.c.worst.desc(), worst.c.views.desc(), worst.c.path, worst.c.device)
    [site] = ask(_rated(_measured(scope).subquery("measured")))
    return Found(
        rows=[
            {"path": one["path"], "device": one["device"], **_row(one)} for one in ask(ordered.limit(scope.rows_wanted))
        ],
        totals=_row(site),
    )


def _measured(scope: Scope, *place: TableColumn[Any]) -> Select[Any]:
    values = [quantile(vital.stored, SHARE).label(vital.name) for vital in VITALS]
    counts = [func.count(vital.stored).label(vital.views) for vital in VITALS]
    return events(scope, "vitals", *place, func.count().label("views"), *values, *counts)


def _rated(measured: FromClause, place: Sequence[TableColumn[Any]] = ()) -> Select[Any]:
    ranks = {vital.rating: _rank(measured, vital) for vital in VITALS}
    worst = func.greatest(*(ranks[vital.rating] for vital in VITALS if vital.core))
    return select(measured, *(rank.label(name) for name, rank in ranks.items()), worst.label("worst"))


def _rank(measured: FromClause, vital: Vital) -> ColumnElement[int]:
    """Return the place in RATINGS."""
    value = measured.c[vital.name]
    return case((measured.c[vital.views] < LEAST_VIEWS, 0), (value <= vital.good, 1), (value <= vital.poor, 2), else_=3)


def _row(record: dict[str, Any]) -> Row:
    row: Row = {"rating": RATINGS[record["worst"]], "views": int(record["views"])}
    for vital in VITALS:
        row[vital.name] = _value(record[vital.name], vital)
        row[vital.rating] = RATINGS[record[vital.rating]]
        row[vital.views] = int(record[vital.views])
    return row


def _value(value: float | None, vital: Vital) -> Cell:
    if value is None:
        return None
    return round(value) if vital.unit == 1 else ratio(value, vital.unit)


report = Report(
    name="vitals",
    title="Web vitals",
    doc=__doc__,
    columns=(
        Column("path", "Page", "path", "The page that was loaded."),
        Column("device", "Device", "text", "The kind of device: desktop, mobile, tablet or other."),
        Column("rating", "Rating", "text", f"The worst of LCP, INP and CLS; few views are less than {LEAST_VIEWS}."),
        Column("views", "Views", "count", "Views that were measured; not every browser does."),
        *(column for vital in VITALS for column in vital.columns),
    ),
    run=run,
)
