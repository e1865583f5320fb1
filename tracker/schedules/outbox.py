"""The outbox: what is due becomes messages, once, and is forgotten in time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.database import Database, insert_new
from tracker.models import Alert, Delivery, Message, Schedule
from tracker.schedules.book import rhythm_of
from tracker.schedules.recipients import new_message, receiving
from tracker.schedules.rhythm import Due, last_due

KEPT_FOR = timedelta(days=400)  # longer than a quarter, so that no period is sent again

_log = structlog.get_logger("footfall.schedules")


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
