"""Measures of struggles."""

from sqlalchemy import func

from reports.measures.measuring import Ratio, Sum, during
from reports.measures.of_events import views
from reports.measures.of_visits import profiles
from tracker.store.functions import count_distinct
from tracker.store.schema import struggle

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
struck_view_rate = Ratio(
    "struck_view_rate",
    "Share of views",
    "share",
    "Views in which it happened, for each view of the page.",
    struck_views,
    views,
)
struggles_per_profile = Ratio(
    "struggles_per_profile",
    "Struggles a profile",
    "number",
    "Incidents of any struggle for each profile.",
    incidents,
    profiles,
)
