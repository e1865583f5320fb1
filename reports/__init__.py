"""Ways out: reports, how they are shown, and where they go."""

from reports import (
    attention,
    bounce_paths,
    dead_clicks,
    dead_swipes,
    disabled_clicks,
    elements,
    error_clicks,
    false_affordances,
    form_fields,
    forms,
    outbound_links,
    overview,
    pages,
    quick_backs,
    rage_clicks,
    releases,
    script_errors,
    scroll_depth,
    scroll_hunts,
    site_search,
    slow_clicks,
    struggles,
    usability,
    usability_elements,
    vitals,
)
from reports.report import Group

GROUPS = (
    Group("Overview", (overview.report,)),
    Group(
        "Struggles",
        (
            struggles.report,
            releases.report,
            usability.report,
            usability_elements.report,
            dead_clicks.report,
            disabled_clicks.report,
            false_affordances.report,
            slow_clicks.report,
            error_clicks.report,
            rage_clicks.report,
            dead_swipes.report,
            quick_backs.report,
            scroll_hunts.report,
            script_errors.report,
        ),
    ),
    Group("Forms", (forms.report, form_fields.report)),
    Group("Pages", (pages.report, elements.report, scroll_depth.report, attention.report, vitals.report)),
    Group("Ways", (bounce_paths.report, site_search.report, outbound_links.report)),
)
REPORTS = tuple(report for group in GROUPS for report in group.reports)
