"""What the reports on single kinds of struggle share: one row a place, most visitors affected first."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, tuple_

from reports import measures
from reports.query.chosen import struggles, struggles_in_visits
from reports.query.daily import views_by_path
from reports.query.intervals import interval_columns, with_interval
from reports.query.moments import iso
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.signals import PLAIN_VISITORS
from tracker.store.schema import struggle

MOST_PATHS = 300
IN_VAIN = "in_vain"  # an unanswered click on plain content: a false affordance once so many visitors did it
MEASURES = (measures.incidents, measures.struck_visitors, measures.struck_visits, measures.struck_views)

PATH = Column("path", "Page", "path", "The page on which it happened.")
ELEMENT = Column("element", "Element", "element", "The element's path in the page.")
ELEMENT_TEXT = Column("element_text", "Text", "text", "What is written on it; links and buttons only.")
SCRIPT_ERROR = Column("script_error", "Script error", "text", "The script error that it is, or that follows the click.")
RATE = interval_columns(measures.struck_view_rate.name, measures.struck_view_rate.title, measures.struck_view_rate.help)
SEEN = (
    Column("first_seen", "First seen", "time", "When it first happened in the range."),
    Column("last_seen", "Last seen", "time", "When it last happened in the range."),
)


@dataclass(frozen=True, eq=False)
class Telling:
    """A further column of a report: what it is made of in the store, a key of the row or an aggregate over it."""

    column: Column
    expression: ColumnElement[Any]
    is_key: bool = False
    write: Callable[[Any], Any] = lambda value: value


def struggling(
    name: str, title: str, doc: str | None, signals: Sequence[str], tellings: Sequence[Telling] = (), *, of: str
) -> Report:
    """Return the report on some signals: a row for each page, or `of` "element" for each element of a page."""
    place = (PATH, ELEMENT, ELEMENT_TEXT) if of == "element" else (PATH,)
    keys = [one for one in tellings if one.is_key]
    others = [one for one in tellings if not one.is_key]

    def run(scope: Scope, ask: Ask) -> Found:
        return _found(scope, ask, signals, place, tellings)

    counted = replace(measures.incidents.column, signal=signals[0])
    return Report(
        name=name,
        title=title,
        doc=doc,
        columns=(
            *(one.column for one in keys),
            *place,
            counted,
            *(one.column for one in others),
            measures.struck_visitors.column,
            measures.struck_visits.column,
            measures.views.column,
            *RATE,
            *SEEN,
        ),
        run=run,
        signals=tuple(signals),
    )


def genuine() -> ColumnElement[bool]:
    """Say of a group of struggles by place that it is one: clicks in vain count when enough visitors did it."""
    others = func.count().filter(struggle.c.signal != IN_VAIN)
    return or_(others > 0, measures.struck_visitors.expression >= PLAIN_VISITORS)


def named() -> ColumnElement[str]:
    """Return the signal as reports name it."""
    return case((struggle.c.signal == IN_VAIN, "false_affordance"), else_=struggle.c.signal)


def counted(statement: Select[Any], scope: Scope) -> Select[Any]:
    """Leave out clicks in vain where too few visitors did it, from struggles of whatever signal and place."""
    place = struggle.c.path, struggle.c.element
    lookalikes = struggles(scope, *place).where(struggle.c.signal.in_(stored_names(["false_affordance"])))
    enough = lookalikes.group_by(*place).having(genuine())
    return statement.where(or_(struggle.c.signal != IN_VAIN, tuple_(*place).in_(enough)))


def on_paths(statement: Select[Any], paths: Collection[str | None]) -> Select[Any]:
    """Look only at some pages, where they are few enough to be told one by one."""
    if None in paths or len(paths) > MOST_PATHS:
        return statement
    return statement.where(struggle.c.path.in_(sorted(path for path in paths if path is not None)))


def stored_names(signals: Sequence[str]) -> list[str]:
    """Return what stands in the store for some signals."""
    return [*signals, *([IN_VAIN] if "false_affordance" in signals else [])]


def rate(struck: int, views: int) -> Row:
    """Return the share of views in which something happened, with its interval; unknown without views."""
    return with_interval(measures.struck_view_rate.name, struck, views)


def _found(
    scope: Scope, ask: Ask, signals: Sequence[str], place: Sequence[Column], tellings: Sequence[Telling]
) -> Found:
    found = _places(scope, signals, place, tellings).subquery("found")
    pages = views_by_path(scope, ask).subquery("pages")
    keys = [one.column.name for one in tellings if one.is_key] + [one.name for one in place if one != ELEMENT_TEXT]
    statement = (
        found.select()
        .add_columns(
            func.coalesce(pages.c.views, 0).label("views"),
            func.sum(found.c.incidents).over().label("all_incidents"),
        )
        .select_from(found.outerjoin(pages, found.c.path == pages.c.path))
        .order_by(found.c.visitors.desc(), found.c.incidents.desc(), *(found.c[key].nulls_last() for key in keys))
        .limit(scope.rows_wanted)
    )
    records = ask(statement)
    return Found(
        rows=[_row(record, scope, place, tellings) for record in records],
        totals={"incidents": int(records[0]["all_incidents"]) if records else 0},
    )


def _places(scope: Scope, signals: Sequence[str], place: Sequence[Column], tellings: Sequence[Telling]) -> Select[Any]:
    keys: list[ColumnElement[Any]] = [struggle.c[one.name] for one in place if one != ELEMENT_TEXT]
    keys += [one.expression for one in tellings if one.is_key]
    statement = struggles_in_visits(
        scope,
        *(struggle.c[one.name] for one in place if one != ELEMENT_TEXT),
        *(one.expression.label(one.column.name) for one in tellings),
        func.max(struggle.c.element_text).label("element_text"),
        *(one.labelled for one in MEASURES),
        func.min(struggle.c.occurred_at).label("first_seen"),
        func.max(struggle.c.occurred_at).label("last_seen"),
    )
    return statement.where(struggle.c.signal.in_(stored_names(signals))).group_by(*keys).having(genuine())


def _row(record: Mapping[str, Any], scope: Scope, place: Sequence[Column], tellings: Sequence[Telling]) -> Row:
    views = int(record["views"])
    return {
        **{one.column.name: one.write(record[one.column.name]) for one in tellings},
        **{one.name: record[one.name] for one in place},
        **{name: int(record[name]) for name in ("incidents", "visitors", "visits")},
        "views": views,
        **rate(int(record["struck_views"]), views),
        **{one.name: iso(record[one.name], scope.site.tzinfo) for one in SEEN},
    }
