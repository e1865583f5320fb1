"""Conflicts: edges that would make two logins one person, with what is known of each, for somebody to decide."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.profiles.came import DEVICES, PLACES, came, seen
from reports.profiles.edges import shapes
from reports.profiles.known import known_of, now_part_of, shapes_of
from reports.profiles.shapes import ConflictShape, IdentifierShape, Side
from reports.report import Ask
from tracker.models import IdentityConflict, IdentityEdge
from tracker.sites import SiteInfo

MOST_CONFLICTS = 50


def find_conflicts(
    session: Session,
    ask: Ask,
    site: SiteInfo,
    *,
    decided: bool = False,
    only: Sequence[int] | None = None,
    limit: int = MOST_CONFLICTS,
) -> list[ConflictShape]:
    """Return a site's open conflicts, the oldest first, or those that were decided, the latest first; at most `limit`.

    `only` are the numbers of those that are asked for.
    """
    at = IdentityConflict.decided_at
    wanted = select(IdentityConflict).where(
        IdentityConflict.site_id == site.id, at.is_not(None) if decided else at.is_(None)
    )
    if only is not None:
        wanted = wanted.where(IdentityConflict.id.in_(only))
    ordered = wanted.order_by(at.desc() if decided else IdentityConflict.id).limit(limit)
    found = []
    for conflict in session.scalars(ordered):
        edge = session.get(IdentityEdge, conflict.edge_id)
        if edge is not None:
            found.append(_shape(session, ask, site, conflict, edge))
    return found


def _shape(session: Session, ask: Ask, site: SiteInfo, conflict: IdentityConflict, edge: IdentityEdge) -> ConflictShape:
    logins = shapes_of(session, site, (conflict.a, conflict.b))
    return ConflictShape(
        id=conflict.id,
        opened_at=conflict.opened_at.astimezone(site.tzinfo),
        edge=shapes(session, site, [edge])[0],
        sides=[_side(session, ask, site, logins[login]) for login in (conflict.a, conflict.b) if login in logins],
        decision=conflict.decision,
        decided_at=conflict.decided_at.astimezone(site.tzinfo) if conflict.decided_at else None,
        decided_by=conflict.decided_by,
    )


def _side(session: Session, ask: Ask, site: SiteInfo, login: IdentifierShape) -> Side:
    profile = now_part_of(session, site.id, int(login.id))
    visits = came(session, ask, site, profile)
    return Side(
        login=login,
        profile=str(profile),
        identifiers=dict(sorted(known_of(session, site.id, [profile])[profile].identifiers.items())),
        visits=visits.visits,
        views=visits.views,
        last_seen=visits.last_seen,
        devices=seen(session, ask, site, profile, DEVICES),
        places=seen(session, ask, site, profile, PLACES),
    )
