"""A shop whose happenings are posted to a server on the loopback: `subscribe("goal.completed")`, then `go_round()`."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from reports.webhooks.telling import find_happenings, find_new_struggles, send_to_webhooks
from tests.kit.pages import visit_of
from tests.kit.receiver import Receiver
from tests.kit.store import Loading, Visiting, dead
from tracker.clock import now_ms
from tracker.conditions import Condition
from tracker.event import Footprint
from tracker.goals import GoalInfo, save_goal
from tracker.house import House
from tracker.models import Webhook
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.webhooks.book import WantedWebhook, create_webhook

HERE = ("127.0.0.1",)
GOALS = (
    GoalInfo("Thanked", Condition("path", path="/thanks")),
    GoalInfo("Ordered", Condition("event", event="order"), "value", "EUR"),
)

Subscribe = Callable[..., Webhook]
GoRound = Callable[[], None]


@pytest.fixture
def goals(house: House, shop: SiteInfo) -> None:
    house.settings.own_hosts, house.settings.public_url = "127.0.0.1", "https://stats.example.org"
    with house.database.session() as session:
        for goal in GOALS:
            save_goal(session, shop.id, goal, "ann@example.org")
    house.sites.forget()


@pytest.fixture
def store(house: House, request: pytest.FixtureRequest) -> EventStore:
    """The house's own store, or ClickHouse where a test asks for each engine."""
    return (
        house.store if getattr(request, "param", "duckdb") == "duckdb" else request.getfixturevalue("clickhouse_store")
    )


@pytest.fixture
def visit(shop: SiteInfo, store: EventStore, loading: Callable[[EventStore], Loading]) -> Visiting:
    return Visiting(loading(store), shop)


@pytest.fixture
def subscribe(house: House, shop: SiteInfo, goals: None, receiver: Receiver) -> Subscribe:
    """Make a webhook that is told of some kinds, and look once, as the job does."""

    def subscribed(*kinds: str, address: str = "") -> Webhook:
        with house.database.session() as session:
            made = create_webhook(
                session, shop.id, WantedWebhook(address or receiver.url, kinds), HERE, "ann@example.org"
            )
        find_happenings(house)
        return made

    return subscribed


@pytest.fixture
def go_round(house: House) -> GoRound:
    """Do what the jobs do; goals are told at the look after the one that found them the newest."""

    def gone() -> None:
        find_new_struggles(house)
        for _ in range(2):
            find_happenings(house)
        send_to_webhooks(house)

    return gone


def seen_now(site: SiteInfo, *events: dict[str, Any], **fields: Any) -> Footprint:
    """One visitor's footprint that came in a moment ago, after all that was made before."""
    return visit_of(site, *events, **{"received_at": now_ms() + 1, **fields})


def struggle(visit: Visiting, day: str, element: str, visitors: int, **more: Any) -> None:
    """Have visitors click in vain at an element of the cart, one a minute from 10:00 (UTC) on."""
    with visit.at_once():
        for number in range(visitors):
            visit(f"{day} 10:{number:02}", ["/cart"], clicks=[dead(element)], **more)


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _, _, body in receiver.posted]
