"""What do people search for on the site, and do they find it?

One row is one query, whatever its case, the most searched first. The number of results is known where the
page says it (data-footfall-results). A visit that ended in the view with the results left after the search,
which may mean found or given up; who went on to search for something else within the visit has not found it.
Both shares are of the searches that belong to a visit. Searches of nobody told apart, as in count mode, do not.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FunctionElement,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    not_,
    null,
    or_,
    select,
)

from reports import event_measures as measures
from reports.event_measures import RESULTS
from reports.measures import filled, ratio
from reports.query.chosen import events
from reports.query.moments import stored
from reports.query.within import within_visit
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.store.functions import element, epoch_ms, last_by, length, property_text
from tracker.store.schema import event, visit

MEASURES = (measures.searches, measures.search_visitors, measures.known_results, measures.without_result)
_SHOWN = (measures.searches, measures.search_visitors, measures.without_result, measures.without_result_rate)
_QUERY = func.lower(func.trim(property_text(event.c.properties, "query"))).label("query")
_NOW = case((RESULTS.is_not(None), epoch_ms(event.c.occurred_at)), else_=null())


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a query, most searches first."""
    queries = (
        events(
            scope,
            "search",
            _QUERY,
            *(one.labelled for one in MEASURES),
            last_by(func.coalesce(RESULTS, 0), _NOW).label("last_results"),
            func.min(RESULTS).label("least_results"),
        )
        .where(_QUERY.is_not(None))
        .group_by("query")
        .subquery("queries")
    )
    ends = _ends(scope)
    statement = (
        select(queries, *(column for column in ends.c if column.name != "query"))
        .select_from(queries.outerjoin(ends, queries.c.query == ends.c.query))
        .order_by(queries.c.searches.desc(), queries.c.visitors.desc(), queries.c.query)
        .limit(scope.rows_wanted)
    )
    [total] = ask(events(scope, "search", *(one.labelled for one in MEASURES)))
    return Found(rows=[_row(record) for record in ask(statement)], totals=filled(_SHOWN, total))


def _ends(scope: Scope) -> Subquery:
    """Count, by query, what came after the searches that belong to a visit."""
    chosen = events(scope, "search", event.c.view_id, event.c.seq).subquery("chosen")
    searching = _in_visits(scope).subquery("searching")

    def after(aggregate: FunctionElement[Any]) -> ColumnElement[Any]:
        order = [searching.c[name] for name in ("occurred_at", "view_id", "seq")]
        return aggregate.over(partition_by=searching.c.visit_id, order_by=order, rows=(1, None))

    query = searching.c.query
    followed = select(
        *(searching.c[name] for name in ("view_id", "seq", "query", "is_last")),
        after(func.min(query)).label("first_after"),
        after(func.max(query)).label("last_after"),
    ).subquery("followed")
    c = followed.c
    return (
        select(
            c.query,
            func.count().label("in_visits"),
            _count(c.is_last).label("exits"),
            _count(or_(c.first_after != c.query, c.last_after != c.query)).label("searched_again"),
        )
        .select_from(followed.join(chosen, and_(chosen.c.view_id == c.view_id, chosen.c.seq == c.seq)))
        .group_by(c.query)
        .subquery("ends")
    )


def _in_visits(scope: Scope) -> Select[Any]:
    """Select all searches in the range's visits, whatever is filtered by, and whether each was in the last view."""
    last_view_ms = element(visit.c.trail_offset_ms, length(visit.c.trail_offset_ms))
    # a search that is told of as the next view begins has that view's time
    is_last = epoch_ms(event.c.occurred_at) - epoch_ms(visit.c.started_at) > func.coalesce(last_view_ms, -1)
    return (
        select(
            visit.c.visit_id,
            *(event.c[name] for name in ("view_id", "seq", "occurred_at")),
            _QUERY,
            and_(is_last, not_(visit.c.trail_cut)).label("is_last"),
        )
        .select_from(event.join(visit, within_visit(event, visit)))
        .where(event.c.site_id == scope.site.id, event.c.kind == "search")
        .where(event.c.occurred_at >= stored(scope.range.start), visit.c.started_at < stored(scope.range.end))
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.sum(case((condition, 1), else_=0)), BigInteger)


def _row(record: dict[str, Any]) -> Row:
    in_visits, exits, again = (int(record[name] or 0) for name in ("in_visits", "exits", "searched_again"))
    return {
        "query": record["query"],
        **filled(_SHOWN, record),
        **{name: _whole(record[name]) for name in ("last_results", "least_results")},
        "exits": exits,
        "exit_rate": ratio(exits, in_visits),
        "searched_again": again,
        "again_rate": ratio(again, in_visits),
    }


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


report = Report(
    name="site-search",
    title="Site search",
    doc=__doc__,
    columns=(
        Column("query", "Query", "text", "What was searched for, in lower case; numbers and secrets are cleaned away."),
        *(one.column for one in _SHOWN),
        Column("last_results", "Results", "count", "How many results the page said when it was last searched for."),
        Column("least_results", "Fewest results", "count", "The fewest results that the page said in the range."),
        Column("exits", "Exits", "count", "Searches in whose view the visit ended."),
        Column("exit_rate", "Left after it", "share", "Exits for each search that belongs to a visit."),
        Column("searched_again", "Searched again", "count", "Searches after which something else was searched for."),
        Column("again_rate", "Then searched on", "share", "Searched again, for each search that belongs to a visit."),
    ),
    run=run,
)
