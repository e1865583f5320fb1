"""Measures of visits: how many, of whom, for how long, and what they were like."""

from sqlalchemy import func

from reports.measures.measuring import Ratio, Sum
from reports.profiles.belonging import profile_id
from tracker.store.functions import count_distinct, epoch_ms
from tracker.store.schema import visit

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
duration_ms = Sum(
    "duration_ms",
    "Duration",
    "ms",
    "Time from the first event of a visit to its last, of all visits together, away from the page or not.",
    "visit",
    func.sum(epoch_ms(visit.c.ended_at) - epoch_ms(visit.c.started_at)),
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
duration_ms_per_visit = Ratio(
    "duration_ms_per_visit",
    "Duration of a visit",
    "ms",
    "Mean time from a visit's first event to its last, away from the page or not.",
    duration_ms,
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
dead_visit_rate = Ratio(
    "dead_visit_rate",
    "Share of visits with a dead click",
    "share",
    "Visits with a dead click for each visit.",
    visits_with_dead_click,
    visits,
)
