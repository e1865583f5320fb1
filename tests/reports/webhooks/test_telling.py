"""Of many processes the one that leads finds what webhooks are told of, and sends it."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.kit.ground import at
from tests.kit.pages import load
from tests.kit.receiver import Receiver
from tests.kit.store import Visiting
from tests.reports.webhooks.conftest import GoRound, Subscribe, bodies, seen_now, struggle
from tests.reports.webhooks.test_recorded import notice, watch
from tracker.house import House
from tracker.models import WebhookMessage
from tracker.schedules.lease import Leadership
from tracker.sites import SiteInfo
from tracker.webhooks.queue import put

KINDS = ("alert.fired", "goal.completed", "struggle.new")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at("2026-03-05 09:00"), tick=False) as travelling:
        yield travelling


def test_who_does_not_lead_tells_and_sends_nothing(
    clock: time_machine.Traveller,
    house: House,
    shop: SiteInfo,
    visit: Visiting,
    receiver: Receiver,
    subscribe: Subscribe,
    go_round: GoRound,
) -> None:
    made = subscribe(*KINDS)
    clock.move_to(at("2026-03-05 12:00"))
    struggle(visit, "2026-03-05", "#buy", 5)
    notice(house, watch(house, shop), "now")
    load(house, seen_now(shop, {"url": "https://shop.example/thanks"}))
    with house.database.session() as session:
        put(session, made, "test", "waiting", b'{"type":"test"}')
    house.leadership.let_go()
    other = Leadership(house.database, "letters")
    assert other.hold()
    go_round()
    with house.database.session() as session:
        assert [one.happening for one in session.query(WebhookMessage)] == ["waiting"]
    assert receiver.posted == []
    other.let_go()
    go_round()
    assert sorted(body["type"] for body in bodies(receiver)) == sorted(("test", *KINDS))
