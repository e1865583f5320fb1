"""What is on its way outside is held by one process at a time, and tried again and again, later and later."""

from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.database import Database
from tracker.models import Message, WebhookMessage

TRIES_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
"""How long after each failed try the next one comes; after the last one it is given up."""
TAKEN_FOR = timedelta(minutes=3)  # longer than a server's time limits; the report is asked before that
BEYOND = 5 * TAKEN_FOR
LONGEST_PROBLEM = 500

T = TypeVar("T", Message, WebhookMessage)
_log = structlog.get_logger("footfall.outgoing")


class Hold(Generic[T]):
    """One process's hold on a message; only who holds it sends it and tells what became of it."""

    def __init__(self, database: Database, kind: type[T], number: int) -> None:
        self._database = database
        self._kind: type[T] = kind
        self._number = number
        self._until: datetime | None = None

    def take(self, session: Session) -> bool:
        """Take the message for a while, if it waits and nobody has it."""
        return self._claim(session, is_free(self._kind, utc_now()))

    def prolong(self) -> bool:
        """Take it for a while more; False when another process has it by now."""
        with self._database.session() as session:
            return self._claim(session, self._kind.taken_until == self._until)

    def held(self, session: Session) -> T | None:
        """Return the message to note what became of it; None when it was deleted, or is another process's by now."""
        mine = self._kind.id == self._number, self._kind.taken_until == self._until
        return session.scalar(select(self._kind).where(*mine))

    def _claim(self, session: Session, condition: ColumnElement[bool]) -> bool:
        until = utc_now() + TAKEN_FOR
        claimed = session.execute(
            update(self._kind)
            .where(self._kind.id == self._number, self._kind.state == "waiting", condition)
            .values(taken_until=until)
            .returning(self._kind.id)
        ).first()
        if claimed is not None:
            self._until = until
        return claimed is not None


def is_free(kind: type[Message] | type[WebhookMessage], now: datetime) -> ColumnElement[bool]:
    """Say of a message that no process has it; one taken for longer than any was so before the clock was put back."""
    return or_(kind.taken_until.is_(None), kind.taken_until <= now, kind.taken_until > now + BEYOND)


def put_off(session: Session, kind: type[Message] | type[WebhookMessage], of_receiver: ColumnElement[bool]) -> None:
    """Let what else waits for a receiver at which something failed wait as long as that does at least."""
    now = utc_now()
    soonest = now + TRIES_AFTER[0]
    waiting = of_receiver, kind.state == "waiting", is_free(kind, now)
    session.execute(update(kind).where(*waiting, kind.next_try_at < soonest).values(next_try_at=soonest))


def note_try(message: Message | WebhookMessage, problem: str | None, *, may_help: bool) -> None:
    """Note that a held message was tried: it is sent without a `problem`, else tried again where that may help."""
    message.tries += 1
    message.taken_until = None
    if problem is None:
        message.state, message.sent_at, message.problem = "sent", utc_now(), None
        return
    message.problem = problem[:LONGEST_PROBLEM]
    if may_help and message.tries <= len(TRIES_AFTER):
        message.next_try_at = utc_now() + TRIES_AFTER[message.tries - 1]
    else:
        message.state, message.next_try_at = "failed", utc_now()
    _log.warning("a message was not sent", message=message.id, tries=message.tries, again=message.state == "waiting")
