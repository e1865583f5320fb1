"""Webhooks: made, changed, given another secret, tried, deleted; and what became of what they got."""

from datetime import datetime

import msgspec
from flask import Response, abort
from sqlalchemy.orm import Session

from reports.api.bodies import answer, named, read_body
from reports.webhooks.trying import send_again, send_test
from tracker.checking import id_of
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.models import Webhook, WebhookMessage
from tracker.outgoing.posting import LONGEST_URL, shown_secret
from tracker.webhooks import book
from tracker.webhooks.kinds import KINDS
from tracker.webhooks.queue import find_message, messages_of

MOST_DELIVERIES = 100
_ADDRESS = {"type": "string", "minLength": 1, "maxLength": LONGEST_URL, "examples": ["https://example.org/hook"]}
_KINDS = {"type": "array", "items": {"type": "string", "enum": [kind.name for kind in KINDS]}, "minItems": 1}
MAKE: dict[str, object] = {
    "type": "object",
    "description": "Where happenings are posted, and of which kinds.",
    "properties": {"address": _ADDRESS, "kinds": {**_KINDS, "examples": [["goal.completed"]]}},
    "required": ["address", "kinds"],
    "additionalProperties": False,
    "examples": [{"address": "https://example.org/hook", "kinds": ["goal.completed"]}],
}
CHANGE: dict[str, object] = {
    "type": "object",
    "description": "What is to be otherwise; what is left out stays.",
    "properties": {"address": _ADDRESS, "kinds": _KINDS, "on": {"type": "boolean", "examples": [True]}},
    "additionalProperties": False,
    "examples": [{"on": False}],
}


class WebhookShape(msgspec.Struct, frozen=True):
    """A webhook. `stopped` says why it was switched off by itself: gone or failing.

    `left_out` counts what was not even queued since it was switched on, as too much waited. `secret` is told only
    when it is made, and when it is rotated.
    """

    number: int
    address: str
    kinds: list[str]
    on: bool
    stopped: str | None
    failing_since: datetime | None
    left_out: int
    created_at: datetime
    secret: str | None = None


class Webhooks(msgspec.Struct, frozen=True):
    """The site's webhooks, in the order in which they were made."""

    webhooks: list[WebhookShape]


class DeliveryShape(msgspec.Struct, frozen=True):
    """One message: `id` is its `webhook-id`, `state` waiting, sent or failed, `status` what it was last answered with.

    `next_try_at` is set while it waits. `problem` is what went wrong, `answered` the beginning of the answer.
    """

    id: str
    kind: str
    state: str
    tries: int
    made_at: datetime
    tried_at: datetime | None
    sent_at: datetime | None
    next_try_at: datetime | None
    status: int | None
    problem: str | None
    answered: str | None
    body: str


class Deliveries(msgspec.Struct, frozen=True):
    """A webhook's messages of the last 30 days, the newest first."""

    deliveries: list[DeliveryShape]


class _Make(msgspec.Struct, forbid_unknown_fields=True):
    address: str
    kinds: list[str]


class _Change(msgspec.Struct, forbid_unknown_fields=True):
    address: str | None = None
    kinds: list[str] | None = None
    on: bool | None = None


def webhooks(site_key: str) -> Response:
    """List the webhooks of a site."""
    return _listed()


def make(site_key: str) -> Response:
    """Make a webhook; answers 201 with it and its secret, which is told this once."""
    given, house = read_body(_Make), current_house()
    wanted, own_hosts = book.WantedWebhook(given.address, given.kinds), house.settings.hosts_of_ours
    with house.database.session() as session:
        made = book.create_webhook(session, current_site().id, wanted, own_hosts, named(current_principal()))
    return answer(_shape(made, secret=shown_secret(made.secret)), 201)


def change(site_key: str, number: str) -> Response:
    """Change a webhook, or switch it on or off; answers it."""
    given, house, who = read_body(_Change), current_house(), named(current_principal())
    with house.database.session() as session:
        found = _find(session, number)
        if given.address is not None or given.kinds is not None:
            address = found.address if given.address is None else given.address
            wanted = book.WantedWebhook(address, found.kinds if given.kinds is None else given.kinds)
            book.change_webhook(session, found, wanted, house.settings.hosts_of_ours, who)
        if given.on is not None:
            book.switch(session, found, who, on=given.on)
    return answer(_shape(found))


def delete(site_key: str, number: str) -> Response:
    """Delete a webhook; answers those that are left."""
    with current_house().database.session() as session:
        book.delete_webhook(session, _find(session, number), named(current_principal()))
    return _listed()


def rotate(site_key: str, number: str) -> Response:
    """Give a webhook a new secret, which is told this once; the one before signs beside it for 24 hours."""
    with current_house().database.session() as session:
        found = _find(session, number)
        book.rotate(session, found, named(current_principal()))
    return answer(_shape(found, secret=shown_secret(found.secret)))


def test(site_key: str, number: str) -> Response:
    """Send a test to a webhook at once; answers what became of it."""
    house = current_house()
    with house.database.session() as session:
        found = _find(session, number)
    return answer(_delivery(send_test(house, current_site(), found)))


def deliveries(site_key: str, number: str) -> Response:
    """List what a webhook got, or was to get."""
    with current_house().database.session() as session:
        found = messages_of(session, _find(session, number), MOST_DELIVERIES)
    return answer(Deliveries([_delivery(one) for one in found]))


def again(site_key: str, number: str, delivery: str) -> Response:
    """Send a message once more at once, by the same id; answers what became of it."""
    house = current_house()
    with house.database.session() as session:
        message = find_message(session, _find(session, number), delivery)
        if message is None:
            abort(404, "No delivery of this webhook has this id; they are kept for 30 days.")
    return answer(_delivery(send_again(house, message)))


def _listed() -> Response:
    with current_house().database.session() as session:
        found = book.webhooks_of(session, current_site().id)
    return answer(Webhooks([_shape(one) for one in found]))


def _find(session: Session, number: str) -> Webhook:
    return book.find_webhook(session, current_site().id, id_of(number)) or abort(404, "No webhook has this number.")


def _shape(webhook: Webhook, secret: str | None = None) -> WebhookShape:
    return WebhookShape(
        number=webhook.id,
        address=webhook.address,
        kinds=webhook.kinds,
        on=webhook.on,
        stopped=webhook.stopped,
        failing_since=webhook.failing_since,
        left_out=webhook.left_out,
        created_at=webhook.created_at,
        secret=secret,
    )


def _delivery(message: WebhookMessage) -> DeliveryShape:
    return DeliveryShape(
        id=message.key,
        kind=message.kind,
        state=message.state,
        tries=message.tries,
        made_at=message.made_at,
        tried_at=message.tried_at,
        sent_at=message.sent_at,
        next_try_at=message.next_try_at if message.state == "waiting" else None,
        status=message.status,
        problem=message.problem,
        answered=message.answered,
        body=message.body,
    )
