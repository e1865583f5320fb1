"""Measures: every number of the reports, defined once.

A `Sum` is an aggregate over the rows of one table and may be added up over days. A `Ratio`
divides one sum by another, after adding up; where there is nothing to divide by it is None,
never 0. A column of a report takes its title, kind and help from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, cast, func

from reports.profiles.belonging import profile_id
from reports.report import Cell, Column, Kind
from tracker.signals import DEAD
from tracker.store.functions import count_distinct, has_bits
from tracker.store.schema import event, struggle, visit

during = visit.alias("during")
"""The visit in which a struggle took place, as `reports.query.chosen.struggles_in_visits` joins it."""


@dataclass(frozen=True, eq=False)
class Sum:
    """A number that adds up; `expression` is its aggregate over visits, or over events of one kind.

    `signal` names the one of tracker.signal_book that decides what it counts.
    """

    name: str
    title: str
    kind: Kind
    help: str
    of: Literal[
        "visit", "view", "click", "engagement", "error", "form", "field", "link", "search", "struggle", "profile"
    ]
    expression: ColumnElement[int]
    signal: str | None = None

    @property
    def column(self) -> Column:
        """The column that shows it."""
        return Column(self.name, self.title, self.kind, self.help, self.signal)

    @property
    def labelled(self) -> ColumnElement[int]:
        """The aggregate under its name, 0 rather than null when there are no rows."""
        # Cast, since ClickHouse counts without a sign and would not add such a column to another.
        return cast(func.coalesce(self.expression, 0), BigInteger).label(self.name)


@dataclass(frozen=True, eq=False)
class Ratio:
    """A number that is one sum for each of another."""

    name: str
    title: str
    kind: Kind
    help: str
    over: Sum
    under: Sum

    @property
    def column(self) -> Column:
        """The column that shows it."""
        return Column(self.name, self.title, self.kind, self.help, self.over.signal)


Measure = Sum | Ratio

visitors = Sum(
    "visitors",
    "Visitors",
    "count",
    "Visitors told apart within a day; who comes back on another day counts again, for nobody is known overnight.",
    "visit",
    count_distinct(visit.c.visitor_id),
)
visits = Sum(
    "visits",
    "Visits",
    "count",
    "Visits that began in the range; a visit ends after 30 minutes without an event.",
    "visit",
    func.count(),
)
profiles = Sum(
    "profiles",
    "Profiles",
    "count",
    "Whom the visits are of: a person or browser that is known again, or a visitor told apart for a day.",
    "profile",
    count_distinct(profile_id(visit.c.visitor_id)),
)
"""Over visits as `reports.query.profiles` selects them, each with its membership."""
visits_with_view = Sum(
    "visits_with_view",
    "Visits with a view",
    "count",
    "Visits in which at least one page was seen.",
    "visit",
    func.count().filter(visit.c.views > 0),
)
bounces = Sum(
    "bounces",
    "Bounces",
    "count",
    "Visits of one view without an interaction that worked; a dead or failing click is none.",
    "visit",
    func.count().filter(visit.c.bounced),
)
unengaged_visits = Sum(
    "unengaged_visits",
    "Unengaged visits",
    "count",
    "Visits of one view with less than 10 seconds of visible and focused time and no custom event.",
    "visit",
    func.count().filter(visit.c.unengaged),
)
engaged_ms = Sum(
    "engaged_ms",
    "Engaged time",
    "ms",
    "Time in which a page was visible and had the focus, of all visits together.",
    "visit",
    func.sum(visit.c.engaged_ms),
)
visit_views = Sum(
    "visit_views",
    "Views in visits",
    "count",
    "Views of the visits that began in the range.",
    "visit",
    func.sum(visit.c.views),
)
visits_with_dead_click = Sum(
    "visits_with_dead_click",
    "Visits with a dead click",
    "count",
    "Visits in which at least one click was dead.",
    "visit",
    func.count().filter(visit.c.dead_clicks > 0),
    signal="dead",
)
views = Sum("views", "Views", "count", "Pages seen, each at its own time.", "view", func.count())
unknown_views = Sum(
    "unknown_views",
    "Views of nobody told apart",
    "count",
    "Views without any visitor id, as in count mode; they are in no visit.",
    "view",
    func.count().filter(event.c.visitor_id.is_(None)),
)
clicks = Sum("clicks", "Clicks", "count", "All clicks, whatever came of them.", "click", func.count())
dead_clicks = Sum(
    "dead_clicks",
    "Dead clicks",
    "count",
    "Clicks on something that is or looks interactive, after which nothing happened that the click caused.",
    "click",
    func.count().filter(has_bits(event.c.signals, DEAD)),
    signal="dead",
)

page_visitors = Sum(
    "visitors",
    "Visitors",
    "count",
    "Visitors told apart within a day who saw the page; who comes back on another day counts again.",
    "view",
    count_distinct(event.c.visitor_id),
)
page_engaged_ms = Sum(
    "engaged_ms",
    "Engaged time",
    "ms",
    "Time in which the page was visible and had the focus, of all views together.",
    "engagement",
    func.sum(event.c.engaged_ms),
)
entries = Sum(
    "entries",
    "Entries",
    "count",
    "Visits that began on the page.",
    "visit",
    func.count().filter(visit.c.entry.is_not(None)),
)
exits = Sum(
    "exits",
    "Exits",
    "count",
    "Visits whose last view was of the page.",
    "visit",
    func.count().filter(visit.c.exit.is_not(None)),
)

incidents = Sum(
    "incidents",
    "Incidents",
    "count",
    "How often it happened; a burst of rage clicks is one.",
    "struggle",
    func.count(),
)
struck_visitors = Sum(
    "visitors",
    "Visitors",
    "count",
    "Visitors to whom it happened; nobody is known overnight, so on another day one counts again.",
    "struggle",
    count_distinct(struggle.c.visitor_id),
)
struck_visits = Sum(
    "visits",
    "Visits",
    "count",
    "Visits in which it happened.",
    "struggle",
    count_distinct(during.c.visit_id),
)
struck_views = Sum(
    "struck_views",
    "Views with it",
    "count",
    "Views of the page in which it happened.",
    "struggle",
    count_distinct(struggle.c.view_id),
)

struggles_per_profile = Ratio(
    "struggles_per_profile",
    "Struggles a profile",
    "number",
    "Incidents of any struggle for each profile.",
    incidents,
    profiles,
)
views_per_visit = Ratio(
    "views_per_visit",
    "Views a visit",
    "number",
    "Views in visits for each visit.",
    visit_views,
    visits,
)
bounce_rate = Ratio(
    "bounce_rate",
    "Bounce rate",
    "share",
    "Bounces for each visit with a view: one view, and no interaction that worked.",
    bounces,
    visits_with_view,
)
unengaged_rate = Ratio(
    "unengaged_rate",
    "Unengaged rate",
    "share",
    "Unengaged visits for each visit with a view: one view, less than 10 seconds, no custom event.",
    unengaged_visits,
    visits_with_view,
)
engaged_ms_per_visit = Ratio(
    "engaged_ms_per_visit",
    "Engaged time a visit",
    "ms",
    "Mean visible and focused time: that of all visits for each visit.",
    engaged_ms,
    visits,
)
entry_bounce_rate = Ratio(
    "bounce_rate",
    "Bounce rate",
    "share",
    "Bounces for each visit that began on the page.",
    bounces,
    entries,
)
engaged_ms_per_view = Ratio(
    "engaged_ms_per_view",
    "Engaged time a view",
    "ms",
    "Mean visible and focused time: that of all the page's views for each view.",
    page_engaged_ms,
    views,
)
dead_visit_rate = Ratio(
    "dead_visit_rate",
    "Share of visits with a dead click",
    "share",
    "Visits with a dead click for each visit.",
    visits_with_dead_click,
    visits,
)
struck_view_rate = Ratio(
    "struck_view_rate",
    "Share of views",
    "share",
    "Views in which it happened, for each view of the page.",
    struck_views,
    views,
)
dead_click_rate = Ratio(
    "dead_click_rate",
    "Dead click rate",
    "share",
    "Dead clicks for each click.",
    dead_clicks,
    clicks,
)

MEASURES: tuple[Measure, ...] = (
    visitors,
    profiles,
    struggles_per_profile,
    visits,
    visits_with_view,
    views,
    unknown_views,
    views_per_visit,
    bounces,
    bounce_rate,
    unengaged_visits,
    unengaged_rate,
    engaged_ms,
    engaged_ms_per_visit,
    visit_views,
    clicks,
    dead_clicks,
    dead_click_rate,
    visits_with_dead_click,
    dead_visit_rate,
    page_visitors,
    page_engaged_ms,
    engaged_ms_per_view,
    entries,
    exits,
    entry_bounce_rate,
    incidents,
    struck_visitors,
    struck_visits,
    struck_views,
    struck_view_rate,
)


def sums_of(measures: Sequence[Measure], of: str) -> list[Sum]:
    """Return the sums over one kind of row that some measures need, each once."""
    needed = [part for one in measures for part in ((one,) if isinstance(one, Sum) else (one.over, one.under))]
    return [one for one in dict.fromkeys(needed) if one.of == of]


def filled(measures: Sequence[Measure], sums: Mapping[str, Any]) -> dict[str, Cell]:
    """Work out measures from sums by name; a sum that is missing is 0."""
    return {one.name: _worked_out(one, sums) for one in measures}


def ratio(over: float, under: float) -> float | None:
    """Divide, or None where there is nothing to divide by."""
    return over / under if under else None


def wilson(hits: int, tries: int, z: float = 1.96) -> tuple[float, float] | None:
    """Return the interval in which a share lies with 95 % confidence; None without tries.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927). It holds for few tries and
    for shares near 0 and 1, where the usual interval does not.
    """
    if tries <= 0:
        return None
    share, spread = hits / tries, z * z / tries
    centre = (share + spread / 2) / (1 + spread)
    reach = z * sqrt(share * (1 - share) / tries + spread / (4 * tries)) / (1 + spread)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def _worked_out(measure: Measure, sums: Mapping[str, Any]) -> Cell:
    if isinstance(measure, Sum):
        return int(sums.get(measure.name) or 0)
    found = ratio(int(sums.get(measure.over.name) or 0), int(sums.get(measure.under.name) or 0))
    return round(found) if found is not None and measure.kind == "ms" else found
