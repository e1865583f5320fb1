"""Counts struggles anew by any limits, from the evidence that is stored with every event."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)

from tracker.signals import PLAIN_VISITORS, Thresholds, signals
from tracker.store.functions import count_distinct
from tracker.store.schema import event
from tracker.struggles import Family
from tracker.struggles.rows import OF_ITS_EVENT

MOST_PLACES = 50_000
_IN_VAIN, _FALSE_AFFORDANCE = "in_vain", "false_affordance"
_PLACE = ("signal", "path", "element")
_COUNTED = (*_PLACE, "element_text", "visitor_id")
_USED = {"site_id", "view_id", "seq", "visitor_id", "occurred_at", "host", "path", "element", "element_text", "screen"}
_UNUSED = set(OF_ITS_EVENT) - _USED


def recounted(family: Family, limits: Thresholds, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Select what a family's signals come to, among the events that meet `conditions`, by these limits.

    Rows are (whole, signal, path, element, element_text, incidents, visitors): one with `whole`
    set for each signal, and one for each place, those with most incidents first, at most
    MOST_PLACES + 1 of them.
    """
    incidents = _incidents(family, limits, conditions)
    places = (
        select(
            *(incidents.c[name] for name in _PLACE),
            func.max(incidents.c.element_text).label("element_text"),
            *_counts(incidents),
        )
        .group_by(*(incidents.c[name] for name in _PLACE))
        .cte("places")
    )
    return select(union_all(_whole(incidents, places), _each(places)).subquery("recounted"))


def _incidents(family: Family, limits: Thresholds, conditions: Sequence[ColumnElement[bool]]) -> CTE:
    """Select what a family tells of each incident that is counted here."""
    names = dict.fromkeys(("ingest_id", *OF_ITS_EVENT, *family.columns))
    decided = (
        select(*(_column(column.name, limits) for column in event.c))
        .where(event.c.kind.in_(family.kinds), *conditions, *([] if family.key else [_not_well(limits)]))
        .subquery("decided")
    )
    happened = select(*(decided.c[name] for name in names)).where(family.only(decided)).cte("happened")
    told = family.told(happened, limits).subquery("told")
    if "ingest_id" not in told.c:
        return select(*(told.c[name] for name in _COUNTED)).cte("incidents")
    # it names only the event that an incident begins with
    its_event = told.join(happened, happened.c.ingest_id == told.c.ingest_id)
    columns = (told.c[name] if name in told.c else happened.c[name] for name in _COUNTED)
    return select(*columns).select_from(its_event).cte("incidents")


def _column(name: str, limits: Thresholds) -> ColumnElement[Any]:
    """Return what an event tells, its signals by these limits; null for what nobody counts here, which is much."""
    if name == "signals":
        return signals(event, limits).label(name)
    if name in _UNUSED:
        return cast(null(), event.c[name].type).label(name)
    return event.c[name]


def _not_well(limits: Thresholds) -> ColumnElement[bool]:
    """Leave out the many clicks that were plainly answered at once, before looking closely at the others."""
    c = event.c
    well = and_(
        c.kind == "click",
        c.mutation_ms <= min(limits.silence, limits.slow),
        c.error_ms.is_(None),
        c.failed_request_ms.is_(None),
    )
    return not_(func.coalesce(well, false()))


def _whole(incidents: FromClause, places: FromClause) -> Select[Any]:
    """Count each signal; visitors who met it in several places count once."""
    i = incidents.c
    plain = (
        select(places.c.path, places.c.element)
        .where(places.c.signal == _IN_VAIN, places.c.visitors >= PLAIN_VISITORS)
        .subquery("plain")
    )
    here = and_(i.signal == _IN_VAIN, plain.c.path == i.path, plain.c.element == i.element)
    counted = (
        select(_named(i.signal), i.visitor_id)
        .select_from(incidents.outerjoin(plain, here))
        .where(or_(i.signal != _IN_VAIN, plain.c.element.is_not(None)))
        .subquery("counted")
    )
    nothing = cast(null(), String)
    columns: tuple[Any, ...] = (
        literal(1).label("whole"),
        counted.c.signal,
        nothing.label("path"),
        nothing.label("element"),
        nothing.label("element_text"),
        *_counts(counted),
    )
    return select(*columns).group_by(counted.c.signal)


def _each(places: FromClause) -> Select[Any]:
    p = places.c
    told: tuple[Any, ...] = (p.path, p.element, p.element_text, p.incidents, p.visitors)
    rows = (
        select(literal(0).label("whole"), _named(p.signal), *told)
        .where(or_(p.signal != _IN_VAIN, p.visitors >= PLAIN_VISITORS))
        .order_by(p.incidents.desc())
        .limit(MOST_PLACES + 1)
        .subquery("each")
    )
    return select(*rows.c)


def _counts(rows: FromClause) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return cast(func.count(), BigInteger).label("incidents"), count_distinct(rows.c.visitor_id).label("visitors")


def _named(signal: ColumnElement[str]) -> ColumnElement[str]:
    return case((signal == _IN_VAIN, _FALSE_AFFORDANCE), else_=signal).label("signal")
