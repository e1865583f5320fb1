"""Sends what waits in the outbox: one process among many, each message once, until it arrives or cannot.

Letters go one after the other, as their server takes them. Webhooks are each somebody else's: posted to abreast.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

import structlog
from sqlalchemy import Select, func, or_, select

from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import RefusedError, UnreachableError
from tracker.models import Alert, Delivery, Message, Recipient, Schedule, Watch
from tracker.outgoing.abreast import LOOK_AGAIN_S, Abreast
from tracker.outgoing.holding import Hold, is_free, note_try, put_off
from tracker.outgoing.posting import SCHEMES
from tracker.schedules.recipients import Mailing, gets_it, mailing_of, team_of

T = TypeVar("T")
_is_webhook = or_(*(Message.address.startswith(scheme, autoescape=True) for scheme in SCHEMES))
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


Post = Callable[[], None]
"""Posts what is written already, having held its parcel right before, in whatever thread; raises as Send does."""
Send = Callable[[Parcel], Post | None]
"""Sends a parcel, having held it right before, or returns how to post it where its address is a webhook.

Raises UnreachableError or RefusedError for people to read. What they say is kept with the message; it is
English, as no request asks for another language."""


def send_waiting(database: Database, send: Send, may_go_on: Callable[[], bool]) -> int:
    """Send what is due for a try, until nothing is or the turn is over; returns how many were tried.

    What came due before a schedule was paused waits until it goes on.
    """
    tried = 0
    with Abreast[str, None](may_go_on) as going:
        while True:
            due = _webhooks_due(database) if going.goes_on() else []
            for one in sorted(due, key=lambda one: (going.times_sent_to(one.address), one)):
                # writing the one before may take long
                has_room = going.has_room(one.address, one.site_id) and going.goes_on()
                rest = _begin(database, one.number, send) if has_room else None
                if rest is not None:
                    going.begin(one.address, one.site_id, rest)
            letter = _letter_due(database) if going.goes_on() else None
            if letter is not None:
                rest = _begin(database, letter, send)
                if rest is not None:
                    rest()
                    tried += 1
            elif not going:
                return tried
            tried += len(going.ended(0 if letter is not None else LOOK_AGAIN_S))


def _letter_due(database: Database) -> int | None:
    """Return the letter that is due for a try before all others, by its number."""
    with database.session() as session:
        due = _due(Message.id).where(~_is_webhook)
        found: int | None = session.scalar(due.order_by(Message.next_try_at, Message.id).limit(1))
    return found


class _Due(NamedTuple):
    """A message to a webhook that is due for a try, by its number, since when, and to which address of which site."""

    since: datetime
    number: int
    address: str
    site_id: int


def _webhooks_due(database: Database) -> list[_Due]:
    """Return the message to each webhook that was made first of those due for a try."""
    site = func.coalesce(Schedule.site_id, Watch.site_id)
    first = _due(func.min(Message.next_try_at), func.min(Message.id), Message.address, site)
    first = first.outerjoin(Watch, Watch.id == Message.watch_id).where(_is_webhook).group_by(Message.address, site)
    with database.session() as session:
        return [_Due(*row) for row in session.execute(first)]


def _due(*columns: Any) -> Select[Any]:
    """Select of the messages that are due for a try and in nobody's hands; what a pause holds back waits."""
    now = utc_now()
    return (
        select(*columns)
        .select_from(Message)
        .outerjoin(Schedule, Schedule.id == Message.schedule_id)
        .outerjoin(Delivery, Delivery.id == Message.delivery_id)
        .where(Message.state == "waiting", Message.next_try_at <= now, is_free(Message, now))
        .where(or_(Message.delivery_id.is_(None), ~Schedule.paused, Delivery.again > 0))
    )


def _begin(database: Database, number: int, send: Send) -> Callable[[], None] | None:
    """Take a message and write it, and return the rest: to send it and to note what became of it.

    A letter is sent when this returns. None when somebody else has the message, or nobody wants it any more.
    """
    holder = _Holder(database, number)
    parcel = holder.take()
    if parcel is None:
        return None
    post, problem, may_help = _done(parcel, partial(send, parcel))

    def rest() -> None:
        _, wrong, may_help_then = _done(parcel, post) if post is not None else (None, problem, may_help)
        with database.session() as session:
            message = holder.hold.held(session)
            if message is not None:
                note_try(message, wrong, may_help=may_help_then)
                if post is not None and may_help_then:  # the receiver is away, not the report
                    put_off(session, Message, Message.address == message.address)

    return rest


def _done(parcel: Parcel, do: Callable[[], T]) -> tuple[T | None, str | None, bool]:
    """Do something about a parcel; return what it gives, what went wrong if anything, and whether a try may help."""
    try:
        return do(), None, False
    except RefusedError as error:
        return None, str(error), False
    except UnreachableError as error:
        return None, str(error), True
    except Exception:
        _log.exception("a message could not be made", message=parcel.message.id)
        return None, "The report could not be made; the server's log says why.", True


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
