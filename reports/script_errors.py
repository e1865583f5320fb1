"""Which of the site's scripts fail, for how many, and since when?

One row is one error: a message together with the script and line where it came up. Only uncaught
errors and unhandled rejections are here; noise that no page can help (extensions, scripts of others
that tell nothing of themselves) is not sent at all. An error is new when the site never had it before
the range. Read the share of views together with its interval. A script that fails while somebody
clicks is an error click too.
"""

from typing import Any

from sqlalchemy import BigInteger, FromClause, Subquery, and_, cast, func, select, true

from reports import event_measures as measures
from reports.measures import filled, views
from reports.query.chosen import carried_by, events
from reports.query.commonest import commonest
from reports.query.intervals import interval_columns, with_interval
from reports.query.moments import iso, stored
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.store.functions import property_number, property_text
from tracker.store.schema import event

MEASURES = (measures.incidents, measures.error_views, measures.error_visitors, measures.error_pages)
_KEYS = ("message", "source_file", "line")
_ERROR = (
    func.coalesce(property_text(event.c.properties, "message"), "").label("message"),
    func.coalesce(property_text(event.c.properties, "source"), "").label("source_file"),
    cast(func.coalesce(property_number(event.c.properties, "line"), 0), BigInteger).label("line"),
)


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row an error, those that most visitors met first."""
    errors = (
        events(
            scope,
            "error",
            *_ERROR,
            *(one.labelled for one in MEASURES),
            func.min(event.c.occurred_at).label("first_seen"),
            func.max(event.c.occurred_at).label("last_seen"),
        )
        .group_by(*_KEYS)
        .subquery("errors")
    )
    failed = events(scope, "error", *_ERROR, event.c.path, event.c.browser).subquery("failed")
    pages, browsers = commonest(failed, _KEYS, "path"), commonest(failed, _KEYS, "browser")
    known = _known_before(scope)
    joined: FromClause = errors
    for beside in (pages, browsers, known):
        joined = joined.outerjoin(beside, and_(*(errors.c[key] == beside.c[key] for key in _KEYS)))
    statement = (
        select(errors, pages.c.path, browsers.c.browser, known.c.was_known)
        .select_from(joined)
        .order_by(errors.c.visitors.desc(), errors.c.incidents.desc(), *(errors.c[key] for key in _KEYS))
        .limit(scope.rows_wanted)
    )
    [seen] = ask(events(carried_by("view", scope), "view", views.labelled))
    all_views = int(seen["views"])
    [total] = ask(events(scope, "error", *(one.labelled for one in MEASURES)))
    return Found(
        rows=[_row(record, all_views, scope) for record in ask(statement)],
        totals={**filled(MEASURES, total), **with_interval("share_views", int(total["views"]), all_views)},
    )


def _known_before(scope: Scope) -> Subquery:
    """Return the errors that the site had before the range, whoever met them."""
    before = event.c.occurred_at < stored(scope.range.start)
    of_site = (event.c.site_id == scope.site.id, event.c.kind == "error", before)
    return select(*_ERROR, true().label("was_known")).where(*of_site).distinct().subquery("known")


def _row(record: dict[str, Any], all_views: int, scope: Scope) -> Row:
    script, line = record["source_file"], int(record["line"])
    return {
        "message": record["message"],
        "script": f"{script}:{line}" if script and line else script or None,
        **filled(MEASURES, record),
        **with_interval("share_views", int(record["views"]), all_views),
        "path": record["path"],
        "browser": record["browser"],
        "age": "known" if record["was_known"] else "new",
        "first_seen": iso(record["first_seen"], scope.site.tzinfo),
        "last_seen": iso(record["last_seen"], scope.site.tzinfo),
    }


report = Report(
    name="script-errors",
    title="Script errors",
    doc=__doc__,
    columns=(
        Column("message", "Message", "text", "What the browser says of it; numbers and secrets are cleaned away."),
        Column("script", "Script", "text", "The script's address and line; none where it stands in the page itself."),
        Column("age", "New", "text", "New where the site never had it before the range, else known."),
        *(one.column for one in MEASURES),
        *interval_columns("share_views", "Share of views", "Views in which it came up, of all views."),
        Column("path", "Most on", "path", "The page on which it came up most often."),
        Column("browser", "Most in", "text", "The browser in which it came up most often."),
        Column("first_seen", "First seen", "time", "When it first came up in the range."),
        Column("last_seen", "Last seen", "time", "When it last came up in the range."),
    ),
    run=run,
    signals=("script_error",),
)
