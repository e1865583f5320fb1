"""What can be taken away whole, each with the order in which it is followed.

The order grows with loading and differs from row to row, so that whoever asks for what comes after the last
row that they have misses nothing, however late it was. A visit or a profile that grew comes again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    FromClause,
    String,
    Subquery,
    cast,
    false,
    func,
    null,
    select,
)

from reports.bulk.visitors import keeps, named
from reports.profiles.belonging import membership, profile_id
from reports.query.chosen import in_range
from reports.query.ranges import Range
from tracker.sites import SiteInfo
from tracker.store.functions import count_distinct
from tracker.store.schema import event, member, visit


@dataclass(frozen=True)
class Wanted:
    """Of which site, of which days (None: all), and the order after which, up to and with which."""

    site: SiteInfo
    range: Range | None
    after: int
    upto: int


Rows = Callable[[SiteInfo, Range | None], FromClause]


@dataclass(frozen=True, eq=False)
class Export:
    """One kind of row; `rows` gives a table of them for a site and days, with `columns` and each one's `position`.

    Rows that are `summed` have the newest position of their `parts`, of which `parts` is a table with that alone.
    """

    name: str
    columns: tuple[Column[Any], ...]
    rows: Rows
    parts: Rows | None = None

    @property
    def summed(self) -> bool:
        """Whether rows are summed up, for which all that is asked for must be looked at."""
        return self.parts is not None


def kind_of(column: Column[Any]) -> str:
    """Return how a column is written: text, id, time, flag, list, json or number; an id is a text of digits."""
    kind = column.type
    if isinstance(kind, ARRAY):
        return "list"
    if column.name == "properties":
        return "json"
    if isinstance(kind, DateTime):
        return "time"
    if isinstance(kind, Boolean):
        return "flag"
    if isinstance(kind, String):
        return "text"
    return "id" if str(column.name).endswith("_id") or column.name == "revision" else "number"


def _stored(table: FromClause, columns: Sequence[Column[Any]], order: str, time: str) -> Rows:
    def rows(site: SiteInfo, span: Range | None) -> Subquery:
        values = [_value(site, column, table.c[time]) for column in columns]
        found = select(*values, table.c[order].label("position")).where(table.c.site_id == site.id)
        return (found if span is None else found.where(in_range(table.c[time], span))).subquery("rows")

    return rows


def _value(site: SiteInfo, column: Column[Any], time: ColumnElement[Any]) -> ColumnElement[Any]:
    name = str(column.name)
    if name == "visitor_id":
        return named(site, column, time).label(name)
    return cast(null(), BigInteger).label(name) if name == "login_id" and not keeps(site, "login") else column


def _visits(site: SiteInfo, span: Range | None) -> FromClause:
    """Take visits; where nobody is told apart there are none, whatever was stored in a freer time."""
    found = _stored(visit, _VISITS, "revision", "started_at")(site, span)
    return found if keeps(site, "daily number") else select(found).where(false()).subquery("rows")


def _profiles(site: SiteInfo, span: Range | None) -> Subquery:
    """Sum the visits of each profile up; where nobody is known overnight, a profile is a visitor of one day."""
    known = keeps(site, "first-party id")
    visitor = named(site, visit.c.visitor_id, visit.c.started_at)
    whose = profile_id(visitor) if known else visitor
    source = visit.outerjoin(member, membership(visit, visit.c.started_at)) if known else visit
    found = (
        select(
            whose.label("profile_id"),
            func.max(visit.c.revision).label("revision"),
            func.min(visit.c.started_at).label("first_seen_at"),
            func.max(visit.c.ended_at).label("last_seen_at"),
            count_distinct(visit.c.visitor_id).label("visitors"),
            cast(func.count(), BigInteger).label("visits"),
            *(cast(func.sum(visit.c[name]), BigInteger).label(name) for name in _SUMMED),
            func.max(visit.c.revision).label("position"),
        )
        .select_from(source)
        .where(*_of_profiles(site, span))
        .group_by(whose if known else "profile_id")
    )
    return found.subquery("rows")


def _parts_of_profiles(site: SiteInfo, span: Range | None) -> Subquery:
    return select(visit.c.revision.label("position")).where(*_of_profiles(site, span)).subquery("parts")


def _of_profiles(site: SiteInfo, span: Range | None) -> list[ColumnElement[bool]]:
    """Choose the visits that profiles sum up; where nobody is told apart there are none."""
    chosen: list[ColumnElement[bool]] = [visit.c.site_id == site.id]
    if span is not None:
        chosen.append(in_range(visit.c.started_at, span))
    return chosen if keeps(site, "daily number") else [*chosen, false()]


_SUMMED = ("views", "clicks", "custom_events", "engaged_ms", "dead_clicks", "slow_clicks", "error_clicks")
_EVENTS = tuple(column for column in event.columns if column.name not in ("site_id", "ingest_id"))
_VISITS = tuple(column for column in visit.columns if column.name != "site_id")
_PROFILES: tuple[Column[Any], ...] = (
    Column("profile_id", BigInteger),
    Column("revision", BigInteger),
    Column("first_seen_at", DateTime),
    Column("last_seen_at", DateTime),
    *(Column(name, BigInteger) for name in ("visitors", "visits", *_SUMMED)),
)

EVENTS = Export("events", _EVENTS, _stored(event, _EVENTS, "ingest_id", "occurred_at"))
VISITS = Export("visits", _VISITS, _visits)
PROFILES = Export("profiles", _PROFILES, _profiles, _parts_of_profiles)
EXPORTS = {one.name: one for one in (EVENTS, VISITS, PROFILES)}
