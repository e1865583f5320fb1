"""What is on its way to webhooks: each happening once, never too much, and forgotten in time."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.database import Database, insert_new
from tracker.models import Webhook, WebhookMessage
from tracker.sites import SiteInfo
from tracker.webhooks.kinds import GOAL_COMPLETED, STRUGGLE_NEW, TEST

MOST_WAITING = 500
"""What waits at most for one webhook; more is left out, and counted."""
KEPT_FOR = timedelta(days=30)
MOST_KEPT = 1000
"""So many messages on goals are kept of one webhook once they were sent or given up: a busy site makes many."""
FRESH = timedelta(days=3)
"""What happened longer ago is no news: nobody is told of it any more, as after a long stop."""


def put(session: Session, webhook: Webhook, kind: str, happening: str, body: bytes) -> int | None:
    """Queue a message, unless this happening was queued already or too much waits; returns its number."""
    of_webhook = WebhookMessage.webhook_id == webhook.id
    if session.scalar(select(WebhookMessage.id).where(of_webhook, WebhookMessage.happening == happening)) is not None:
        return None
    waiting = select(func.count()).where(of_webhook, WebhookMessage.state == "waiting")
    if (session.scalar(waiting) or 0) >= MOST_WAITING:
        if kind != TEST:
            session.get_one(Webhook, webhook.id).left_out += 1
        return None
    now = utc_now()
    values = {
        "webhook_id": webhook.id,
        "key": secrets.token_hex(12),
        "kind": kind,
        "happening": happening,
        "body": body.decode(),
        "made_at": now,
        "state": "waiting",
        "tries": 0,
        "next_try_at": now,
    }
    return insert_new(session, WebhookMessage.id, **values)


def messages_of(session: Session, webhook: Webhook, most: int) -> list[WebhookMessage]:
    """Return the newest messages of a webhook, the newest first."""
    newest = select(WebhookMessage).where(WebhookMessage.webhook_id == webhook.id)
    return list(session.scalars(newest.order_by(WebhookMessage.id.desc()).limit(most)))


def find_message(session: Session, webhook: Webhook, key: str) -> WebhookMessage | None:
    """Return one of a webhook's messages by its key."""
    wanted = WebhookMessage.webhook_id == webhook.id, WebhookMessage.key == key
    return session.scalar(select(WebhookMessage).where(*wanted))


def put_again(message: WebhookMessage, now: datetime) -> None:
    """Let a message that was sent or given up be sent once more, by the same key; one that waits goes at once."""
    if message.state != "waiting":
        message.state, message.tries, message.sent_at = "waiting", 0, None
    message.next_try_at = now


def forget_old(database: Database, sites: Iterable[SiteInfo], now: datetime) -> int:
    """Forget what was queued more than KEPT_FOR ago, or before what its site keeps; returns how many messages."""
    gone = 0
    with database.session() as session:
        for site in sites:
            days = KEPT_FOR.days if site.retention_days is None else min(KEPT_FOR.days, site.retention_days)
            old = delete(WebhookMessage).where(_of_site(site.id), WebhookMessage.made_at < now - timedelta(days=days))
            gone += int(session.execute(old).rowcount)  # type: ignore[attr-defined]
    return gone


def forget_surplus(database: Database) -> int:
    """Forget all but the newest MOST_KEPT messages on goals of each webhook; returns how many."""
    of_goals = WebhookMessage.kind == GOAL_COMPLETED.name, WebhookMessage.state != "waiting"
    counted = select(WebhookMessage.webhook_id).where(*of_goals).group_by(WebhookMessage.webhook_id)
    gone = 0
    with database.session() as session:
        for number in session.scalars(counted.having(func.count() > MOST_KEPT)).all():
            of_webhook = WebhookMessage.webhook_id == number, *of_goals
            newest = select(WebhookMessage.id).where(*of_webhook).order_by(WebhookMessage.id.desc())
            last = session.scalar(newest.offset(MOST_KEPT).limit(1))
            surplus = delete(WebhookMessage).where(*of_webhook, WebhookMessage.id <= last)
            gone += int(session.execute(surplus).rowcount)  # type: ignore[attr-defined]
    return gone


def forget_visitors(session: Session, site_id: int) -> None:
    """Forget all that is kept of what visitors of a site did, as when one of them is erased; also what waits."""
    of_visitors = WebhookMessage.kind.in_([GOAL_COMPLETED.name, STRUGGLE_NEW.name])
    session.execute(delete(WebhookMessage).where(_of_site(site_id), of_visitors))


def _of_site(site_id: int) -> ColumnElement[bool]:
    return WebhookMessage.webhook_id.in_(select(Webhook.id).where(Webhook.site_id == site_id))
