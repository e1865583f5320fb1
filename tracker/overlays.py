"""One-time tokens that open a heatmap over a live page, and the short sessions that they are traded for.

Only hashes are kept. One row is the token first and the session after: trading in replaces
the one hash by the other in a single statement, so that no token can be used twice.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from tracker.access import hash_token
from tracker.clock import utc_now
from tracker.languages import Language, language_of, spoken_language
from tracker.models import OverlayToken

TOKEN_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=1)


@dataclass(frozen=True)
class Overlay:
    """What a token or a session is for: one site's heatmap, in scope and language of the page it was opened from."""

    site_id: int
    scope: str
    language: Language


def create_overlay_token(session: Session, site_id: int, scope: str) -> str:
    """Return a token to be traded in within TOKEN_LASTS; `scope` is the query of the heatmap's page.

    The overlay will speak the language that is spoken now.
    """
    now = utc_now()
    session.execute(delete(OverlayToken).where(OverlayToken.expires_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(
        OverlayToken(
            token_hash=hash_token(token),
            site_id=site_id,
            scope=scope,
            language=spoken_language().tag,
            expires_at=now + TOKEN_LASTS,
            used_at=None,
        )
    )
    session.flush()
    return token


def find_token(session: Session, token: str) -> Overlay | None:
    """Return what a token opens; None when it is unknown, used or too old."""
    return _find(session, OverlayToken.token_hash == hash_token(token), OverlayToken.used_at.is_(None))


def trade_in(session: Session, token: str) -> str | None:
    """Use a token up and return a session that lasts SESSION_LASTS; None when it is unknown, used or too old."""
    now, opened = utc_now(), secrets.token_urlsafe(32)
    traded = session.execute(
        update(OverlayToken)
        .where(
            OverlayToken.token_hash == hash_token(token),
            OverlayToken.used_at.is_(None),
            OverlayToken.expires_at > now,
        )
        .values(token_hash=hash_token(opened), used_at=now, expires_at=now + SESSION_LASTS)
        .returning(OverlayToken.site_id)
    )
    return opened if traded.first() is not None else None


def find_session(session: Session, opened: str) -> Overlay | None:
    """Return what a session may read; None when it is unknown or over."""
    return _find(session, OverlayToken.token_hash == hash_token(opened), OverlayToken.used_at.is_not(None))


def _find(session: Session, *conditions: ColumnElement[bool]) -> Overlay | None:
    row = session.scalar(select(OverlayToken).where(*conditions, OverlayToken.expires_at > utc_now()))
    return None if row is None else Overlay(row.site_id, row.scope, language_of(row.language))
