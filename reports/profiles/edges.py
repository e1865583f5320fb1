"""The edges of a profile: why its identifiers belong together, what is set aside, and what was taken back."""

from collections.abc import Collection, Sequence

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from reports.profiles.evidence import tell
from reports.profiles.ids import short
from reports.profiles.known import identifiers_of, shapes_of
from reports.profiles.shapes import EdgeShape, IdentifierShape, Standing
from reports.profiles.words import named
from tracker.identity.graph import AT_ONCE, chunks
from tracker.identity.kinds import CAPS
from tracker.models import IdentityConflict, IdentityEdge
from tracker.sites import SiteInfo

MOST_EDGES = 300
_KINDS = ("hand", "login", "link_token", "fingerprint", "first_party")
_ORDER = (
    case({kind: rank for rank, kind in enumerate(_KINDS)}, value=IdentityEdge.kind, else_=len(_KINDS)),
    IdentityEdge.observed_at.desc(),
    IdentityEdge.id,
)


def edges_of(session: Session, site: SiteInfo, profile: int, limit: int = MOST_EDGES) -> tuple[list[EdgeShape], bool]:
    """Return the edges at a profile's identifiers, and whether there are more than `limit`.

    Those that tell the most come first: by hand, logins, links, looks; at last the numbers of single days.
    """
    ids = [int(one.id) for one in identifiers_of(session, site, profile)]
    found: dict[int, IdentityEdge] = {}
    for chunk in chunks(ids, AT_ONCE):
        for end in (IdentityEdge.a, IdentityEdge.b):
            wanted = select(IdentityEdge).where(IdentityEdge.site_id == site.id, end.in_(chunk))
            ordered = wanted.order_by(*_ORDER).limit(limit + 1)
            found |= {edge.id: edge for edge in session.scalars(ordered)}
    edges = sorted(found.values(), key=lambda edge: (_rank(edge), -edge.observed_at.timestamp(), edge.id))
    return shapes(session, site, edges[:limit], profile), len(edges) > limit


def edge_of(session: Session, site: SiteInfo, edge_id: int) -> EdgeShape | None:
    """Return one edge of a site; None when it has none of this number."""
    edge = session.get(IdentityEdge, edge_id)
    if edge is None or edge.site_id != site.id:
        return None
    return shapes(session, site, [edge])[0]


def shapes(
    session: Session, site: SiteInfo, edges: Sequence[IdentityEdge], seen_from: int | None = None
) -> list[EdgeShape]:
    """Tell edges in words."""
    ends = shapes_of(session, site, {end for edge in edges for end in (edge.a, edge.b)}, seen_from)
    aside = _set_aside(session, site.id, [edge.id for edge in edges])
    return [_shape(session, site, edge, ends, aside) for edge in edges]


def _shape(
    session: Session, site: SiteInfo, edge: IdentityEdge, ends: dict[int, IdentifierShape], aside: Collection[int]
) -> EdgeShape:
    a, b = (ends.get(end) or _forgotten(end, edge, site) for end in (edge.a, edge.b))
    needed = edge.evidence.get("needed")
    return EdgeShape(
        id=str(edge.id),
        kind=edge.kind,
        a=a,
        b=b,
        evidence=tell(session, site, edge, {a.kind, b.kind}),
        standing=_standing(edge, a, b, aside),
        rule=edge.rule,
        confidence=edge.confidence,
        bits=edge.bits,
        needed=float(needed) if isinstance(needed, int | float) else None,
        consent=edge.consent,
        observed_at=edge.observed_at.astimezone(site.tzinfo),
        last_observed_at=edge.last_observed_at.astimezone(site.tzinfo),
        observations=edge.observations,
        retracted_at=edge.retracted_at.astimezone(site.tzinfo) if edge.retracted_at else None,
        retracted_by=edge.retracted_by,
        reason=edge.reason,
    )


def _standing(edge: IdentityEdge, a: IdentifierShape, b: IdentifierShape, aside: Collection[int]) -> Standing:
    if edge.retracted_at is not None:
        return "taken back"
    if any(end.hub and CAPS[end.kind][0] == edge.kind for end in (a, b)):  # type: ignore[index]
        return "hub"
    return "set aside" if edge.id in aside else "counts"


def _set_aside(session: Session, site_id: int, edge_ids: Sequence[int]) -> set[int]:
    """Return those of the edges that would make two logins one, unless somebody said that they are."""
    aside = or_(IdentityConflict.decision.is_(None), IdentityConflict.decision == "apart")
    found: set[int] = set()
    for chunk in chunks(edge_ids, AT_ONCE):
        wanted = select(IdentityConflict.edge_id).where(
            IdentityConflict.site_id == site_id, IdentityConflict.edge_id.in_(chunk), aside
        )
        found |= set(session.scalars(wanted))
    return found


def _forgotten(end: int, edge: IdentityEdge, site: SiteInfo) -> IdentifierShape:
    """Stand in for an identifier that is kept no longer, as one of a day that expired."""
    return IdentifierShape(
        id=str(end),
        kind="daily_hash",
        named=named("daily_hash"),
        short=short(end),
        first_seen=edge.observed_at.astimezone(site.tzinfo),
        last_seen=edge.last_observed_at.astimezone(site.tzinfo),
        hub=False,
        profile=str(end),
    )


def _rank(edge: IdentityEdge) -> int:
    return _KINDS.index(edge.kind) if edge.kind in _KINDS else len(_KINDS)
