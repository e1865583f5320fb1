"""Keeps the struggles in DuckDB in step with the events, batch by batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    FromClause,
    MetaData,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)

from tracker.signals import Thresholds
from tracker.store.duckdb_dialect import Spelled
from tracker.store.functions import later
from tracker.store.schema import event, struggle, visit
from tracker.struggles import CLICKS, FORMS, OTHERS, RAGE, WAYS, Family, told_by
from tracker.struggles.rage import may_rage
from tracker.struggles.ways import turning

INSERT = "INSERT INTO struggle BY NAME"
_FRESH = "SELECT list(DISTINCT kind), min(occurred_at), min(ingest_id), max(ingest_id) FROM fresh"
_fresh = event.to_metadata(MetaData(), name="fresh")
_since = bindparam("since", None, DateTime())
_first, _last = bindparam("first", None, BigInteger()), bindparam("last", None, BigInteger())


class Struggles:
    """Tells the struggles of the rows in `fresh`, once they are in `event` and their visits derived.

    `limits` are those of sites that have their own.
    """

    def __init__(self, limits: Mapping[int, Thresholds]) -> None:
        of_fresh = (event.c.ingest_id.between(_first, _last), event.c.ingest_id.in_(select(_fresh.c.ingest_id)))
        self._moments = [(family, Spelled(told_by(family, limits, *of_fresh), INSERT)) for family in (CLICKS, OTHERS)]
        self._families = [_Following(family, limits) for family in (FORMS, RAGE, WAYS)]

    def follow(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Bring the table up to date."""
        kinds, earliest, first, last = cursor.execute(_FRESH).fetchall()[0]
        if not kinds:
            return
        for family, tell in self._moments:
            if set(kinds) & set(family.kinds):
                cursor.execute(tell.sql, tell.values(first=first, last=last))
        self._follow(cursor, kinds, earliest)

    def retell(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Tell again what stands among several events, when others of them went; one event alone tells the same."""
        kinds, earliest, _, _ = cursor.execute(_FRESH).fetchall()[0]
        self._follow(cursor, kinds or [], earliest)

    def _follow(self, cursor: duckdb.DuckDBPyConnection, kinds: Sequence[str], earliest: datetime) -> None:
        for one in self._families:
            if set(kinds) & set(one.family.kinds):
                one.follow(cursor, earliest)


class _Following:
    """Finds what fresh events touch of a family, forgets it and tells it again.

    What is touched is held as the family's key and the time since when. The least of these
    times, as a plain value, spares the engine what is older.
    """

    def __init__(self, family: Family, limits: Mapping[int, Thresholds]) -> None:
        self.family = family
        name = f"touched_{family.signals[0]}"
        key = [Column(column, event.c[column].type) for column in ("site_id", *family.key)]
        touched = Table(name, MetaData(), *key, Column("since", DateTime()))
        old = struggle.delete().where(
            _same(struggle, touched, family),
            struggle.c.signal.in_(family.signals),
            struggle.c.occurred_at >= touched.c.since,
            struggle.c.occurred_at >= _since,
        )
        self._reach_s = family.reach_s(limits)
        self._find = Spelled(_touched(family, limits), f"CREATE OR REPLACE TEMP TABLE {name} AS")
        self._least = f"SELECT min(since) FROM {name}"  # noqa: S608 - a name of ours  # nosec B608
        self._forget = Spelled(old)
        self._tell = Spelled(_told(family, touched, limits), INSERT)

    def follow(self, cursor: duckdb.DuckDBPyConnection, earliest: datetime) -> None:
        cursor.execute(self._find.sql, self._find.values(since=earliest - timedelta(seconds=self._reach_s)))
        (since,) = cursor.execute(self._least).fetchall()[0]
        if since is not None:
            cursor.execute(self._forget.sql, self._forget.values(since=since))
            cursor.execute(self._tell.sql, self._tell.values(since=since))


def _touched(family: Family, limits: Mapping[int, Thresholds]) -> Select[Any]:
    """Select whose incidents the rows of `fresh` may change, and since when."""
    reach_s = family.reach_s(limits)
    since = later(func.min(_fresh.c.occurred_at), -reach_s).label("since")
    source: FromClause = _fresh.join(event, _close_clicks(reach_s)) if family is RAGE else _fresh
    reach = (
        select(*_key(_fresh, family), since)
        .select_from(source)
        .where(_fresh.c.kind.in_(family.kinds), *(column.is_not(None) for column in _key(_fresh, family)))
        .group_by(*_key(_fresh, family))
        .subquery("reach")
    )
    known = struggle.c.signal.in_(family.signals)
    key = _key(reach, family)
    if family is WAYS:
        turned = select(*_key(visit, family)).where(visit.c.ended_at >= _since, turning(limits.values()))
        told = select(*_key(struggle, family)).where(struggle.c.occurred_at >= _since, known)
        return select(*key, reach.c.since).where(or_(tuple_(*key).in_(turned), tuple_(*key).in_(told)))
    first = func.least(reach.c.since, func.min(struggle.c.occurred_at)).label("since")
    before = reach.outerjoin(struggle, and_(_same(struggle, reach, family), known))
    return select(*key, first).select_from(before).group_by(*key, reach.c.since)


def _told(family: Family, touched: Table, limits: Mapping[int, Thresholds]) -> Select[Any]:
    context_s = family.context_ms // 1000
    near = event.join(
        touched, and_(_same(event, touched, family), event.c.occurred_at >= later(touched.c.since, -context_s))
    )
    told = told_by(family, limits, event.c.occurred_at >= later(_since, -context_s), source=near).subquery("new")
    return select(*told.c).select_from(
        told.join(touched, and_(_same(told, touched, family), told.c.occurred_at >= touched.c.since))
    )


def _close_clicks(reach_s: int) -> ColumnElement[bool]:
    """Tell which stored clicks are so near to a fresh one in the same view that they may be of one burst."""
    fresh = _fresh.c
    return and_(
        may_rage(_fresh),
        event.c.site_id == fresh.site_id,
        event.c.view_id == fresh.view_id,
        event.c.seq != fresh.seq,
        event.c.kind == "click",
        event.c.occurred_at >= _since,
        event.c.occurred_at.between(later(fresh.occurred_at, -reach_s), later(fresh.occurred_at, reach_s)),
    )


def _key(rows: FromClause, family: Family) -> list[ColumnElement[Any]]:
    return [rows.c[name] for name in ("site_id", *family.key)]


def _same(one: FromClause, other: FromClause, family: Family) -> ColumnElement[bool]:
    return and_(*(mine == theirs for mine, theirs in zip(_key(one, family), _key(other, family), strict=True)))
