"""A webhook to a server on the loopback and a clock that is moved, on each relational store."""

from collections.abc import Callable, Iterator

import pytest
import time_machine

from tests.kit.ground import at
from tests.kit.receiver import Receiver
from tracker.database import Database
from tracker.models import Webhook, WebhookMessage
from tracker.sites import SiteInfo
from tracker.webhooks.book import WantedWebhook, create_webhook
from tracker.webhooks.queue import put

ANN, HERE = "ann@example.org", ("127.0.0.1",)

Queue = Callable[..., int]


@pytest.fixture
def database(each_database: Database) -> Database:
    return each_database


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at("2026-03-04 12:00"), tick=False) as travelling:
        yield travelling


@pytest.fixture
def webhook(database: Database, site: SiteInfo, receiver: Receiver, clock: time_machine.Traveller) -> Webhook:
    with database.session() as session:
        return create_webhook(session, site.id, WantedWebhook(receiver.url, ["alert.fired"]), HERE, ANN)


@pytest.fixture
def queue(database: Database, webhook: Webhook) -> Queue:
    """Queue happenings by name; returns how many fit."""

    def queued(*happenings: str, body: bytes = b'{"a":1}', to: Webhook = webhook) -> int:
        with database.session() as session:
            return sum(put(session, to, "alert.fired", one, body) is not None for one in happenings)

    return queued


def messages(database: Database) -> list[WebhookMessage]:
    with database.session() as session:
        return list(session.query(WebhookMessage).order_by(WebhookMessage.id))


def standing(database: Database, webhook: Webhook) -> Webhook:
    with database.session() as session:
        return session.get_one(Webhook, webhook.id)
