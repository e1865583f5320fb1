"""What a recipient does not want to hear of for a while, or for good: theirs alone, the others hear on."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from tracker.languages import marked
from tracker.models import Mute, Recipient, Watch

FOR: dict[str, tuple[str, timedelta | None]] = {
    "day": (marked("for a day"), timedelta(days=1)),
    "week": (marked("for 7 days"), timedelta(days=7)),
    "good": (marked("for good"), None),
}
"""How long: the word in a form, the words for people, and the time; None is for good."""


def mute(session: Session, recipient: Recipient, kind: str, how_long: timedelta | None, now: datetime) -> None:
    """Tell a recipient nothing of a kind for so long; a later word replaces an earlier one."""
    until = now + how_long if how_long is not None else None
    session.merge(Mute(recipient_id=recipient.id, kind=kind, until=until))


def unmute(session: Session, watch: Watch, recipient_id: int, kind: str) -> None:
    """Let a recipient of a watch hear of a kind again."""
    mine = select(Recipient.id).where(Recipient.watch_id == watch.id)
    session.execute(
        delete(Mute).where(Mute.recipient_id == recipient_id, Mute.kind == kind, Mute.recipient_id.in_(mine))
    )


def is_muted(session: Session, recipient_id: int, kind: str, now: datetime) -> bool:
    """Tell whether a recipient wants to hear nothing of a kind now."""
    found = select(Mute.kind).where(Mute.recipient_id == recipient_id, Mute.kind == kind, _holds(now))
    return session.scalar(found) is not None


def mutes_of(session: Session, watch: Watch, now: datetime) -> list[tuple[Recipient, Mute]]:
    """Return what is muted on a watch's list now, by address."""
    found = select(Recipient, Mute).join(Mute, Mute.recipient_id == Recipient.id)
    found = found.where(Recipient.watch_id == watch.id, _holds(now)).order_by(Recipient.address, Mute.kind)
    return [(recipient, one) for recipient, one in session.execute(found)]


def _holds(now: datetime) -> ColumnElement[bool]:
    return or_(Mute.until.is_(None), Mute.until > now)
