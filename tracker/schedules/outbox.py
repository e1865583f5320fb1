"""The outbox: what is due becomes messages, once, and each message is sent until it arrives or cannot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import RefusedError, UnreachableError
from tracker.models import Delivery, Message, Recipient, Schedule
from tracker.schedules.book import gets_it, new_message, rhythm_of, team_of
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
TAKEN_FOR = timedelta(minutes=3)  # longer than a mail server's time limits; the report is asked before that
KEPT_FOR = timedelta(days=400)  # longer than a quarter, so that no period is sent again
AT_ONCE = 50
_LONGEST_PROBLEM = 500

_log = structlog.get_logger("footfall.schedules")


@dataclass
class Parcel:
    """A message that was taken out to be sent, with all that belongs to it; without a delivery it asks to confirm.

    `hold` takes it anew after a long preparation: False when another process has taken it meanwhile.
    """

    message: Message
    recipient: Recipient | None
    schedule: Schedule
    delivery: Delivery | None
    hold: Callable[[], bool]


Send = Callable[[Parcel], None]
"""Sends a parcel, having held it right before; raises UnreachableError or RefusedError for people to read."""


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
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    made = session.execute(
        insert(Delivery)
        .values(
            schedule_id=schedule.id,
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
    recipients: list[tuple[int | None, str]] = [(None, to)] if to is not None else _receiving(session, schedule)
    session.add_all(
        new_message(schedule.id, address, now, recipient_id=one, delivery_id=made.id) for one, address in recipients
    )
    return len(recipients)


def _receiving(session: Session, schedule: Schedule) -> list[tuple[int | None, str]]:
    """Return who gets a schedule's reports."""
    team = team_of(session, schedule.site_id)
    wanted = select(Recipient).where(Recipient.schedule_id == schedule.id).order_by(Recipient.id)
    return [(one.id, one.address) for one in session.scalars(wanted) if gets_it(one, team)]


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
                    .join(Schedule, Schedule.id == Message.schedule_id)
                    .outerjoin(Delivery, Delivery.id == Message.delivery_id)
                    .where(Message.state == "waiting", Message.next_try_at <= now, _is_free(now))
                    .where(or_(~Schedule.paused, Message.delivery_id.is_(None), Delivery.again > 0))
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
    """Forget deliveries and what became of them, addresses included, after a good year; returns how many."""
    with database.session() as session:
        gone = session.execute(delete(Delivery).where(Delivery.made_at < now - KEPT_FOR))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _try(database: Database, message_id: int, send: Send) -> bool:
    """Take a message, send it, and note what became of it; False when somebody else has it."""
    holder = _Holder(database, message_id)
    parcel = holder.take()
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
        message = session.get(Message, message_id)
        if message is None or message.taken_until != holder.until:
            return True  # deleted meanwhile, or another process's by now, which will tell
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


class _Holder:
    """One process's hold on a message, `until` when; only who holds it sends it and tells what became of it."""

    def __init__(self, database: Database, message_id: int) -> None:
        self._database = database
        self._id = message_id
        self.until: datetime | None = None

    def take(self) -> Parcel | None:
        """Take the message out of the outbox for a while, if it is there and its recipient still wants it."""
        with self._database.session() as session:
            if not self._claim(session, _is_free(utc_now())):
                return None
            message = session.get_one(Message, self._id)
            schedule = session.get_one(Schedule, message.schedule_id)
            recipient = session.get(Recipient, message.recipient_id) if message.recipient_id is not None else None
            delivery = session.get(Delivery, message.delivery_id) if message.delivery_id is not None else None
            team = team_of(session, schedule.site_id) if delivery is not None else set()
            if recipient is not None and delivery is not None and not gets_it(recipient, team):
                message.state, message.problem = "failed", "The recipient had left before it was sent."
                return None
            return Parcel(message, recipient, schedule, delivery, self.hold)

    def hold(self) -> bool:
        """Take it for a while more; False when another process has it by now."""
        with self._database.session() as session:
            return self._claim(session, Message.taken_until == self.until)

    def _claim(self, session: Session, condition: ColumnElement[bool]) -> bool:
        until = utc_now() + TAKEN_FOR
        claimed = session.execute(
            update(Message)
            .where(Message.id == self._id, Message.state == "waiting", condition)
            .values(taken_until=until)
            .returning(Message.id)
        ).first()
        if claimed is not None:
            self.until = until
        return claimed is not None


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(Message.taken_until.is_(None), Message.taken_until <= now)
