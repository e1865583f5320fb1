"""Ways out: reports, how they are shown, and where they go."""

from reports import bounce_paths, dead_clicks, overview, pages

REPORTS = (
    overview.report,
    pages.report,
    dead_clicks.report,
    bounce_paths.report,
)
