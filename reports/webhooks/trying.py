"""What people send to a webhook themselves, at once: a test, or a message once more."""

import secrets

from reports.webhooks.bodies import trial_body
from tracker.clock import utc_now
from tracker.errors import ConflictError
from tracker.house import House
from tracker.languages import gettext
from tracker.models import Webhook, WebhookMessage
from tracker.sites import SiteInfo
from tracker.webhooks.kinds import TEST
from tracker.webhooks.queue import put, put_again
from tracker.webhooks.sending import send_one


def send_test(house: House, site: SiteInfo, webhook: Webhook) -> WebhookMessage:
    """Send a test, also to a webhook that is off, and return it with what became of it.

    ConflictError while so much waits that it does not fit.
    """
    happening = f"test-{secrets.token_hex(8)}"
    with house.database.session() as session:
        number = put(session, webhook, TEST, happening, trial_body(site, utc_now()))
    if number is None:
        raise ConflictError("webhook", gettext("too much waits for this webhook already"))
    return _sent(house, number)


def send_again(house: House, message: WebhookMessage) -> WebhookMessage:
    """Send a message once more, by the same key, and return it with what became of it."""
    with house.database.session() as session:
        put_again(session.get_one(WebhookMessage, message.id), utc_now())
    return _sent(house, message.id)


def _sent(house: House, number: int) -> WebhookMessage:
    send_one(house.database, number, house.settings.hosts_of_ours)
    with house.database.session() as session:
        return session.get_one(WebhookMessage, number)
