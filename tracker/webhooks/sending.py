"""Sends what waits for webhooks: several at a time, each webhook one after the other, and none again too soon."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import RefusedError, UnreachableError
from tracker.languages import ENGLISH, speaking
from tracker.models import Webhook, WebhookMessage
from tracker.outgoing.abreast import LOOK_AGAIN_S, Abreast
from tracker.outgoing.holding import Hold, is_free, note_try, put_off
from tracker.outgoing.posting import Answer, check_answer, exchange
from tracker.webhooks.book import FAILING, GONE, secrets_of, stop

GIVEN_UP_AFTER = timedelta(days=5)
"""A webhook at which nothing arrived for so long is switched off."""
_GONE = 410
_log = structlog.get_logger("footfall.webhooks")


class _Due(NamedTuple):
    """A message that is due for a try, by its number, since when, and whose it is."""

    since: datetime
    number: int
    webhook_id: int
    site_id: int


def send_waiting(database: Database, own_hosts: Collection[str], may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Send what is due for a try, until nothing is or the turn is over; returns how many were tried.

    Who answers is sent the next at once, whoever else is still waited for.
    """
    tried = 0
    elsewhere: set[int] = set()
    with Abreast[int, bool](may_go_on) as going:
        while True:
            due = [one for one in _due(database) if one.webhook_id not in elsewhere] if going.goes_on() else []
            for one in sorted(due, key=lambda one: (going.times_sent_to(one.webhook_id), one)):
                if going.has_room(one.webhook_id, one.site_id):
                    going.begin(one.webhook_id, one.site_id, partial(send_one, database, one.number, own_hosts))
            if not going:
                return tried
            for webhook_id, is_sent in going.ended(LOOK_AGAIN_S):
                if is_sent:
                    tried += 1
                else:  # others send to it, and go on
                    elsewhere.add(webhook_id)


def send_one(database: Database, number: int, own_hosts: Collection[str]) -> bool:
    """Send one message and note what became of it; False when somebody else has it, or nothing waits.

    What went wrong is noted in English, whoever asks: whoever looks at the log may speak another language.
    """
    hold = Hold(database, WebhookMessage, number)
    with database.session() as session:
        if not hold.take(session):
            return False
        message = session.get_one(WebhookMessage, number)
        webhook = session.get_one(Webhook, message.webhook_id)
    with speaking(ENGLISH):
        answer, problem, may_help = _sent(webhook, message, own_hosts)
    with database.session() as session:
        held = hold.held(session)
        if held is not None:
            held.tried_at = utc_now()
            held.status = answer.status if answer else None
            held.answered = answer.said if answer else None
            note_try(held, problem, may_help=may_help)
            _note_standing(session, session.get_one(Webhook, held.webhook_id), answer, failed=problem is not None)
    return True


def _due(database: Database) -> list[_Due]:
    """Return the message of each webhook that has waited longest, of those that are due and in nobody's hands."""
    now = utc_now()
    with database.session() as session:
        first = (
            select(
                func.min(WebhookMessage.next_try_at),
                func.min(WebhookMessage.id),
                WebhookMessage.webhook_id,
                Webhook.site_id,
            )
            .join(Webhook, Webhook.id == WebhookMessage.webhook_id)
            .where(Webhook.on, WebhookMessage.state == "waiting", WebhookMessage.next_try_at <= now)
            .where(is_free(WebhookMessage, now))
            .group_by(WebhookMessage.webhook_id, Webhook.site_id)
        )
        return [_Due(*row) for row in session.execute(first)]


def _sent(
    webhook: Webhook, message: WebhookMessage, own_hosts: Collection[str]
) -> tuple[Answer | None, str | None, bool]:
    """Send a message; return the answer, what went wrong, None if nothing did, and whether another try may help."""
    answer: Answer | None = None
    try:
        secrets = secrets_of(webhook, utc_now())
        answer = exchange(webhook.address, message.body.encode(), message.key, secrets, own_hosts)
        check_answer(answer)
    except RefusedError as error:
        return answer, str(error), False
    except UnreachableError as error:
        return answer, str(error), True
    except Exception:
        _log.exception("a message could not be sent", message=message.id)
        return answer, "It could not be sent; the server's log says why.", True
    return answer, None, False


def _note_standing(session: Session, webhook: Webhook, answer: Answer | None, *, failed: bool) -> None:
    """Note how a webhook fares: what fails is left alone for a while, and switched off in the end."""
    if not failed:
        webhook.failing_since = None
        return
    now = utc_now()
    webhook.failing_since = webhook.failing_since or now
    put_off(session, WebhookMessage, WebhookMessage.webhook_id == webhook.id)
    if answer is not None and answer.status == _GONE:
        stop(session, webhook, GONE)
    elif now - webhook.failing_since >= GIVEN_UP_AFTER:
        stop(session, webhook, FAILING)
    if not webhook.on:
        _log.warning("a webhook is switched off", webhook=webhook.id, why=webhook.stopped)
