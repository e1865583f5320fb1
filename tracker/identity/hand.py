"""What a person decides about profiles: put two together, take an edge back, let a conflict be one or two people.

Each leaves a row in the audit. Nothing is lost: an edge that was taken back stays with who did it and why.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.audit import note
from tracker.clock import utc_now
from tracker.errors import ConflictError, InvalidInputError
from tracker.identity.kinds import CONFIDENCE, RULES
from tracker.identity.projection import project
from tracker.languages import counted, gettext, marked
from tracker.models import Identifier, IdentityConflict, IdentityEdge, ProfileMember

LONGEST_REASON = 300
NOTHING_SAID = marked("No reason was given.")


def merge(session: Session, site_id: int, one: int, other: int, *, who: str, reason: str = "") -> IdentityEdge:
    """Put two profiles together by an edge of their own, and return it.

    InvalidInputError when they are one already, or when nothing is known of one of them.
    """
    reason = check_reason(reason)
    ends = [_speaker(session, site_id, profile) for profile in (one, other)]
    if (
        one == other
        or ends[0] == ends[1]
        or profile_of(session, site_id, ends[0]) == profile_of(session, site_id, ends[1])
    ):
        raise ConflictError("profile", gettext("these are one profile already"))
    now = utc_now()
    edge = IdentityEdge(
        site_id=site_id,
        a=min(ends),
        b=max(ends),
        kind="hand",
        rule=RULES["hand"],
        evidence={"reason": reason, "by": who},
        bits=None,
        confidence=CONFIDENCE["hand"],
        consent="",
        observed_at=now,
        last_observed_at=now,
        observations=1,
    )
    session.add(edge)
    session.flush()
    project(session, site_id, ends)
    note(
        session, site_id, who, "merge-profiles", str(one), {"with": str(other), "edge": str(edge.id), "reason": reason}
    )
    return edge


def take_back(session: Session, site_id: int, edge_id: int, *, who: str, reason: str = "") -> IdentityEdge:
    """Take an edge back, and tell anew whom its ends belong to; InvalidInputError when there is no such live edge."""
    reason = check_reason(reason)
    edge = _live_edge(session, site_id, edge_id)
    edge.retracted_at, edge.retracted_by, edge.reason = utc_now(), who, reason or NOTHING_SAID
    session.flush()
    project(session, site_id, (edge.a, edge.b), recheck=(edge.a, edge.b))
    note(session, site_id, who, "take-back-edge", str(edge.id), {"a": str(edge.a), "b": str(edge.b), "reason": reason})
    return edge


def put_back(session: Session, site_id: int, edge_id: int, *, who: str) -> IdentityEdge:
    """Make an edge that was taken back count again, as it did before; it is written anew, the old row stays."""
    edge = session.get(IdentityEdge, edge_id)
    if edge is None or edge.site_id != site_id or edge.retracted_at is None:
        raise ConflictError("edge", gettext("was not taken back"))
    live = select(IdentityEdge.id).where(
        IdentityEdge.site_id == site_id,
        IdentityEdge.a == edge.a,
        IdentityEdge.b == edge.b,
        IdentityEdge.kind == edge.kind,
        IdentityEdge.retracted_at.is_(None),
    )
    if session.scalar(live) is not None:
        raise ConflictError("edge", gettext("counts again already"))
    columns = {
        column.name: getattr(edge, column.name)
        for column in IdentityEdge.__table__.columns
        if column.name not in ("id", "retracted_at", "retracted_by", "reason")
    }
    again = IdentityEdge(**columns)
    session.add(again)
    session.flush()
    project(session, site_id, (edge.a, edge.b), recheck=(edge.a, edge.b))
    note(session, site_id, who, "put-back-edge", str(again.id), {"a": str(edge.a), "b": str(edge.b)})
    return again


def decide(session: Session, site_id: int, conflict_id: int, decision: str, *, who: str, reason: str = "") -> None:
    """Decide whether the two logins of a conflict are `one` person, which merges them, or `apart`."""
    conflict = session.get(IdentityConflict, conflict_id)
    if conflict is None or conflict.site_id != site_id:
        raise InvalidInputError("conflict", gettext("there is none of this number"))
    if decision not in ("one", "apart"):
        raise InvalidInputError("decision", gettext("must be one or apart"))
    reason = check_reason(reason)
    conflict.decided_at, conflict.decided_by, conflict.decision = utc_now(), who, decision
    session.flush()
    if decision == "one":
        merge(session, site_id, conflict.a, conflict.b, who=who, reason=reason)
    note(session, site_id, who, "decide-conflict", str(conflict.id), {"decision": decision})


def profile_of(session: Session, site_id: int, identifier: int) -> int:
    """Return the profile that an identifier is of today; its own id when it is tied to nothing."""
    found = session.scalar(
        select(ProfileMember.profile_id)
        .where(ProfileMember.site_id == site_id, ProfileMember.identifier_id == identifier)
        .order_by(ProfileMember.since_at.desc())
        .limit(1)
    )
    return identifier if found is None else found


def check_reason(text: str) -> str:
    """Return a reason without the spaces around it; InvalidInputError when it is too long."""
    reason = text.strip()
    if len(reason) > LONGEST_REASON or not reason.replace("\n", " ").replace("\r", " ").isprintable():
        problem = counted(
            "must be text of at most %(n)s character", "must be text of at most %(n)s characters", LONGEST_REASON
        )
        raise InvalidInputError("reason", problem)
    return reason


def _live_edge(session: Session, site_id: int, edge_id: int) -> IdentityEdge:
    edge = session.get(IdentityEdge, edge_id)
    if edge is None or edge.site_id != site_id:
        raise InvalidInputError("edge", gettext("there is none of this number"))
    if edge.retracted_at is not None:
        raise ConflictError("edge", gettext("was taken back already"))
    return edge


def _speaker(session: Session, site_id: int, profile: int) -> int:
    """Return the identifier that speaks for a profile: its oldest login, so that no other login is in the way."""
    # one that has no edge that counts has no row, though a device that it shares with others may have
    members: Collection[int] = {
        profile,
        *session.scalars(
            select(ProfileMember.identifier_id).where(
                ProfileMember.site_id == site_id, ProfileMember.profile_id == profile
            )
        ),
    }
    known = session.scalars(select(Identifier).where(Identifier.site_id == site_id, Identifier.id.in_(members))).all()
    if not known:
        raise ConflictError("profile", gettext("is of a visitor who agreed to nothing, and cannot be merged"))
    best = min(known, key=lambda one: (one.kind != "login", one.first_seen_at, one.id))
    return best.id
