"""The outbox: what is due becomes messages, once, and each message is sent until it arrives or cannot."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import RefusedError, UnreachableError
from tracker.models import Delivery, Message, Recipient, Schedule
from tracker.schedules.book import rhythm_of
from tracker.schedules.rhythm import Due, last_due

TRIES_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
"""How long after each failed try the next one comes; after the last one it is given up."""
TAKEN_FOR = timedelta(minutes=3)  # longer than a report's and a mail server's time limits together
AT_ONCE = 50
_LONGEST_PROBLEM = 500

_log = structlog.get_logger("footfall.schedules")


@dataclass(frozen=True)
class Parcel:
    """A message that was taken out to be sent, with all that belongs to it; without a delivery it asks to confirm."""

    message: Message
    recipient: Recipient | None
    schedule: Schedule
    delivery: Delivery | None


Send = Callable[[Parcel], None]
"""Sends a parcel; raises UnreachableError or RefusedError, whose text the site's people may read."""


def note_due(database: Database, now: datetime) -> int:
    """Put what came due, and was not noted yet, into the outbox; returns how many deliveries that were.

    After a stop only the latest period of each schedule is owed. Two processes that find the same
    moment due make one delivery between them.
    """
    made = 0
    with database.session() as session:
        schedules = list(session.scalars(select(Schedule).where(~Schedule.paused)))
        latest = {
            (row.schedule_id, row.first_day, row.last_day)
            for row in session.execute(
                select(Delivery.schedule_id, Delivery.first_day, Delivery.last_day).where(Delivery.again == 0)
            )
        }
    for schedule in schedules:
        due = last_due(rhythm_of(schedule), now)
        if due.at <= schedule.owed_from or (schedule.id, due.first_day, due.last_day) in latest:
            continue
        with database.session() as session:
            if _make(session, schedule.id, due, again=0) is not None:
                made += 1
    return made


def send_again(session: Session, schedule: Schedule, due: Due, to: str | None = None) -> int | None:
    """Put a report of a period into the outbox once more, for all recipients, or for one address of the team's.

    Returns how many it goes to; None when the same was asked for at the same time.
    """
    before = session.scalars(
        select(Delivery.again).where(
            Delivery.schedule_id == schedule.id,
            Delivery.first_day == due.first_day,
            Delivery.last_day == due.last_day,
        )
    )
    return _make(session, schedule.id, due, again=max([0, *before]) + 1, to=to)


def _make(session: Session, schedule_id: int, due: Due, again: int, to: str | None = None) -> int | None:
    """Make a delivery and a message to each who is to get it; None when it was made already."""
    now = utc_now()
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    made = session.execute(
        insert(Delivery)
        .values(
            schedule_id=schedule_id,
            first_day=due.first_day,
            last_day=due.last_day,
            again=again,
            due_at=due.at,
            made_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Delivery.id)
    ).first()
    if made is None:
        return None
    recipients: list[tuple[int | None, str]] = [(None, to)] if to is not None else _receiving(session, schedule_id)
    session.add_all(
        Message(
            delivery_id=made.id,
            recipient_id=one,
            schedule_id=schedule_id,
            address=address,
            state="waiting",
            tries=0,
            next_try_at=now,
        )
        for one, address in recipients
    )
    return len(recipients)


def _receiving(session: Session, schedule_id: int) -> list[tuple[int | None, str]]:
    """Return who gets a schedule's reports: those who confirmed, and did not leave."""
    wanted = select(Recipient.id, Recipient.address).where(
        Recipient.schedule_id == schedule_id, Recipient.confirmed_at.is_not(None), Recipient.left_at.is_(None)
    )
    return [(one, address) for one, address in session.execute(wanted.order_by(Recipient.id))]


def send_waiting(database: Database, send: Send, may_go_on: Callable[[], bool]) -> int:
    """Send what is due for a try, until nothing is or `may_go_on` says no; returns how many were tried."""
    tried = 0
    while may_go_on():
        with database.session() as session:
            now = utc_now()
            ids = list(
                session.scalars(
                    select(Message.id)
                    .where(Message.state == "waiting", Message.next_try_at <= now, _is_free(now))
                    .order_by(Message.next_try_at, Message.id)
                    .limit(AT_ONCE)
                )
            )
        if not ids:
            break
        for message_id in ids:
            if not may_go_on():
                return tried
            tried += _try(database, message_id, send)
    return tried


def _try(database: Database, message_id: int, send: Send) -> bool:
    """Take a message, send it, and note what became of it; False when somebody else has it."""
    parcel = _take(database, message_id)
    if parcel is None:
        return False
    problem, may_help = None, False
    try:
        send(parcel)
    except RefusedError as error:
        problem = str(error)
    except UnreachableError as error:
        problem, may_help = str(error), True
    except Exception:
        _log.exception("a message could not be made", message=message_id)
        problem, may_help = "The report could not be made; the server's log says why.", True
    with database.session() as session:
        message = session.get_one(Message, message_id)
        message.tries += 1
        message.taken_until = None
        if problem is None:
            message.state, message.sent_at, message.problem = "sent", utc_now(), None
        else:
            _put_back(message, problem, may_help=may_help)
    return True


def _put_back(message: Message, problem: str, *, may_help: bool) -> None:
    message.problem = problem[:_LONGEST_PROBLEM]
    if may_help and message.tries <= len(TRIES_AFTER):
        message.next_try_at = utc_now() + TRIES_AFTER[message.tries - 1]
    else:
        message.state = "failed"
    _log.warning("a message was not sent", message=message.id, tries=message.tries, again=message.state == "waiting")


def _take(database: Database, message_id: int) -> Parcel | None:
    """Take a message out of the outbox for a while, if it is there, and its recipient still wants it."""
    now = utc_now()
    with database.session() as session:
        taken = session.execute(
            update(Message)
            .where(Message.id == message_id, Message.state == "waiting", _is_free(now))
            .values(taken_until=now + TAKEN_FOR)
            .returning(Message.id)
        ).first()
        if taken is None:
            return None
        message = session.get_one(Message, message_id)
        recipient = session.get(Recipient, message.recipient_id) if message.recipient_id is not None else None
        if recipient is not None and recipient.left_at is not None:
            message.state, message.problem = "failed", "The recipient left before it was sent."
            return None
        schedule = session.get_one(Schedule, message.schedule_id)
        delivery = session.get(Delivery, message.delivery_id) if message.delivery_id is not None else None
        return Parcel(message, recipient, schedule, delivery)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(Message.taken_until.is_(None), Message.taken_until <= now)
