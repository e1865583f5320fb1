"""Struggles that are new come to webhooks: once, where several visitors met them, and not what was there before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from sqlalchemy import select

from reports.webhooks import new_struggles
from reports.webhooks.new_struggles import note_new_struggles
from tests.kit.ground import at
from tests.kit.store import ENGINES, Visiting
from tests.reports.webhooks.conftest import HERE, struggle
from tracker.clock import utc_now
from tracker.house import House
from tracker.models import Site, ToldStruggle, Webhook, WebhookMessage
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.webhooks.book import WantedWebhook, create_webhook

Look = Callable[[], list[dict[str, Any]]]
ANN, KIND = "ann@example.org", "struggle.new"
MADE, NOW = "2026-03-04 12:00", "2026-03-06 12:00"


@pytest.fixture
def look(house: House, shop: SiteInfo, store: EventStore, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Look for what is new; returns what a webhook that was made at MADE was told since the last look."""
    house.settings.public_url = "https://stats.example.org"
    monkeypatch.setattr(house, "store", store)
    with time_machine.travel(at(MADE), tick=False), house.database.session() as session:
        create_webhook(session, shop.id, WantedWebhook("https://hook.example/", [KIND]), HERE, ANN)
    read: list[int] = []

    def looked() -> list[dict[str, Any]]:
        note_new_struggles(house, utc_now())
        with house.database.session() as session:
            found = [one for one in session.scalars(select(WebhookMessage)) if one.id not in read]
        read.extend(one.id for one in found)
        return [msgspec.json.decode(one.body) for one in found]

    return looked


@pytest.mark.parametrize("store", ENGINES, indirect=True)
def test_what_began_since_is_told_once_with_its_evidence(look: Look, visit: Visiting, shop: SiteInfo) -> None:
    with visit.at_once():
        struggle(visit, "2026-03-04", "#before", 9)  # in the morning, when nobody had asked yet
        struggle(visit, "2026-03-05", "#buy", 6)
        struggle(visit, "2026-03-05", "#rare", 4)
        struggle(visit, "2026-02-20", "#known", 1)
        struggle(visit, "2026-03-05", "#known", 9)
    with time_machine.travel(at(NOW), tick=False):
        [body] = look()
        assert look() == []
    data = body["data"]
    assert (body["type"], data["signal"], data["element"], data["path"]) == (KIND, "dead", "#buy", "/cart")
    assert (data["visitors"], data["incidents"], data["again"]) == (6, 6, False)
    assert (data["share"]["views"], data["share"]["of"]) == (6, 28)
    assert 0 < data["share"]["low"] < 6 / 28 < data["share"]["high"] < 1
    assert data["began_at"] == "2026-03-05T10:00:05Z"
    [example] = data["examples"]
    assert example["page"] == f"https://stats.example.org/sites/{shop.key}/stories/{example['id']}"
    assert data["page"].startswith(f"https://stats.example.org/sites/{shop.key}/reports/struggles?range=")


def test_one_that_was_made_later_is_told_only_what_began_after_it(
    look: Look, visit: Visiting, house: House, shop: SiteInfo
) -> None:
    with time_machine.travel(at("2026-03-05 11:00"), tick=False), house.database.session() as session:
        later = create_webhook(session, shop.id, WantedWebhook("https://later.example/", [KIND]), HERE, ANN).id
    with visit.at_once():
        struggle(visit, "2026-03-05", "#buy", 5)
        struggle(visit, "2026-03-06", "#pay", 5)
    with time_machine.travel(at(NOW), tick=False):
        assert sorted(body["data"]["element"] for body in look()) == ["#buy", "#pay", "#pay"]
    with house.database.session() as session:
        [body] = session.scalars(select(WebhookMessage.body).where(WebhookMessage.webhook_id == later))
    assert msgspec.json.decode(body)["data"]["element"] == "#pay"


def test_of_two_processes_that_find_the_same_one_tells_it(
    look: Look, visit: Visiting, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    struggle(visit, "2026-03-05", "#buy", 5)
    examples_of, told_by_the_other = new_struggles.examples_of, []

    def meanwhile(*asked: Any) -> Any:
        monkeypatch.setattr(new_struggles, "examples_of", examples_of)
        told_by_the_other.append(note_new_struggles(house, utc_now() + timedelta(seconds=1)))
        return examples_of(*asked)

    monkeypatch.setattr(new_struggles, "examples_of", meanwhile)
    with time_machine.travel(at(NOW), tick=False):
        assert (len(look()), told_by_the_other) == (1, [1])


def test_what_was_away_for_a_month_is_new_again(look: Look, visit: Visiting) -> None:
    with visit.at_once():
        struggle(visit, "2026-01-20", "#buy", 5)
        struggle(visit, "2026-03-05", "#buy", 5)
    with time_machine.travel(at(NOW), tick=False):
        [body] = look()
    assert (body["data"]["element"], body["data"]["again"]) == ("#buy", True)


def test_where_visitors_are_not_told_apart_views_speak_for_them(
    look: Look, visit: Visiting, house: House, shop: SiteInfo
) -> None:
    with house.database.session() as session:
        session.get_one(Site, shop.id).privacy_mode = "count"
    house.sites.forget()
    with visit.at_once():
        struggle(visit, "2026-03-05", "#buy", 5, visitor=None)
        struggle(visit, "2026-03-05", "#rare", 4, visitor=None)
    with time_machine.travel(at(NOW), tick=False):
        assert [body["data"]["element"] for body in look()] == ["#buy"]


def test_what_is_remembered_is_forgotten_when_it_may_be_told_again(look: Look, visit: Visiting, house: House) -> None:
    struggle(visit, "2026-03-05", "#buy", 5)
    with time_machine.travel(at(NOW), tick=False) as clock:
        look()
        clock.shift(timedelta(days=31))
        struggle(visit, "2026-04-05", "#other", 5)
        assert [body["data"]["element"] for body in look()] == ["#other"]
        with house.database.session() as session:
            assert len(list(session.scalars(select(ToldStruggle.digest)))) == 1
            assert session.scalars(select(Webhook.left_out)).all() == [0]
