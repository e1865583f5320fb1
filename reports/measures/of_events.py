"""Measures of views, clicks and the page's own events."""

from sqlalchemy import func

from reports.measures.measuring import Ratio, Sum, during
from tracker.signals import DEAD
from tracker.store.functions import count_distinct, has_bits
from tracker.store.schema import event

views = Sum("views", "Views", "count", "Pages seen, each at its own time.", "view", func.count())
unknown_views = Sum(
    "unknown_views",
    "Views of nobody told apart",
    "count",
    "Views without any visitor id, as in count mode; they are in no visit.",
    "view",
    func.count().filter(event.c.visitor_id.is_(None)),
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
page_visits = Sum(
    "page_visits",
    "Visits with the page",
    "count",
    "Visits in which the page was seen.",
    "seen",
    count_distinct(during.c.visit_id),
)
engaged_ms_per_view = Ratio(
    "engaged_ms_per_view",
    "Engaged time a view",
    "ms",
    "Mean visible and focused time: that of all the page's views for each view.",
    page_engaged_ms,
    views,
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
click_visitors = Sum(
    "click_visitors",
    "Visitors who clicked",
    "count",
    "Visitors told apart within a day who clicked; who comes back on another day counts again.",
    "click",
    count_distinct(event.c.visitor_id),
)
dead_click_rate = Ratio(
    "dead_click_rate",
    "Dead click rate",
    "share",
    "Dead clicks for each click.",
    dead_clicks,
    clicks,
)
custom_events = Sum(
    "custom_events",
    "Custom events",
    "count",
    "Events that the page named itself, such as an order.",
    "custom",
    func.count(),
)
custom_visitors = Sum(
    "custom_visitors",
    "Visitors with a custom event",
    "count",
    "Visitors told apart within a day of whom the page named an event; on another day one counts again.",
    "custom",
    count_distinct(event.c.visitor_id),
)
views_and_custom_events = Sum(
    "views_and_custom_events",
    "Views and custom events",
    "count",
    "Pages seen, and events that the page named itself, together.",
    "told",
    func.count(),
)
