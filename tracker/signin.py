"""Signed-in browsers and one-time links: random tokens, of which only hashes are kept."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.access import hash_token
from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.models import OneTimeLink, SignIn
from tracker.users import any_user

SIGN_IN_LASTS = timedelta(days=14)
FIRST_RUN_LASTS = timedelta(hours=24)
FIRST_RUN = "first-run"


def sign_in(session: Session, user_id: int, old_token: str | None = None) -> str:
    """Remember a browser for 14 days and return its cookie; the one that it had before ends."""
    now = utc_now()
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    if old_token:
        sign_out(session, old_token)
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=hash_token(token), user_id=user_id, created_at=now, expires_at=now + SIGN_IN_LASTS))
    session.flush()
    return token


def sign_out(session: Session, token: str) -> None:
    """Forget a browser."""
    session.execute(delete(SignIn).where(SignIn.token_hash == hash_token(token)))


def sign_ins(session: Session, user_id: int) -> list[SignIn]:
    """Return a person's signed-in browsers, the newest first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.user_id == user_id, SignIn.expires_at > utc_now())
            .order_by(SignIn.created_at.desc())
        )
    )


def sign_out_everywhere(session: Session, user_id: int, but_token: str | None = None) -> None:
    """Forget all of a person's browsers, except the one with this cookie."""
    kept = hash_token(but_token) if but_token else ""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.token_hash != kept))


def create_first_run_link(session: Session) -> str | None:
    """Return the token of a link under /welcome/ that makes the first owner, valid for 24 hours.

    None when there is a user already. An earlier link ends, so that only the last one printed works.
    """
    if any_user(session):
        return None
    session.execute(delete(OneTimeLink).where(OneTimeLink.purpose == FIRST_RUN))
    token = secrets.token_urlsafe(24)
    expires_at = utc_now() + FIRST_RUN_LASTS
    session.add(OneTimeLink(token_hash=hash_token(token), purpose=FIRST_RUN, expires_at=expires_at, used_at=None))
    session.flush()
    return token


def link_is_good(session: Session, token: str, purpose: str) -> bool:
    """Tell whether a link can still be used."""
    link = session.get(OneTimeLink, hash_token(token))
    return link is not None and link.purpose == purpose and link.used_at is None and link.expires_at > utc_now()


def use_link(session: Session, token: str, purpose: str) -> None:
    """Use a link up; InvalidInputError when it is unknown, used or too old."""
    now = utc_now()
    used = session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == hash_token(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeLink.token_hash)
    ).first()
    if used is None:
        raise InvalidInputError("link", gettext("this link was used already or is too old"))
