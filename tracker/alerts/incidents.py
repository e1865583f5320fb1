"""What was noticed becomes an alert, once, goes to the outbox when it may, and ends when it is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tracker.alerts.mutes import is_muted
from tracker.database import insert_new
from tracker.languages import Language, language_of, spoken_language
from tracker.models import Alert, Watch
from tracker.schedules.recipients import new_message, receiving

OVER_AFTER = timedelta(hours=1)
"""What is not found for so long is over, since it was last found."""


@dataclass(frozen=True)
class Noticed:
    """Something out of the usual: of which kind, and of what in it (`subject`, empty for the site as a whole).

    `told` says what happened, `why` by which rule it is told; `facts` are what a letter shows beside it, in JSON.
    All of it is in the language that is spoken when it is noted.
    One that is `once` is told a single time, whatever becomes of it.
    """

    kind: str
    subject: str
    began_at: datetime
    headline: str
    told: str
    why: str
    facts: dict[str, Any]
    once: bool = False


def open_alerts(session: Session, watch: Watch, kind: str | None = None) -> list[Alert]:
    """Return what a watch noticed and goes on, of one kind or of all."""
    found = select(Alert).where(Alert.watch_id == watch.id, Alert.ended_at.is_(None))
    return list(session.scalars(found.where(Alert.kind == kind) if kind else found))


def over_since(session: Session, watch: Watch) -> dict[tuple[str, str], datetime]:
    """Return when the last alert of each kind and subject was over."""
    last = select(Alert.kind, Alert.subject, func.max(Alert.ended_at)).where(Alert.watch_id == watch.id)
    rows = session.execute(last.where(Alert.ended_at.is_not(None)).group_by(Alert.kind, Alert.subject))
    return {(kind, subject): at for kind, subject, at in rows if at is not None}


def note(  # noqa: PLR0917 - what is known of a kind at a moment
    session: Session,
    watch: Watch,
    kind: str,
    noticed: Sequence[Noticed],
    now: datetime,
    still: Collection[str] = (),
) -> int:
    """Make alerts of what is new, go on with what is known, and end what is over; returns how many are new.

    What is known goes on while it is noticed, or its subject is among those that `still` do.

    Two processes that notice the same make one alert between them.
    """
    open_by_subject = {one.subject: one for one in open_alerts(session, watch, kind)}
    found = {one.subject: one for one in noticed}
    for subject, alert in open_by_subject.items():
        if subject in found or subject in still:
            alert.seen_at = now
        elif now - alert.seen_at >= OVER_AFTER:
            alert.ended_at = alert.seen_at
    new = [one for subject, one in found.items() if subject not in open_by_subject]
    return sum(_open(session, watch, one, now) for one in new if not _is_known(session, watch, one, now))


def said_in(alert: Alert) -> Language:
    """Return the language that was spoken when an alert was noticed, in which its words are."""
    return language_of(alert.facts.get("language"))


def tell(session: Session, watch: Watch, now: datetime, *, quiet: bool) -> int:
    """Put what goes on and was not told yet into the outbox, unless it is `quiet`; returns how many messages."""
    if quiet:
        return 0
    waiting = update(Alert).where(Alert.watch_id == watch.id, Alert.told_at.is_(None), Alert.ended_at.is_(None))
    messages = 0
    for alert_id, kind in session.execute(waiting.values(told_at=now).returning(Alert.id, Alert.kind)).all():
        for one in receiving(session, watch):
            if not is_muted(session, one.id, kind, now):
                session.add(new_message(watch, one.address, now, recipient_id=one.id, alert_id=alert_id))
                messages += 1
    return messages


def _is_known(session: Session, watch: Watch, one: Noticed, now: datetime) -> bool:
    """Tell whether the last of its sort is too near to tell it again."""
    same = select(Alert.id).where(Alert.watch_id == watch.id, Alert.kind == one.kind, Alert.subject == one.subject)
    if not one.once:
        same = same.where(Alert.ended_at > now - timedelta(hours=watch.cool_down_hours))
    return session.scalar(same.limit(1)) is not None


def _open(session: Session, watch: Watch, one: Noticed, now: datetime) -> bool:
    values = {
        "watch_id": watch.id,
        "kind": one.kind,
        "subject": one.subject,
        "began_at": one.began_at,
        "noticed_at": now,
        "seen_at": now,
        "headline": one.headline[:200],
        "told": one.told,
        "why": one.why,
        "facts": {**one.facts, "language": spoken_language().tag},
    }
    return insert_new(session, Alert.id, **values) is not None
