"""Writes what was observed into the relational store: identifiers, edges, stretches of logins."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.orm import Session

from tracker.identity.graph import add_rows, rows_of, to_ms, to_time
from tracker.identity.kinds import CONFIDENCE, RULES
from tracker.identity.observed import Observed, Pair, Times
from tracker.identity.sightings import Span, sighted
from tracker.models import ErasedIdentifier, Identifier, IdentityEdge, SignInSpan
from tracker.models.base import UtcDateTime


@dataclass(frozen=True)
class Grounds:
    """What speaks for an edge beside that its ends were seen together; see `models.IdentityEdge`."""

    evidence: dict[str, object] = field(default_factory=dict)
    bits: float | None = None
    confidence: float | None = None
    rule: str | None = None


_PLAIN = Grounds()


def forget_erased(session: Session, site_id: int, observed: Observed) -> None:
    """Take out what was seen of identifiers before they were erased."""
    wanted = select(ErasedIdentifier.id, ErasedIdentifier.erased_at).where(ErasedIdentifier.site_id == site_id)
    erased = {one: to_ms(at) for one, at in rows_of(session, wanted, ErasedIdentifier.id.in_, observed.names)}
    gone = {one for one, at in erased.items() if observed.names[one].first_ms <= at}
    if not gone:
        return
    for one in gone:
        del observed.names[one]
    for pair in [pair for pair in observed.pairs if gone & {pair[0], pair[1]}]:
        del observed.pairs[pair]
    observed.sign_ins = [seen for seen in observed.sign_ins if not gone & {seen[0], seen[1]}]
    observed.looks = [seen for seen in observed.looks if seen[0] not in gone]


def record_names(session: Session, site_id: int, observed: Observed) -> set[int]:
    """Add identifiers that are new, and let the others have been seen anew; returns those that turn out to be older."""
    wanted = select(Identifier.id, Identifier.first_seen_at).where(Identifier.site_id == site_id)
    known = {one: to_ms(first) for one, first in rows_of(session, wanted, Identifier.id.in_, observed.names)}
    fresh = [
        {
            "site_id": site_id,
            "id": one,
            "kind": observed.kinds[one],
            "first_seen_at": to_time(times.first_ms),
            "last_seen_at": to_time(times.last_ms),
            "hub": False,
        }
        for one, times in observed.names.items()
        if one not in known
    ]
    add_rows(session, Identifier, fresh)
    again = [
        {"of": one, "first": to_time(times.first_ms), "last": to_time(times.last_ms)}
        for one, times in observed.names.items()
        if one in known
    ]
    if again:
        first, last = bindparam("first", type_=UtcDateTime), bindparam("last", type_=UtcDateTime)
        session.connection().execute(
            update(Identifier)
            .where(Identifier.site_id == site_id, Identifier.id == bindparam("of"))
            .values(
                first_seen_at=case((Identifier.first_seen_at > first, first), else_=Identifier.first_seen_at),
                last_seen_at=case((Identifier.last_seen_at < last, last), else_=Identifier.last_seen_at),
            ),
            again,
        )
    return {one for one, first in known.items() if observed.names[one].first_ms < first}


def record_pairs(
    session: Session, site_id: int, observed: Observed, grounds: Mapping[Pair, Grounds] | None = None
) -> set[int]:
    """Add edges that are new and count the others once more; returns the ends of those that may change a profile.

    An edge that was taken back only counts: being seen again is not what was in doubt.
    """
    grounds = grounds or {}
    known = _known_edges(session, site_id, observed.pairs)
    touched: set[int] = set()
    fresh, again = [], []
    for pair, times in observed.pairs.items():
        if pair not in known:
            fresh.append(_new_edge(site_id, pair, times, observed.consents.get(pair, ""), grounds.get(pair, _PLAIN)))
            touched.update(pair[:2])
            continue
        edge = known[pair]
        again.append(
            {"of": edge.id, "first": to_time(times.first_ms), "last": to_time(times.last_ms), "more": times.seen}
        )
        if times.first_ms < edge.first_ms:
            touched.update(pair[:2])
    add_rows(session, IdentityEdge, fresh)
    if again:
        first, last = bindparam("first", type_=UtcDateTime), bindparam("last", type_=UtcDateTime)
        session.connection().execute(
            update(IdentityEdge)
            .where(IdentityEdge.id == bindparam("of"))
            .values(
                observed_at=case((IdentityEdge.observed_at > first, first), else_=IdentityEdge.observed_at),
                last_observed_at=case(
                    (IdentityEdge.last_observed_at < last, last), else_=IdentityEdge.last_observed_at
                ),
                observations=IdentityEdge.observations + bindparam("more"),
            ),
            again,
        )
    return touched


def record_sign_ins(session: Session, site_id: int, sign_ins: Iterable[tuple[int, int, int]]) -> set[int]:
    """Note who was signed in where and when; returns the devices on which the turns of people changed."""
    seen: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for device, login, at in sign_ins:
        seen[device].append((login, at))
    wanted = select(SignInSpan.device_id, SignInSpan.first_at, SignInSpan.last_at, SignInSpan.login_id).where(
        SignInSpan.site_id == site_id
    )
    before: defaultdict[int, list[Span]] = defaultdict(list)
    for device, first, last, login in rows_of(session, wanted, SignInSpan.device_id.in_, seen):
        before[device].append(Span(to_ms(first), to_ms(last), login))
    touched = set()
    gone, fresh = [], []
    for device, sightings in seen.items():
        old = tuple(sorted(before[device], key=lambda span: (span.first_ms, span.last_ms)))
        new = old
        for login, at in sightings:
            new = sighted(new, login, at)
        gone += [_span_row(site_id, device, span) for span in old if span not in new]
        fresh += [_span_row(site_id, device, span) for span in new if span not in old]
        if [(span.first_ms, span.login) for span in old] != [(span.first_ms, span.login) for span in new]:
            touched.add(device)
    if gone:
        own = (
            SignInSpan.site_id == site_id,
            SignInSpan.device_id == bindparam("of"),
            SignInSpan.first_at == bindparam("first", type_=UtcDateTime),
            SignInSpan.login_id == bindparam("login"),
        )
        session.connection().execute(
            delete(SignInSpan).where(*own),
            [{"of": row["device_id"], "first": row["first_at"], "login": row["login_id"]} for row in gone],
        )
    add_rows(session, SignInSpan, fresh)
    return touched


def _span_row(site_id: int, device: int, span: Span) -> dict[str, object]:
    return {
        "site_id": site_id,
        "device_id": device,
        "first_at": to_time(span.first_ms),
        "last_at": to_time(span.last_ms),
        "login_id": span.login,
    }


@dataclass(frozen=True)
class _Known:
    id: int
    first_ms: int


def _known_edges(session: Session, site_id: int, pairs: Collection[Pair]) -> dict[Pair, _Known]:
    """Return the edges that are there already, live ones before those that were taken back."""
    wanted = select(IdentityEdge.id, IdentityEdge.a, IdentityEdge.b, IdentityEdge.kind, IdentityEdge.observed_at).where(
        IdentityEdge.site_id == site_id
    )
    known: dict[Pair, _Known] = {}
    for order in (IdentityEdge.retracted_at.is_not(None), IdentityEdge.retracted_at.is_(None)):
        for number, a, b, kind, first in rows_of(
            session, wanted.where(order), IdentityEdge.a.in_, {pair[0] for pair in pairs}
        ):
            if (a, b, kind) in pairs:
                known[a, b, kind] = _Known(number, to_ms(first))
    return known


def _new_edge(site_id: int, pair: Pair, times: Times, consent: str, grounds: Grounds) -> dict[str, Any]:
    a, b, kind = pair
    return {
        "site_id": site_id,
        "a": a,
        "b": b,
        "kind": kind,
        "rule": grounds.rule or RULES[kind],
        "evidence": grounds.evidence,
        "bits": grounds.bits,
        "confidence": CONFIDENCE[kind] if grounds.confidence is None else grounds.confidence,
        "consent": consent,
        "observed_at": to_time(times.first_ms),
        "last_observed_at": to_time(times.last_ms),
        "observations": times.seen,
        "retracted_at": None,
        "retracted_by": None,
        "reason": None,
    }
