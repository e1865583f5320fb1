"""Everything that is kept of one person, in one JSON document, and nothing of anybody else.

docs/rights.md describes its shape. Times are in UTC, ids are strings, what is not known is left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, Select, String, Table, select, tuple_
from sqlalchemy.orm import Session

from tracker import audit
from tracker.clock import utc_now
from tracker.database import Database
from tracker.identity.graph import rows_of
from tracker.models import BrowserState, Identifier, IdentityConflict, IdentityEdge, SignInSpan
from tracker.rights.forgetting import audit_of
from tracker.rights.journal import EXPORTED
from tracker.rights.person import Part, Person, find_person, in_pieces, is_known
from tracker.sites import SiteInfo
from tracker.store.base import EventStore, Trace
from tracker.store.erasing import of_traces
from tracker.store.schema import event, struggle, visit
from tracker.visits import visits_of

FORMAT = 1
ROWS_AT_ONCE = 2000
Item: TypeAlias = dict[str, Any]
_LEFT_OUT = ("site_id", "ingest_id", "revision")
_A_RULE = re.compile(r"[a-z-]+@[0-9]+")


@dataclass(frozen=True)
class Held:
    """What is kept of a person: small things at once, visits, struggles and events as they are asked for."""

    site: SiteInfo
    person: Person
    made_at: datetime
    small: Mapping[str, list[Item]]
    store: EventStore

    def visits(self) -> Iterator[Item]:
        """Give the visits, made of the person's own events alone."""
        for some in self._pieces():
            yield from _items(self.store, visit, visits_of(of_traces(event, self.site.id, some)))

    def struggles(self) -> Iterator[Item]:
        """Give the struggles that begin with an event of the person's."""
        for some in self._pieces():
            theirs = select(event.c.view_id, event.c.seq).where(of_traces(event, self.site.id, some))
            here = tuple_(struggle.c.view_id, struggle.c.seq).in_(theirs)
            found = select(*struggle.c).where(struggle.c.site_id == self.site.id, here)
            yield from _items(self.store, struggle, found.order_by(struggle.c.occurred_at))

    def events(self) -> Iterator[Item]:
        """Give the events in the order of loading, with flat memory."""
        for some in self._pieces():
            theirs = select(*event.c).where(of_traces(event, self.site.id, some)).order_by(event.c.ingest_id)
            after, rows = -1, ROWS_AT_ONCE
            while rows == ROWS_AT_ONCE:
                found = self.store.query(theirs.where(event.c.ingest_id > after).limit(ROWS_AT_ONCE)).records()
                yield from (_item(event, row) for row in found)
                rows = len(found)
                after = found[-1]["ingest_id"] if found else after

    def _pieces(self) -> list[list[Trace]]:
        return in_pieces(self.person.traces(self.made_at))


def gather(session: Session, store: EventStore, site: SiteInfo, person: Person, now: datetime) -> Held:
    """Return what is kept of a person at an aware time."""
    edges = _edges(session, person)
    conflicts = _conflicts(session, person)
    noted = audit_of(session, site.id, person.whole, [edge.id for edge in edges], [one.id for one in conflicts])
    small = {
        "identifiers": _identifiers(session, person),
        "edges": [_edge(edge, person) for edge in edges],
        "sign_ins": _sign_ins(session, person),
        "browsers": _browsers(session, person),
        "conflicts": [
            _known(opened_at=one.opened_at, decided_at=one.decided_at, decision=one.decision) for one in conflicts
        ],
        "audit": [
            _known(at=entry.at, action=entry.action, reason=entry.detail.get("reason") or None) for entry in noted
        ],
    }
    return Held(site, person, now, small, store)


def export_person(database: Database, store: EventStore, site: SiteInfo, profile_id: int, who: str) -> Held | None:
    """Return what is kept of a profile, and note in the audit who asked for it; None when that is nothing.

    InvalidInputError when its number is another profile's identifier.
    """
    now = utc_now()
    with database.session() as session:
        person = find_person(session, site.id, profile_id)
        if not is_known(session, store, person, now):
            return None
        held = gather(session, store, site, person, now)
        audit.note(session, site.id, who, EXPORTED, str(profile_id))
    return held


def write_json(held: Held) -> Iterator[bytes]:
    """Yield the document in pieces."""
    head = {
        "format": FORMAT,
        "made_at": held.made_at,
        "site": {"name": held.site.name, "hosts": list(held.site.hosts), "zone": held.site.zone},
        "profile": str(held.person.profile_id),
        **held.small,
    }
    yield msgspec.json.encode(head)[:-1]
    for name, items in (("visits", held.visits()), ("struggles", held.struggles()), ("events", held.events())):
        yield b',\n"%s":[' % name.encode()
        between = b"\n"
        for item in items:
            yield between + msgspec.json.encode(item)
            between = b",\n"
        yield b"]"
    yield b"}\n"


def _identifiers(session: Session, person: Person) -> list[Item]:
    wanted = select(Identifier.id, Identifier.kind, Identifier.first_seen_at, Identifier.last_seen_at).where(
        Identifier.site_id == person.site_id
    )
    rows = {row[0]: row for row in rows_of(session, wanted, Identifier.id.in_, person.ids)}
    found = []
    for one in sorted(person.whole):
        _, kind, first, last = rows.get(one, (one, None, None, None))
        found.append(_known(id=str(one), kind=kind, first_seen=first, last_seen=last))
    # when a shared one was seen first and last is not the person's alone to know
    found += [
        _known(id=str(part.identifier_id), kind=_kind(rows, part), shared=True, **_bounds(part))
        for part in person.parts
    ]
    return found


def _kind(rows: Mapping[int, Any], part: Part) -> str | None:
    return rows[part.identifier_id][1] if part.identifier_id in rows else None


def _bounds(part: Part) -> Item:
    since = None if part.since.year == 1970 else part.since
    return {"since": since, "until": part.until}


def _edges(session: Session, person: Person) -> list[IdentityEdge]:
    """Return the edges between the person's identifiers; of those between shared ones, what came up in their time."""
    wanted = select(IdentityEdge).where(IdentityEdge.site_id == person.site_id)
    found = {edge.id: edge for (edge,) in rows_of(session, wanted, IdentityEdge.a.in_, person.ids)}
    return [edge for _, edge in sorted(found.items()) if edge.b in person.ids and _is_theirs(edge, person)]


def _is_theirs(edge: IdentityEdge, person: Person) -> bool:
    if edge.a in person.whole or edge.b in person.whole:
        return True
    return all(_in_their_time(person, end, edge.observed_at) for end in (edge.a, edge.b))


def _edge(edge: IdentityEdge, person: Person) -> Item:
    own = edge.a in person.whole or edge.b in person.whole
    by = edge.retracted_by
    return _known(
        a=str(edge.a),
        b=str(edge.b),
        kind=edge.kind,
        rule=edge.rule,
        confidence=edge.confidence,
        bits=edge.bits,
        consent=edge.consent or None,
        evidence={name: value for name, value in edge.evidence.items() if name != "by"} or None,
        observed_at=edge.observed_at,
        last_observed_at=edge.last_observed_at if own else None,
        observations=edge.observations if own else None,
        taken_back_at=edge.retracted_at,
        taken_back_by=by if by is None or _A_RULE.fullmatch(by) else "a person",
        taken_back_why=edge.reason,
    )


def _sign_ins(session: Session, person: Person) -> list[Item]:
    wanted = (
        select(SignInSpan.login_id, SignInSpan.device_id, SignInSpan.first_at, SignInSpan.last_at)
        .where(SignInSpan.site_id == person.site_id)
        .order_by(SignInSpan.first_at)
    )
    return [
        _known(login=str(login), device=str(device), first_at=first, last_at=last)
        for login, device, first, last in rows_of(session, wanted, SignInSpan.login_id.in_, person.whole)
    ]


def _browsers(session: Session, person: Person) -> list[Item]:
    wanted = select(BrowserState).where(BrowserState.site_id == person.site_id).order_by(BrowserState.seen_at)
    found = [state for (state,) in rows_of(session, wanted, BrowserState.browser_id.in_, person.ids)]
    return [
        _known(browser=str(state.browser_id), seen_at=state.seen_at, attributes=state.attributes)
        for state in found
        if state.browser_id in person.whole or _in_their_time(person, state.browser_id, state.seen_at)
    ]


def _in_their_time(person: Person, one: int, at: datetime) -> bool:
    return any(
        part.identifier_id == one and part.since <= at and (part.until is None or at < part.until)
        for part in person.parts
    )


def _conflicts(session: Session, person: Person) -> list[IdentityConflict]:
    wanted = select(IdentityConflict).where(IdentityConflict.site_id == person.site_id)
    found = {
        one.id: one
        for column in (IdentityConflict.a, IdentityConflict.b)
        for (one,) in rows_of(session, wanted, column.in_, person.whole)
    }
    return [one for _, one in sorted(found.items())]


def _items(store: EventStore, table: Table, statement: Select[Any]) -> Iterator[Item]:
    yield from (_item(table, row) for row in store.query(statement).records())


def _item(table: Table, row: Mapping[str, Any]) -> Item:
    return {
        column.name: _value(column, row[column.name])
        for column in table.columns
        if column.name not in _LEFT_OUT and row.get(column.name) not in (None, [])
    }


def _value(column: Column[Any], value: Any) -> Any:
    if column.name == "properties":
        return msgspec.Raw(value.encode())
    if isinstance(column.type, DateTime):
        return value.replace(tzinfo=UTC)
    if isinstance(column.type, BigInteger):
        return str(value)
    return list(value) if not isinstance(column.type, String) and isinstance(value, Sequence) else value


def _known(**fields: Any) -> Item:
    return {name: value for name, value in fields.items() if value is not None}
