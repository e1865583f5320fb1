"""Examples of a struggle: the newest incidents of one signal at one place, each with the way that led there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from reports.query.moments import local, stored
from reports.query.within import within_visit
from reports.query.words import nearest
from reports.scope import Scope
from reports.struggle.story import event_id_of
from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.signal_book import BY_NAME
from tracker.store.base import EventStore
from tracker.store.schema import struggle, visit

IN_VAIN = "in_vain"  # on plain content: shown as the false affordance that it is once several visitors do it


@dataclass(frozen=True)
class Place:
    """What examples are asked of: a signal, and where; None stands for any."""

    signal: str
    path: str | None = None
    element: str | None = None


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One incident; `id` is its story's. `trail` and `device` are empty where visitors are not told apart."""

    id: str
    signal: str
    at: datetime
    path: str | None
    element: str | None
    element_text: str | None
    trail: list[str]
    device: str | None
    country: str | None
    views_after: int | None


def check_place(signal: str, path: str | None, element: str | None) -> Place:
    """Return the place that words name; InvalidInputError when there is no such signal."""
    if signal not in BY_NAME:
        raise InvalidInputError(
            "signal",
            gettext("no signal is named %(name)s; %(hint)s", name=repr(signal[:64]), hint=nearest(signal, BY_NAME)),
        )
    return Place(signal, path, element)


def find_examples(store: EventStore, scope: Scope, place: Place, limit: int = 20) -> list[Example]:
    """Return the newest incidents in a scope's range, people's before bots' unless bots are asked for."""
    names = [place.signal, *([IN_VAIN] if place.signal == "false_affordance" else [])]
    conditions = [
        struggle.c.site_id == scope.site.id,
        struggle.c.signal.in_(names),
        struggle.c.occurred_at >= stored(scope.range.start),
        struggle.c.occurred_at < stored(scope.range.end),
    ]
    if place.path is not None:
        conditions.append(struggle.c.path == place.path)
    if place.element is not None:
        conditions.append(struggle.c.element == place.element)
    if scope.bots != "in":
        conditions.append(struggle.c.label.is_(None) if scope.bots == "out" else struggle.c.label.is_not(None))
    columns: tuple[Any, ...] = (
        *(struggle.c[name] for name in ("view_id", "seq", "signal", "occurred_at", "path", "element", "element_text")),
        *(struggle.c[name] for name in ("device", "country")),
    )
    newest = (
        select(*columns, struggle.c.site_id, struggle.c.visitor_id)
        .where(*conditions)
        .order_by(struggle.c.occurred_at.desc(), struggle.c.view_id, struggle.c.seq)
        .limit(limit)
        .subquery("newest")
    )
    rows = store.query(
        select(*newest.c, visit.c.trail, visit.c.trail_offset_ms, visit.c.started_at)
        .select_from(newest.outerjoin(visit, within_visit(newest, visit)))
        .order_by(newest.c.occurred_at.desc(), newest.c.view_id, newest.c.seq)
    ).records()
    return [_example(row, scope) for row in rows]


def _example(row: dict[str, Any], scope: Scope) -> Example:
    told_apart = row["visitor_id"] is not None and bool(row["trail"])
    before: list[str] = []
    after = None
    if told_apart:
        offset_ms = (row["occurred_at"] - row["started_at"]).total_seconds() * 1000
        passed = sum(1 for opened in row["trail_offset_ms"] if opened <= offset_ms)
        before, after = list(row["trail"][:passed]), len(row["trail"]) - passed
    return Example(
        id=event_id_of(row),
        at=local(row["occurred_at"], scope.site.tzinfo),
        trail=before,
        views_after=after,
        **{name: row[name] for name in ("signal", "path", "element", "element_text", "device", "country")},
    )
