"""Examples of faults: which incidents to look at, and the way that led to the newest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select

from reports.query.moments import stored
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
    told_apart = [one for one in newest.values() if one.visitor_id is not None]
    visits = ask(_visits(scope, told_apart)) if told_apart else []
    return {
        key: Examples([event_id_of(one._asdict()) for one in history.newest], _trail(newest[key], visits))
        for key, history in histories.items()
    }


def _visits(scope: Scope, incidents: Sequence[Incident]) -> Select[Any]:
    """Select the visits in which incidents took place, and perhaps others of the same visitors."""
    visitors = sorted({one.visitor_id for one in incidents if one.visitor_id is not None})
    times = [stored(datetime.fromtimestamp(one.at_ms / 1000, UTC)) for one in incidents]
    begun, ended = epoch_ms(visit.c.started_at), epoch_ms(visit.c.ended_at)
    columns = visit.c.visitor_id, begun.label("begun"), ended.label("ended"), visit.c.trail, visit.c.trail_offset_ms
    # the times spare the engine what is stored of all other days
    at_the_time = visit.c.started_at <= max(times), visit.c.ended_at >= min(times)
    return select(*columns).where(visit.c.site_id == scope.site.id, visit.c.visitor_id.in_(visitors), *at_the_time)


def _trail(incident: Incident, visits: list[dict[str, Any]]) -> list[str]:
    for one in visits:
        if one["visitor_id"] == incident.visitor_id and one["begun"] <= incident.at_ms <= one["ended"]:
            passed = sum(1 for offset in one["trail_offset_ms"] if one["begun"] + offset <= incident.at_ms)
            return list(one["trail"][:passed])
    return []
