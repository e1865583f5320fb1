"""Which links do people follow away from here, and what do they download?

One row is one address: of a page on another host (link), or of a file (download). Links between the
site's own pages are in the report on pages. Visitors are told apart within one day of the site; those
of several days are the sum of the days.
"""

from sqlalchemy import and_, case, func, select

from reports import event_measures as measures
from reports.measures import filled
from reports.query.chosen import events
from reports.query.commonest import commonest
from reports.report import Ask, Column, Found, Report
from reports.scope import Scope
from tracker.store.functions import property_flag, property_text
from tracker.store.schema import event

MEASURES = (measures.link_clicks, measures.link_visitors, measures.link_pages)
_KEYS = ("href", "what")
_ADDRESS = (
    property_text(event.c.properties, "href").label("href"),
    case((property_flag(event.c.properties, "download"), "download"), else_="link").label("what"),
)


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row an address, most clicks first."""
    numbers = (one.labelled for one in MEASURES)
    text = func.max(event.c.element_text).label("element_text")
    links = events(scope, "link", *_ADDRESS, *numbers, text).group_by(*_KEYS).subquery("links")
    pages = commonest(events(scope, "link", *_ADDRESS, event.c.path).subquery("followed"), _KEYS, "path")
    statement = (
        select(links, pages.c.path)
        .select_from(links.outerjoin(pages, and_(*(links.c[key] == pages.c[key] for key in _KEYS))))
        .where(links.c.href.is_not(None))
        .order_by(links.c.clicks.desc(), links.c.visitors.desc(), links.c.href, links.c.what)
        .limit(scope.rows_wanted)
    )
    names = (*_KEYS, "element_text", "path")
    rows = [{**{name: one[name] for name in names}, **filled(MEASURES, one)} for one in ask(statement)]
    totals = (measures.link_clicks.labelled, measures.link_visitors.labelled)
    return Found(rows=rows, totals=filled(MEASURES[:2], ask(events(scope, "link", *totals))[0]))


report = Report(
    name="outbound-links",
    title="Outbound links",
    doc=__doc__,
    columns=(
        Column("href", "Address", "text", "Host and path; what follows a question mark is cut off."),
        Column("what", "What", "text", "A link to another host, or a download."),
        Column("element_text", "Text", "text", "What is written on it; one of its texts where there are several."),
        measures.link_clicks.column,
        measures.link_visitors.column,
        measures.link_pages.column,
        Column("path", "Most from", "path", "The page on which it was followed most often."),
    ),
    run=run,
)
