"""Reads one site's edges out of the relational store, from some identifiers to all that hang together with them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import BindParameter, Row, Select, bindparam, insert, select
from sqlalchemy.orm import Session

from tracker.identity.components import Edge, Named, SignedIn, find_hubs, is_cut
from tracker.identity.kinds import CAPS
from tracker.models import Base, Identifier, IdentityEdge, SignInSpan

AT_ONCE = 500  # values in one statement: SQLite took no more than 999 for long
IN_TEXT = 4000  # numbers written into a statement, which is a third of the price
T = TypeVar("T")
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]

_EDGE = (
    IdentityEdge.id,
    IdentityEdge.a,
    IdentityEdge.b,
    IdentityEdge.kind,
    IdentityEdge.observed_at,
    IdentityEdge.last_observed_at,
)


@dataclass
class Neighbourhood:
    """Identifiers that hang together, the live edges that count or may count among them, and the hubs at its rim.

    `hubs` are those of the identifiers that are hubs; edges that they cut are not in `edges`.
    """

    names: dict[int, Named] = field(default_factory=dict)
    edges: dict[int, Edge] = field(default_factory=dict)
    hubs: set[int] = field(default_factory=set)
    flagged: set[int] = field(default_factory=set)  # those that were known as hubs before


def neighbourhood(
    session: Session, site_id: int, start: Collection[int], recheck: Collection[int] = ()
) -> Neighbourhood:
    """Return all that hangs together with `start`. Known hubs are not looked into, but for those in `recheck`."""
    found, frontier = Neighbourhood(), set(start)
    known: dict[int, Named] = {}
    edges: dict[int, Edge] = {}
    flagged: set[int] = set()
    while frontier:
        flagged |= _learn(session, site_id, frontier, known)
        frontier &= known.keys()
        found.names |= {one: known[one] for one in frontier}
        fresh = _edges_of(session, site_id, frontier, flagged - set(recheck), known)
        flagged |= _learn(session, site_id, {end for edge in fresh.values() for end in (edge.a, edge.b)}, known)
        edges |= fresh
        # of the frontier all edges are here; through one that becomes a hub, all that it held together are touched
        found.hubs |= find_hubs(known, fresh.values()) & frontier
        frontier = {
            end
            for edge in fresh.values()
            if not is_cut(edge, known, flagged - set(recheck))
            for end in (edge.a, edge.b)
            if end not in found.names
        }
    found.flagged = flagged & found.names.keys()
    found.hubs |= flagged - set(recheck)
    found.edges = {
        number: edge
        for number, edge in edges.items()
        if edge.a in found.names and edge.b in found.names and not is_cut(edge, known, found.hubs)
    }
    return found


def sign_ins(session: Session, site_id: int, devices: Collection[int]) -> list[SignedIn]:
    """Return the stretches of logins on some devices."""
    wanted = select(SignInSpan.device_id, SignInSpan.login_id, SignInSpan.first_at).where(SignInSpan.site_id == site_id)
    return [
        SignedIn(device, login, to_ms(first))
        for device, login, first in rows_of(session, wanted, SignInSpan.device_id.in_, devices)
    ]


def _learn(session: Session, site_id: int, ids: Collection[int], known: dict[int, Named]) -> set[int]:
    """Add those of the identifiers that are not known yet; returns which of them are marked as hubs."""
    wanted = select(Identifier.id, Identifier.kind, Identifier.first_seen_at, Identifier.hub).where(
        Identifier.site_id == site_id
    )
    hubs = set()
    for one, kind, first, hub in rows_of(session, wanted, Identifier.id.in_, set(ids) - known.keys()):
        known[one] = Named(one, kind, to_ms(first))
        if hub:
            hubs.add(one)
    return hubs


def _edges_of(
    session: Session, site_id: int, ids: Collection[int], hubs: Collection[int], names: dict[int, Named]
) -> dict[int, Edge]:
    """Return the live edges at some identifiers; of hubs only those of other kinds than the one that is cut."""
    live = select(*_EDGE).where(IdentityEdge.site_id == site_id, IdentityEdge.retracted_at.is_(None))
    found: list[AnyRow] = []
    plain = set(ids) - set(hubs)
    for end in (IdentityEdge.a, IdentityEdge.b):
        found += rows_of(session, live, end.in_, plain)
        for hub in set(ids) & set(hubs):
            found += session.execute(live.where(end == hub, IdentityEdge.kind != CAPS[names[hub].kind][0]))
    return {number: Edge(number, a, b, kind, to_ms(first), to_ms(last)) for number, a, b, kind, first, last in found}


def rows_of(
    session: Session, statement: AnySelect, condition: Callable[[BindParameter[Any]], Any], ids: Collection[int]
) -> Iterator[AnyRow]:
    """Yield the rows of a statement for some ids, so many at once as engines take."""
    some = statement.where(condition(bindparam("ids", expanding=True, literal_execute=True)))
    for chunk in chunks(sorted(ids), IN_TEXT):
        yield from session.execute(some, {"ids": chunk})


def add_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows without making objects of them, which costs several times as much."""
    if rows:
        session.connection().execute(insert(model), rows)


def chunks(values: Sequence[T], size: int) -> Iterator[list[T]]:
    """Yield values in lists of at most `size`."""
    left = iter(values)
    while chunk := list(islice(left, size)):
        yield chunk


def to_ms(moment: datetime) -> int:
    """Return an aware time in ms since 1970."""
    return round(moment.timestamp() * 1000)


def to_time(ms: int) -> datetime:
    """Return ms since 1970 as an aware time in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)
