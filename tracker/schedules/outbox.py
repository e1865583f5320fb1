"""The outbox: what is due becomes messages, once, and each message is sent until it arrives or cannot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.database import Database, insert_new
from tracker.errors import RefusedError, UnreachableError
from tracker.models import Alert, Delivery, Message, Recipient, Schedule
from tracker.schedules.book import rhythm_of
from tracker.schedules.holding import Hold, is_free, note_try
from tracker.schedules.recipients import Mailing, gets_it, mailing_of, new_message, receiving, team_of
from tracker.schedules.rhythm import Due, last_due

KEPT_FOR = timedelta(days=400)  # longer than a quarter, so that no period is sent again
AT_ONCE = 50

_log = structlog.get_logger("footfall.schedules")


@dataclass
class Parcel:
    """A message that was taken out to be sent, with all that belongs to it.

    Without a delivery and without an alert it asks to confirm.

    `hold` takes it anew after a long preparation: False when another process has taken it meanwhile.
    """

    message: Message
    recipient: Recipient | None
    mailing: Mailing
    delivery: Delivery | None
    alert: Alert | None
    hold: Callable[[], bool]


Send = Callable[[Parcel], None]
"""Sends a parcel, having held it right before; raises UnreachableError or RefusedError for people to read.

What they say is kept with the message; it is English, as no request asks for another language."""


def note_due(database: Database, zones: Mapping[int, ZoneInfo], now: datetime) -> int:
    """Put what came due, and was not noted yet, into the outbox; returns how many deliveries that were.

    `zones` are those of the sites, by number. After a stop only the latest period of each schedule is
    owed. Two processes that find the same moment due make one delivery between them.
    """
    made = 0
    with database.session() as session:
        schedules = list(session.scalars(select(Schedule).where(~Schedule.paused)))
        noted = select(Delivery.schedule_id, Delivery.first_day, Delivery.last_day)
        noted = noted.where(Delivery.again == 0, Delivery.due_at > now - KEPT_FOR)
        known = {tuple(row) for row in session.execute(noted)}
    for schedule in schedules:
        try:
            due = last_due(rhythm_of(schedule, zones[schedule.site_id]), now)
            if due.at <= schedule.owed_from or (schedule.id, due.first_day, due.last_day) in known:
                continue
            with database.session() as session:
                made += _make(session, schedule, due, again=0) is not None
        except (KeyError, ZoneInfoNotFoundError, IntegrityError) as error:  # it or its site went meanwhile
            _log.warning("a schedule cannot be followed", schedule=schedule.id, error=type(error).__name__)
    return made


def send_again(session: Session, schedule: Schedule, due: Due, to: str | None = None) -> int | None:
    """Put a report of a period into the outbox once more, for all recipients, or for one address of the team's.

    Returns how many it goes to; None when it is on its way already, as after a second click.
    """
    same = Delivery.schedule_id == schedule.id, Delivery.first_day == due.first_day, Delivery.last_day == due.last_day
    waiting = select(Message.id).join(Delivery, Delivery.id == Message.delivery_id)
    waiting = waiting.where(*same, Delivery.again > 0, Message.state == "waiting")
    if session.scalar(waiting.where(Message.address == to) if to else waiting) is not None:
        return None
    before = session.scalars(select(Delivery.again).where(*same))
    return _make(session, schedule, due, again=max([0, *before]) + 1, to=to)


def _make(session: Session, schedule: Schedule, due: Due, again: int, to: str | None = None) -> int | None:
    """Make a delivery and a message to each who is to get it; None when it was made already."""
    now = utc_now()
    made = insert_new(
        session,
        Delivery.id,
        schedule_id=schedule.id,
        first_day=due.first_day,
        last_day=due.last_day,
        again=again,
        due_at=due.at,
        made_at=now,
    )
    if made is None:
        return None
    recipients: list[tuple[int | None, str]] = [(one.id, one.address) for one in receiving(session, schedule)]
    if to is not None:
        recipients = [(None, to)]
    session.add_all(
        new_message(schedule, address, now, recipient_id=one, delivery_id=made) for one, address in recipients
    )
    return len(recipients)


def send_waiting(database: Database, send: Send, may_go_on: Callable[[], bool]) -> int:
    """Send what is due for a try, until nothing is or `may_go_on` says no; returns how many were tried.

    What came due before a schedule was paused waits until it goes on.
    """
    tried = 0
    while may_go_on():
        with database.session() as session:
            now = utc_now()
            ids = list(
                session.scalars(
                    select(Message.id)
                    .outerjoin(Schedule, Schedule.id == Message.schedule_id)
                    .outerjoin(Delivery, Delivery.id == Message.delivery_id)
                    .where(Message.state == "waiting", Message.next_try_at <= now, is_free(Message, now))
                    .where(or_(Message.delivery_id.is_(None), ~Schedule.paused, Delivery.again > 0))
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


def forget_old(database: Database, now: datetime) -> int:
    """Forget deliveries and alerts and what became of them, addresses included, after a good year; returns how many."""
    old = (
        delete(Delivery).where(Delivery.made_at < now - KEPT_FOR),
        delete(Alert).where(Alert.ended_at < now - KEPT_FOR),
    )
    gone = 0
    with database.session() as session:
        for one in old:
            gone += int(session.execute(one).rowcount)  # type: ignore[attr-defined]
    return gone


def _try(database: Database, message_id: int, send: Send) -> bool:
    """Take a message, send it, and note what became of it; False when somebody else has it."""
    holder = _Holder(database, message_id)
    parcel = holder.take()
    if parcel is None:
        return False
    problem, may_help = _sent(parcel, send)
    with database.session() as session:
        message = holder.hold.held(session)
        if message is not None:
            note_try(message, problem, may_help=may_help)
    return True


def _sent(parcel: Parcel, send: Send) -> tuple[str | None, bool]:
    """Send a parcel; return what went wrong, None if nothing did, and whether another try may help."""
    try:
        send(parcel)
    except RefusedError as error:
        return str(error), False
    except UnreachableError as error:
        return str(error), True
    except Exception:
        _log.exception("a message could not be made", message=parcel.message.id)
        return "The report could not be made; the server's log says why.", True
    return None, False


class _Holder:
    """One process's hold on a message, and what belongs to it."""

    def __init__(self, database: Database, message_id: int) -> None:
        self._database = database
        self._id = message_id
        self.hold = Hold(database, Message, message_id)

    def take(self) -> Parcel | None:
        """Take the message out of the outbox for a while, if it is there and its recipient still wants it."""
        with self._database.session() as session:
            if not self.hold.take(session):
                return None
            message = session.get_one(Message, self._id)
            mailing = mailing_of(session, message)
            recipient = session.get(Recipient, message.recipient_id) if message.recipient_id is not None else None
            delivery = session.get(Delivery, message.delivery_id) if message.delivery_id is not None else None
            alert = session.get(Alert, message.alert_id) if message.alert_id is not None else None
            is_asked = delivery is None and alert is None
            team = set() if is_asked else team_of(session, mailing.site_id)
            if recipient is not None and not is_asked and not gets_it(recipient, team):
                message.state, message.next_try_at = "failed", utc_now()
                message.problem = "The recipient had left before it was sent."
                return None
            return Parcel(message, recipient, mailing, delivery, alert, self.hold.prolong)
