"""Which events are what a condition says, for goals and for the steps of funnels."""

import math
from collections.abc import Sequence

import re2
from sqlalchemy import ColumnElement, FromClause, and_, case, false, not_, or_, select

from reports.query.moments import stored
from reports.query.ranges import Range
from reports.query.within import within_visit
from tracker.conditions import ANY, Condition
from tracker.signals import DEAD
from tracker.store.functions import has, has_bits, matches, property_number, property_written, starts_with
from tracker.store.schema import event, visit

KINDS = {"path": "view", "event": "custom", "element": "click"}
"""The kind of event that a condition of each kind looks at."""


def met(condition: Condition, table: FromClause = event) -> ColumnElement[bool]:
    """Say of an event that it is what the condition says; never null."""
    parts = [table.c.kind == KINDS[condition.kind]]
    if condition.event:
        parts.append(_same(table.c.name, condition.event))
    if condition.kind == "element":
        parts.append(not_(has_bits(table.c.signals, DEAD)))
    if condition.element:
        parts.append(_same(table.c.element, condition.element))
    if condition.text:
        parts.append(_same(table.c.element_text, condition.text))
    if condition.path:
        parts.append(_on(table.c.path, condition.path))
    found = and_(*parts)
    if condition.property and condition.equals:
        # Properties are read only where the rest holds: that is much slower than all else.
        says = _says(table.c.properties, condition.property, condition.equals)
        return case((found, says), else_=false())
    return found


def possible(condition: Condition) -> ColumnElement[bool]:
    """Say of `visit`, by what is known of it as a whole, that the condition may be met in it."""
    if condition.kind == "event":
        return visit.c.custom_events > 0
    if condition.kind == "element":
        return visit.c.clicks > 0
    if condition.path and ANY not in condition.path:
        return or_(has(visit.c.trail, condition.path), visit.c.trail_cut)
    return visit.c.views > 0


def kinds_of(conditions: Sequence[Condition]) -> list[str]:
    """Return the kinds of event that some conditions look at."""
    return sorted({KINDS[one.kind] for one in conditions})


def reaching(site_id: int, span: Range, conditions: Sequence[Condition]) -> ColumnElement[bool]:
    """Say of `visit` that something in it is what any of the conditions says; of a visit that began in the range."""
    if not conditions:
        return false()
    one, happened = visit.alias("one"), event.alias("happened")
    visits = (
        select(one.c.visit_id)
        .select_from(one.join(happened, within_visit(happened, one)))
        .where(one.c.site_id == site_id, happened.c.site_id == site_id, happened.c.kind.in_(kinds_of(conditions)))
        .where(happened.c.occurred_at >= stored(span.start), or_(*(met(each, happened) for each in conditions)))
    )
    return visit.c.visit_id.in_(visits)


def _same(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return and_(column.is_not(None), column == text)


def _on(column: ColumnElement[str], path: str) -> ColumnElement[bool]:
    """Say that a path is another, in which ANY stands for any text."""
    if ANY not in path:
        return _same(column, path)
    if path.find(ANY) == len(path) - 1:  # as most have it, and far quicker than a pattern
        return and_(column.is_not(None), starts_with(column, path[:-1]))
    # As a regular expression, which RE2 matches in time that grows with the path alone, however many stars there are.
    pattern = ".*".join(map(re2.escape, path.split(ANY)))
    return and_(column.is_not(None), matches(column, f"(?s)^{pattern}$"))


def _says(properties: ColumnElement[str], name: str, value: str) -> ColumnElement[bool]:
    """Say that a property is a value: as it is written, or as a number."""
    said = and_(property_written(properties, name).is_not(None), property_written(properties, name) == value)
    try:
        number = float(value)
    except ValueError:
        return said
    if not math.isfinite(number):
        return said
    return or_(said, and_(property_number(properties, name).is_not(None), property_number(properties, name) == number))
