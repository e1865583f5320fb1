"""What did the product count that was here before Footfall?

One row a day, a page, a source …: the word `imported` chooses which. Sums of days by day, as Plausible, Google
Analytics or Matomo exported them, and by their definitions: a visit of theirs need not be one of ours, so the two are
never added up. A number that the product does not say is unknown, not 0.

Days from the first on that Footfall itself counted are left out. What was imported cannot be filtered.
"""

from reports.measures import ratio
from reports.query.beginning import days_before
from reports.report import Ask, Cell, Column, Found, Report, Row
from reports.scope import Scope
from tracker.imports.past import Sums
from tracker.languages import gettext


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a thing of the chosen kind and product, most visits first; days in their order."""
    days = days_before(scope, ask)
    if days is None:
        cannot = scope.site.imports and scope.filters
        note = gettext("What other products counted cannot be filtered: take the filters away to see it.")
        return Found(rows=(), notes=[note] if cannot else [])
    if scope.imported == "days":
        found = scope.site.past.by_day(days.first, days.end_day)
    else:
        found = scope.site.past.by_name(scope.imported, days.first, days.end_day, scope.rows_wanted)
    return Found(rows=[_row(scope.imported, sums) for sums in found])


def told(sums: Sums) -> Row:
    """Return what a product counted as the measures that our reports have, as far as it says them."""
    visits = sums["visits"]
    return {
        **{name: sums[name] for name in ("visitors", "visits", "views")},
        "bounce_rate": _each(sums["bounces"], visits),
        "duration_ms_per_visit": _each(sums["duration_ms"], visits),
    }


def _row(kind: str, sums: Sums) -> Row:
    name: Cell = sums["day"].isoformat() if kind == "days" else sums["name"] or None
    return {"imported": kind, "counted": name, "product": sums["product"], **told(sums), "times": sums["events"]}


def _each(sum_: int | None, visits: int | None) -> float | None:
    return None if sum_ is None or visits is None else ratio(sum_, visits)


report = Report(
    name="imported",
    title="Before Footfall",
    doc=__doc__,
    columns=(
        Column("imported", "Kind", "text", "What was counted: days, pages, sources and so on, as it was asked for."),
        Column("counted", "Name", "text", "The day, the page, the source …; none if the product names none."),
        Column("product", "Counted by", "text", "Which product counted: plausible, ga4 or matomo."),
        Column("visitors", "Visitors", "count", "Visitors as the product tells them apart, the sum of the days."),
        Column("visits", "Visits", "count", "Visits; of a page of entry or exit those that began or ended there."),
        Column("views", "Views", "count", "Page views."),
        Column("bounce_rate", "Bounce rate", "share", "The share of visits that bounced, by the product's definition."),
        Column("duration_ms_per_visit", "Time", "ms", "How long a visit took from first to last, on average."),
        Column("times", "Times", "count", "How often a custom event happened."),
    ),
    run=run,
    key=("counted", "product"),
    compares=False,
    past=True,
)
