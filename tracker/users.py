"""People: adding them, checking their password, giving them a role on a site."""

import re

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.checking import one_of
from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.languages.checking import check_language
from tracker.models import Member, SignIn, User
from tracker.passwords import hash_password, is_outdated, password_fits
from tracker.roles import ROLES

_EMAIL = re.compile(r"[^\s@<>\"',;:\\]+@[^\s@<>\"',;:\\]+\.[^\s@<>\"',;:\\.]+")


def create_user(session: Session, email: str, password: str, *, owner: bool = False) -> User:
    """Add a person; InvalidInputError names `email` or `password` when it will not do."""
    email = check_email(email)
    if find_user(session, email) is not None:
        raise InvalidInputError("email", gettext("%(email)s has an account already", email=email))
    user = User(email=email, password_hash=hash_password(password), owner=owner, created_at=utc_now())
    session.add(user)
    session.flush()
    return user


def check_email(text: str) -> str:
    """Return an address as it is kept; InvalidInputError when it is none."""
    email = text.strip().lower()
    if len(email) > 320 or not _EMAIL.fullmatch(email):
        raise InvalidInputError("email", gettext("must be an address such as ann@example.org"))
    return email


def find_user(session: Session, email: str) -> User | None:
    """Return the person with this address, in whatever case it is typed."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def any_user(session: Session) -> bool:
    """Tell whether somebody has an account here, which ends the first run."""
    return bool(session.scalar(select(func.count()).select_from(User)))


def check_user(session: Session, email: str, password: str) -> User | None:
    """Return the person whose password this is, as slowly for an unknown address as for a known one."""
    user = find_user(session, email)
    if not password_fits(password, user.password_hash if user else None) or user is None:
        return None
    if is_outdated(user.password_hash):
        user.password_hash = hash_password(password)
    return user


def change_password(session: Session, user: User, old: str, new: str) -> None:
    """Replace a password and sign every browser out; InvalidInputError names `old` or `password`."""
    if not password_fits(old, user.password_hash):
        raise InvalidInputError("old", gettext("is not your present password"))
    user.password_hash = hash_password(new)
    session.execute(delete(SignIn).where(SignIn.user_id == user.id))


def change_language(session: Session, user: User, tag: str) -> str | None:
    """Keep which language a person reads, and return its tag; none is what their browser asks for.

    InvalidInputError names `language` when it is not spoken here.
    """
    user.language = check_language(tag) if tag else None
    session.flush()
    return user.language


def set_role(session: Session, user_id: int, site_id: int, role: str | None) -> None:
    """Give a person a role on a site; None takes it away."""
    if role is not None:
        one_of("role", role, ROLES)
    member = session.get(Member, (user_id, site_id))
    if member is not None and role is None:
        session.delete(member)
    elif member is not None and role is not None:
        member.role = role
    elif role is not None:
        session.add(Member(user_id=user_id, site_id=site_id, role=role))
    session.flush()
