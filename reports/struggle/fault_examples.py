"""Examples of faults: which incidents to look at, and the way that led to the newest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from reports.report import Ask
from reports.scope import Scope
from reports.struggle.faults import Key
from reports.struggle.history import History, Incident
from reports.struggle.story import event_id_of
from tracker.store.functions import epoch_ms
from tracker.store.schema import visit


@dataclass(frozen=True)
class Examples:
    """Ids of the events with which a fault's newest incidents began, each of another day, and the newest's trail.

    The trail has the visit's pages up to then, and is empty where visitors are not told apart.
    """

    ids: list[str]
    trail: list[str]


def examples_of(scope: Scope, ask: Ask, histories: Mapping[Key, History]) -> Mapping[Key, Examples]:
    """Return examples of each fault."""
    newest = {key: history.newest[0] for key, history in histories.items()}
    visitors = sorted({one.visitor_id for one in newest.values() if one.visitor_id is not None})
    begun, ended = epoch_ms(visit.c.started_at), epoch_ms(visit.c.ended_at)
    columns = visit.c.visitor_id, begun.label("begun"), ended.label("ended"), visit.c.trail, visit.c.trail_offset_ms
    known = visit.c.site_id == scope.site.id, visit.c.visitor_id.in_(visitors)
    visits = ask(select(*columns).where(*known)) if visitors else []
    return {
        key: Examples([event_id_of(one._asdict()) for one in history.newest], _trail(newest[key], visits))
        for key, history in histories.items()
    }


def _trail(incident: Incident, visits: list[dict[str, Any]]) -> list[str]:
    for one in visits:
        if one["visitor_id"] == incident.visitor_id and one["begun"] <= incident.at_ms <= one["ended"]:
            passed = sum(1 for offset in one["trail_offset_ms"] if one["begun"] + offset <= incident.at_ms)
            return list(one["trail"][:passed])
    return []
