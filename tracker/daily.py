"""Rollups: what is counted once of every day that is over, so that reports need not count it again.

Visitors are counted by day: who comes back on another day counts again, here and wherever
events are counted directly, because a daily hash cannot tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Table, and_, case, cast, func, null, or_, select

from tracker.signals import DEAD, DISABLED, FALSE_AFFORDANCE, IN_VAIN, is_plain
from tracker.store.base import Span
from tracker.store.functions import count_distinct, has_bits
from tracker.store.schema import element_day, event, path_day


@dataclass(frozen=True, eq=False)
class Rollup:
    """A table of one row a site, day and `keys`, and how events of some `kinds` become its `numbers`.

    Only events that have all of `needed` count. The columns are labelled with the table's names.
    """

    table: Table
    kinds: tuple[str, ...]
    keys: tuple[ColumnElement[Any], ...]
    numbers: tuple[ColumnElement[Any], ...]
    needed: tuple[ColumnElement[Any], ...] = ()

    def columns(self, day: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
        """Return all of the table's columns, from events; `day` tells to which day an event belongs."""
        return (event.c.site_id, day.label("day"), *self.keys, *self.numbers)

    def grouped(self, rows: Select[Any]) -> Select[Any]:
        """Group a selection of these columns into the table's rows."""
        has_all = (one.is_not(None) for one in self.needed)
        return rows.where(*has_all).group_by(event.c.site_id, "day", *(key.name for key in self.keys))

    def counted(self, site_id: int, spans: Sequence[Span], day: ColumnElement[datetime]) -> Select[Any]:
        """Count a site's events in these spans, which do not overlap."""
        return self.grouped(
            select(*self.columns(day)).where(
                event.c.site_id == site_id,
                event.c.kind.in_(self.kinds),
                or_(*(within(event.c.occurred_at, span) for span in spans)),
            )
        )


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

PATHS = Rollup(
    path_day,
    kinds=("view", "click", "engagement"),
    keys=(event.c.path, _BOT),
    numbers=(
        _count(_IS_VIEW).label("views"),
        count_distinct(_where(_IS_VIEW, event.c.visitor_id)).label("visitors"),
        _count(and_(_IS_VIEW, event.c.visitor_id.is_(None))).label("unknown_views"),
        _sum(case((event.c.kind == "engagement", event.c.engaged_ms), else_=0)).label("engaged_ms"),
        _count(_IS_CLICK).label("clicks"),
        _count(and_(_IS_CLICK, has_bits(event.c.signals, DEAD))).label("dead_clicks"),
    ),
)
ELEMENTS = Rollup(
    element_day,
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

ROLLUPS = (PATHS, ELEMENTS)
