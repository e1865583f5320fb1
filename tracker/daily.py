"""Rollups: what is counted once of every day that is over, so that reports need not count it again.

Visitors are counted by day: who comes back on another day counts again, here and wherever
events are counted directly, because a daily hash cannot tell. Those of one day cannot be added up over paths,
devices or sources, of which a visitor may have several: hence a rollup for each thing to ask by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from tracker.signals import DEAD, DISABLED, FALSE_AFFORDANCE, IN_VAIN, is_plain
from tracker.store.base import Span
from tracker.store.functions import count_distinct, has_bits
from tracker.store.schema import element_day, event, path_day, path_device_day, visit, visit_day


@dataclass(frozen=True, eq=False)
class Rollup:
    """A table of one row a site, day and `keys`, and how rows of another (`of`) become its `numbers`.

    Events count that are of some `kinds` and have all of `needed`; of visits, all do, on the day of their beginning.
    The columns are labelled with the table's names. Where several rollups share a table, `dimension` tells
    which rows of it are this one's.
    """

    table: Table
    of: Table
    keys: tuple[ColumnElement[Any], ...]
    numbers: tuple[ColumnElement[Any], ...]
    kinds: tuple[str, ...] = ()
    needed: tuple[ColumnElement[Any], ...] = ()
    dimension: str | None = None

    @property
    def time(self) -> ColumnElement[datetime]:
        """When that took place which is counted."""
        found: ColumnElement[datetime] = self.of.c.started_at if self.of is visit else self.of.c.occurred_at
        return found

    @property
    def own(self) -> ColumnElement[bool]:
        """Which rows of the table are this rollup's."""
        return true() if self.dimension is None else self.table.c.dimension == self.dimension

    def columns(self, day: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
        """Return all of the table's columns, from what is counted; `day` tells to which day it belongs."""
        return (self.of.c.site_id, day.label("day"), *self.keys, *self.numbers)

    def grouped(self, rows: Select[Any]) -> Select[Any]:
        """Group a selection of these columns into the table's rows."""
        has_all = (one.is_not(None) for one in self.needed)
        return rows.where(*has_all).group_by(self.of.c.site_id, "day", *(key.name for key in self.keys))

    def counted(self, site_id: int, spans: Sequence[Span], day: ColumnElement[datetime]) -> Select[Any]:
        """Count what a site has in these spans, which do not overlap."""
        rows = select(*self.columns(day)).where(
            self.of.c.site_id == site_id, or_(*(within(self.time, span) for span in spans))
        )
        return self.grouped(rows.where(event.c.kind.in_(self.kinds)) if self.kinds else rows)


def within(time: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    """Say that a time lies in a span."""
    return and_(time >= span[0], time < span[1])


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return _sum(case((condition, 1), else_=0))


def _sum(number: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(number), 0), BigInteger)


def _where(condition: ColumnElement[bool], value: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((condition, value), else_=null())


_IS_VIEW, _IS_CLICK = event.c.kind == "view", event.c.kind == "click"
_BOT = event.c.label.is_not(None).label("bot")
_STRUCK = has_bits(event.c.signals, DEAD | IN_VAIN)

_ON_A_PATH = (
    _count(_IS_VIEW).label("views"),
    count_distinct(_where(_IS_VIEW, event.c.visitor_id)).label("visitors"),
    _count(and_(_IS_VIEW, event.c.visitor_id.is_(None))).label("unknown_views"),
    _sum(case((event.c.kind == "engagement", event.c.engaged_ms), else_=0)).label("engaged_ms"),
    _count(_IS_CLICK).label("clicks"),
    _count(and_(_IS_CLICK, has_bits(event.c.signals, DEAD))).label("dead_clicks"),
)
_SEEN = ("view", "click", "engagement")
PATHS = Rollup(path_day, event, keys=(event.c.path, _BOT), numbers=_ON_A_PATH, kinds=_SEEN)
PATHS_BY_DEVICE = Rollup(
    path_device_day, event, keys=(event.c.path, event.c.device, _BOT), numbers=_ON_A_PATH, kinds=_SEEN
)
ELEMENTS = Rollup(
    element_day,
    event,
    kinds=("click",),
    keys=(event.c.path, event.c.element, is_plain(event).label("plain"), _BOT),
    numbers=(
        cast(func.count(), BigInteger).label("clicks"),
        _count(_STRUCK).label("dead_clicks"),
        _count(has_bits(event.c.signals, DISABLED)).label("disabled"),
        _count(has_bits(event.c.signals, FALSE_AFFORDANCE)).label("false_affordance"),
        count_distinct(_where(_STRUCK, event.c.visitor_id)).label("visitors"),
        func.max(_where(_STRUCK, event.c.element_text)).label("element_text"),
        func.min(_where(_STRUCK, event.c.occurred_at)).label("first_seen"),
        func.max(_where(_STRUCK, event.c.occurred_at)).label("last_seen"),
    ),
    needed=(event.c.path, event.c.element),
)


def _visits(dimension: str) -> Rollup:
    """Return the rollup of visits by what stands in one of their columns; of all, where that has no name."""
    value = visit.c[dimension] if dimension else cast(null(), String)
    return Rollup(
        visit_day,
        visit,
        keys=(
            literal(dimension, String).label("dimension"),
            value.label("value"),
            visit.c.label.is_not(None).label("bot"),
        ),
        numbers=(
            count_distinct(visit.c.visitor_id).label("visitors"),
            cast(func.count(), BigInteger).label("visits"),
            _count(visit.c.views > 0).label("visits_with_view"),
            _count(visit.c.bounced).label("bounces"),
            _count(visit.c.unengaged).label("unengaged_visits"),
            _sum(visit.c.engaged_ms).label("engaged_ms"),
            _sum(visit.c.views).label("visit_views"),
            _count(visit.c.dead_clicks > 0).label("visits_with_dead_click"),
        ),
        dimension=dimension,
    )


VISITS = _visits("")
DIMENSIONS = (
    *("source", "medium", "campaign", "referrer", "entry", "exit"),
    *("country", "language", "device", "browser", "os", "screen"),
)
VISITS_BY = {dimension: _visits(dimension) for dimension in DIMENSIONS}

ROLLUPS = (PATHS, PATHS_BY_DEVICE, ELEMENTS, VISITS, *VISITS_BY.values())
TABLES = tuple(dict.fromkeys(rollup.table for rollup in ROLLUPS))


def counted_into(table: Table, site_id: int, day: Span) -> Select[Any]:
    """Count one day of a site for all rollups of a table."""
    begin = literal(day[0], DateTime())
    parts = [rollup.counted(site_id, [day], begin) for rollup in ROLLUPS if rollup.table is table]
    if len(parts) == 1:
        return parts[0]
    rows = union_all(*parts).subquery("counted")
    return select(*rows.c)
