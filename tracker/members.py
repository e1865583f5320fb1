"""Who belongs to a site: invited, joined, given another role, removed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from tracker import audit
from tracker.access import hash_token
from tracker.checking import one_of
from tracker.clock import utc_now
from tracker.errors import ConflictError, InvalidInputError
from tracker.languages import counted, gettext, marked
from tracker.models import Invitation, Member, User
from tracker.of_site import how_many
from tracker.roles import ROLES
from tracker.users import check_email, set_role

INVITED_FOR = timedelta(days=7)
MOST_INVITATIONS = 50
_ALREADY = {
    "viewer": marked("%(email)s is a viewer already"),
    "editor": marked("%(email)s is an editor already"),
    "admin": marked("%(email)s is an admin already"),
}


@dataclass(frozen=True)
class Membership:
    """Somebody's role on a site; owners of the installation have every right on every site."""

    user_id: int
    email: str
    role: str


def members_of(session: Session, site_id: int) -> list[Membership]:
    """Return a site's members by address; owners are none."""
    wanted = select(User.id, User.email, Member.role).join(Member, Member.user_id == User.id)
    rows = session.execute(wanted.where(Member.site_id == site_id, ~User.owner).order_by(User.email))
    return [Membership(*row) for row in rows]


def owners(session: Session) -> list[str]:
    """Return the addresses of those who may do everything here."""
    return list(session.scalars(select(User.email).where(User.owner).order_by(User.email)))


def invitations_of(session: Session, site_id: int) -> list[Invitation]:
    """Return the invitations that nobody has taken yet, by address."""
    wanted = select(Invitation).where(Invitation.site_id == site_id, Invitation.expires_at > utc_now())
    return list(session.scalars(wanted.order_by(Invitation.email)))


def invite(session: Session, site_id: int, email: str, role: str, who: str) -> str:
    """Invite an address, and return the token of its link, which works once and for a week.

    An earlier invitation of it ends. InvalidInputError names `email` or `role`.
    """
    email = check_email(email)
    one_of("role", role, ROLES)
    if email in owners(session):
        raise InvalidInputError("email", gettext("%(email)s is an owner, and may do everything already", email=email))
    if any(one.email == email and one.role == role for one in members_of(session, site_id)):
        raise InvalidInputError("email", gettext(_ALREADY[role], email=email))
    session.execute(delete(Invitation).where(Invitation.site_id == site_id, Invitation.email == email))
    if how_many(session, Invitation, site_id) >= MOST_INVITATIONS:
        problem = counted(
            "%(n)s invitation is open already; take one back first",
            "%(n)s invitations are open already; take one back first",
            MOST_INVITATIONS,
        )
        raise ConflictError("email", problem)
    token, now = secrets.token_urlsafe(32), utc_now()
    session.add(
        Invitation(
            token_hash=hash_token(token),
            site_id=site_id,
            email=email,
            role=role,
            created_at=now,
            created_by=who,
            expires_at=now + INVITED_FOR,
        )
    )
    session.flush()
    audit.note(session, site_id, who, "invite-member", email, {"role": role})
    return token


def take_back(session: Session, site_id: int, email: str, who: str) -> bool:
    """End an invitation; False when there is none."""
    gone = delete(Invitation).where(Invitation.site_id == site_id, Invitation.email == email)
    if session.execute(gone.returning(Invitation.token_hash)).first() is None:
        return False
    audit.note(session, site_id, who, "take-back-invitation", email)
    return True


def find_invitation(session: Session, token: str) -> Invitation | None:
    """Return what a link invites to; None when it was used, taken back, or is too old."""
    found = session.get(Invitation, hash_token(token))
    return found if found is not None and found.expires_at > utc_now() else None


def join(session: Session, invitation: Invitation, user: User) -> None:
    """Use an invitation up; who has a greater role already keeps it. InvalidInputError when it is for somebody else."""
    if user.email != invitation.email:
        raise InvalidInputError("email", gettext("this invitation is for %(email)s", email=invitation.email))
    used = delete(Invitation).where(Invitation.token_hash == invitation.token_hash).returning(Invitation.token_hash)
    if session.execute(used).first() is None:
        raise InvalidInputError("link", gettext("was used already"))
    present = session.get(Member, (user.id, invitation.site_id))
    if present is None or ROLES.index(present.role) < ROLES.index(invitation.role):
        set_role(session, user.id, invitation.site_id, invitation.role)
    audit.note(session, invitation.site_id, user.email, "join-site", user.email, {"role": invitation.role})


def change_role(session: Session, site_id: int, user_id: int, role: str | None, who: str) -> Membership:
    """Give a member another role, or (None) remove them, from this moment on; returns what they were.

    InvalidInputError when they are no member, or the last who could look after the site.
    """
    if role is not None:
        one_of("role", role, ROLES)
    members = members_of(session, site_id)
    member = next((one for one in members if one.user_id == user_id), None)
    if member is None:
        raise InvalidInputError("member", gettext("is none of this site any more"))
    if role != "admin" and _is_last(session, members, member):
        problem = gettext("%(email)s is the last admin, and there is no owner; add another first", email=member.email)
        raise InvalidInputError("member", problem)
    if role == member.role:
        return member
    set_role(session, user_id, site_id, role)
    _end_invitations(session, site_id, member, role)
    if role is None:
        audit.note(session, site_id, who, "remove-member", member.email, {"was": member.role})
    else:
        audit.note(session, site_id, who, "change-role", member.email, {"was": member.role, "now": role})
    return member


def _end_invitations(session: Session, site_id: int, member: Membership, role: str | None) -> None:
    """End the invitations by which a member would rise again, and those that they made while they could."""
    theirs = [Invitation.email == member.email]
    if role != "admin":
        theirs.append(Invitation.created_by == member.email)
    session.execute(delete(Invitation).where(Invitation.site_id == site_id, or_(*theirs)))


def _is_last(session: Session, members: Sequence[Membership], member: Membership) -> bool:
    admins = [one for one in members if one.role == "admin"]
    return admins == [member] and not owners(session)
