"""Which pages are seen, where do visits begin and end, and on which of them do clicks die?

Views, engaged time and dead clicks stand under their own time, entries and exits under the
moment at which the visit began. The bounce rate is of the visits that began on the page.
Visitors are told apart within one day of the site; those of several days are the sum of the days.
"""

from dataclasses import replace

from sqlalchemy import FromClause, Subquery, func, select

from reports import measures
from reports.measures import filled
from reports.query.chosen import visits
from reports.query.daily import by_path, chosen_views_by_path
from reports.report import Ask, Column, Found, Report
from reports.scope import Scope
from tracker.store.schema import visit

MEASURES = (
    measures.views,
    measures.page_visitors,
    measures.entries,
    measures.exits,
    measures.entry_bounce_rate,
    measures.engaged_ms_per_view,
    measures.dead_clicks,
)
_HAPPENED = ("views", "visitors", "engaged_ms", "dead_clicks")


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a path, most views first."""
    pages = by_path(scope, ask, *_HAPPENED).subquery("pages")
    beside = (_entries(scope), _exits(scope))
    joined: FromClause = pages
    for one in beside:
        joined = joined.outerjoin(one, pages.c.path == one.c.path)
    numbers = [column for one in beside for column in one.c if column.name != "path"]
    statement = (
        select(pages, *(func.coalesce(number, 0).label(number.name) for number in numbers))
        .select_from(joined)
        .where(pages.c.views > 0)
        .order_by(pages.c.views.desc(), pages.c.path)
        .limit(scope.rows_wanted)
    )
    return Found(rows=[{"path": record["path"], **filled(MEASURES, record)} for record in ask(statement)])


def run_first(scope: Scope, ask: Ask) -> Found:
    """Answer with views alone, where the rest would be too long to wait for."""
    pages = chosen_views_by_path(scope, ask).subquery("pages")
    seen = select(pages).where(pages.c.views > 0).order_by(pages.c.views.desc(), pages.c.path)
    return Found(rows=ask(seen.limit(scope.rows_wanted)))


def _entries(scope: Scope) -> Subquery:
    path = visit.c.entry.label("path")
    return visits(scope, path, measures.entries.labelled, measures.bounces.labelled).group_by("path").subquery("begun")


def _exits(scope: Scope) -> Subquery:
    return visits(scope, visit.c.exit.label("path"), measures.exits.labelled).group_by("path").subquery("ended")


report = Report(
    name="pages",
    title="Pages",
    doc=__doc__,
    columns=(
        Column("path", "Page", "path", "The page's path; numbers and secrets in it are cleaned away."),
        *(one.column for one in MEASURES),
    ),
    run=run,
    key=("path",),
)
first = replace(report, columns=(report.columns[0], measures.views.column), run=run_first)
