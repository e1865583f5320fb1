"""Goals that are reached come to webhooks: each once, of people alone, and never from long ago."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine

from reports.webhooks import completions
from reports.webhooks.completions import note_completions
from tests.kit.ground import at
from tests.kit.pages import load
from tests.kit.receiver import Receiver
from tests.kit.store import ENGINES, Visiting
from tests.reports.webhooks.conftest import HERE, GoRound, Subscribe, bodies, seen_now
from tracker.clock import now_ms, utc_now
from tracker.house import House
from tracker.models import Webhook, WebhookMark, WebhookMessage
from tracker.sites import SiteInfo
from tracker.store.base import EventStore, StoreDownError
from tracker.webhooks.book import WantedWebhook, create_webhook, switch
from tracker.webhooks.queue import FRESH, put

KIND = "goal.completed"
HOUR_MS = 3_600_000


def order(value: float, currency: str | None = None) -> dict[str, Any]:
    said = {"value": value} | ({"currency": currency} if currency else {})
    return {"kind": "custom", "name": "order", "url": "https://shop.example/pay", "properties": said}


def thanks(site: SiteInfo) -> dict[str, Any]:
    return {"url": f"https://{site.hosts[0]}/thanks"}


def reached(receiver: Receiver) -> list[dict[str, Any]]:
    return [one for body in bodies(receiver) for one in body["data"]["completions"]]


def test_what_is_reached_comes_once_with_what_it_was_worth(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    subscribe(KIND)
    load(house, seen_now(shop, {}, order(12.5), order(3, "USD")), seen_now(shop, {}))
    go_round()
    go_round()
    [body] = bodies(receiver)
    assert (body["type"], body["data"]["site"]) == (KIND, {"key": shop.key, "name": shop.name})
    assert body["timestamp"].endswith("Z")
    first, second = body["data"]["completions"]
    assert (first["goal"], first["path"], first["revenue"], first["currency"]) == ("Ordered", "/pay", 12.5, "EUR")
    assert second["revenue"] is None  # it was worth something in another currency
    assert first["visit"] == second["visit"] is not None and first["id"] != second["id"]
    assert set(first) == {"id", "goal", "at", "path", "visit", "revenue", "currency"}


@pytest.mark.parametrize("store", ENGINES, indirect=True)
def test_both_engines_find_the_same(
    house: House, store: EventStore, shop: SiteInfo, goals: None, visit: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "store", store)
    with time_machine.travel(at("2026-03-06 10:00"), tick=False) as clock:
        with house.database.session() as session:
            create_webhook(session, shop.id, WantedWebhook("https://hook.example/", [KIND]), HERE, "ann@example.org")
        note_completions(house, utc_now())
        with visit.at_once():
            visit("2026-03-06 10:05", ["/", "/thanks"])
            visit("2026-03-06 10:06", ["/thanks"], custom=["order"], visitor=None)
            visit("2026-03-06 10:07", ["/thanks"], imported=True)
        clock.shift(timedelta(hours=1))
        for _ in range(3):
            note_completions(house, utc_now())
        with house.database.session() as session:
            [message] = session.query(WebhookMessage).all()
    found = msgspec.json.decode(message.body)["data"]["completions"]
    assert [(one["goal"], one["at"], one["visit"] is None) for one in found] == [
        ("Thanked", "2026-03-06T10:06:00Z", False),
        ("Thanked", "2026-03-06T10:06:00Z", True),
        ("Ordered", "2026-03-06T10:06:06Z", True),
    ]


def test_visitors_who_are_not_told_apart_have_no_visit(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    subscribe(KIND)
    load(house, seen_now(shop, thanks(shop), visitor_id=None))
    go_round()
    assert [one["visit"] for one in reached(receiver)] == [None]


def test_bots_and_the_past_are_not_told(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    load(house, seen_now(shop, thanks(shop)))  # before anybody asked
    subscribe(KIND)
    old = now_ms() - FRESH // timedelta(milliseconds=1) - HOUR_MS
    late = seen_now(shop, {**thanks(shop), "at": old}, keeps_time=True)  # as a server sends it, today
    imported = seen_now(shop, {**thanks(shop), "at": now_ms()}, keeps_time=True, imported=True)
    bot = seen_now(shop, thanks(shop), user_agent="Googlebot/2.1 (+http://www.google.com/bot.html)")
    load(house, late, imported, bot, seen_now(shop, order(1)))
    go_round()
    assert [one["goal"] for one in reached(receiver)] == ["Ordered"]


def test_a_stop_of_two_days_leaves_nothing_untold_but_what_is_older_than_news(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    with time_machine.travel(at("2026-03-06 10:00"), tick=False) as clock:
        subscribe(KIND)
        load(house, seen_now(shop, {**order(1), "at": now_ms()}, sent_at=now_ms()))
        clock.shift(timedelta(days=1, hours=12))
        load(house, seen_now(shop, {**thanks(shop), "at": now_ms()}, sent_at=now_ms()))
        clock.shift(timedelta(days=2))
        go_round()
        assert [one["goal"] for one in reached(receiver)] == ["Thanked"]
        assert reached(receiver)[0]["visit"] is not None


def test_each_of_two_webhooks_gets_what_happened_since_it_was_made(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    subscribe(KIND)
    load(house, seen_now(shop, thanks(shop)))
    subscribe(KIND, address=f"{receiver.url}&second")
    load(house, seen_now(shop, order(1), received_at=now_ms() + 1000))
    go_round()
    told = {
        (path, body["data"]["completions"][0]["goal"])
        for (path, _, _), body in zip(receiver.posted, bodies(receiver), strict=True)
    }
    first, second = "/report?x=1", "/report?x=1&second"
    assert told == {(first, "Thanked"), (first, "Ordered"), (second, "Ordered")}


def test_two_processes_that_look_at_once_tell_everything_once(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    subscribe(KIND)
    load(house, *(seen_now(shop, thanks(shop)) for _ in range(20)))
    for _ in range(3):
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: note_completions(house, utc_now()), range(4)))
    go_round()
    found = reached(receiver)
    assert len(found) == len({one["id"] for one in found}) == 20


def test_who_loses_the_race_for_what_both_found_tells_nothing(
    house: House,
    shop: SiteInfo,
    receiver: Receiver,
    subscribe: Subscribe,
    go_round: GoRound,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    subscribe(KIND)
    load(house, *(seen_now(shop, thanks(shop)) for _ in range(3)))
    assert note_completions(house, utc_now()) == 0  # what came last is told at the next look
    found, told_by_the_other = completions._found, []

    def meanwhile(*asked: Any) -> list[dict[str, Any]]:
        rows = found(*asked)
        monkeypatch.setattr(completions, "_found", found)
        with monkeypatch.context() as other:
            other.setattr(completions, "MOST_A_LOOK", 2)  # so that its message is another
            told_by_the_other.append(note_completions(house, utc_now()))
        return rows

    monkeypatch.setattr(completions, "_found", meanwhile)
    assert (note_completions(house, utc_now()), told_by_the_other) == (0, [1])
    go_round()
    ids = [one["id"] for one in reached(receiver)]
    assert len(ids) == len({*ids}) == 3


def test_many_come_in_few_messages_and_what_is_more_waits_for_the_next_look(
    house: House,
    shop: SiteInfo,
    receiver: Receiver,
    subscribe: Subscribe,
    go_round: GoRound,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(completions, "MOST_A_LOOK", 10)
    monkeypatch.setattr(completions, "MOST_A_MESSAGE", 4)
    subscribe(KIND)
    load(house, *(seen_now(shop, thanks(shop)) for _ in range(25)))
    go_round()
    assert [len(body["data"]["completions"]) for body in bodies(receiver)] == [4, 4, 2]
    go_round()
    go_round()
    assert len({one["id"] for one in reached(receiver)}) == len(reached(receiver)) == 25


def test_numbers_that_come_again_after_a_deletion_are_told_all_the_same(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    subscribe(KIND)
    with house.database.session() as session:  # as if events up to the hundredth had been there
        mark = session.get_one(WebhookMark, shop.id)
        mark.told = mark.seen = 100
    go_round()
    load(house, seen_now(shop, thanks(shop)))
    go_round()
    assert len(reached(receiver)) == 1


def test_what_happens_while_it_is_off_is_not_made_up_for(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    with time_machine.travel(utc_now().replace(hour=12), tick=False) as clock:
        made = subscribe(KIND)
        for on, happens in ((False, thanks(shop)), (True, order(1))):
            clock.shift(1)
            with house.database.session() as session:
                switch(session, session.get_one(Webhook, made.id), "ann@example.org", on=on)
            clock.shift(1)
            load(house, seen_now(shop, {**happens, "at": now_ms()}, received_at=now_ms()))
        clock.shift(60)
        go_round()
        assert [one["goal"] for one in reached(receiver)] == ["Ordered"]


def test_a_site_or_a_store_that_fails_keeps_nothing_from_being_sent(
    house: House,
    shop: SiteInfo,
    receiver: Receiver,
    subscribe: Subscribe,
    go_round: GoRound,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = subscribe(KIND)
    with house.database.session() as session:
        put(session, made, "test", "waiting", b"{}")

    def away() -> int:
        raise StoreDownError("away")

    with monkeypatch.context() as patched:
        patched.setattr(house.store, "next_ingest_id", away)
        go_round()
    assert len(receiver.posted) == 1
    load(house, seen_now(shop, thanks(shop)))
    with monkeypatch.context() as patched:
        patched.setattr(completions, "_reaching", lambda *_: 1 / 0)
        go_round()
    assert len(receiver.posted) == 1
    go_round()
    assert [one["goal"] for one in bodies(receiver)[-1]["data"]["completions"]] == ["Thanked"]
