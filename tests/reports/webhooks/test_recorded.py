"""Alerts and reports that were sent come to webhooks, each once, to those who were there when it happened."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, select

from reports.webhooks import recorded
from reports.webhooks.recorded import note_recorded
from tests.kit.ground import at
from tests.kit.pages import load
from tests.kit.receiver import Receiver
from tests.reports.webhooks.conftest import GoRound, Subscribe, bodies, seen_now
from tracker.alerts import book
from tracker.clock import utc_now
from tracker.database import Database
from tracker.house import House
from tracker.models import Alert, Base, Delivery, Message, Schedule, Watch, Webhook, WebhookMessage
from tracker.outgoing.holding import TRIES_AFTER, note_try
from tracker.schedules import book as schedules
from tracker.sites import SiteInfo, create_site, describe
from tracker.webhooks.book import WantedWebhook, change_webhook, create_webhook

ANN = "ann@example.org"


def watch(house: House, site: SiteInfo) -> Watch:
    with house.database.session() as session:
        choices = book.Choices(["spike"], ())
        return book.create_watch(session, site.id, book.Wanted("Usual", ["spike"], [ANN]), choices, ANN)


def notice(house: House, found: Watch, subject: str, minutes_ago: int = 0) -> None:
    at = utc_now() - timedelta(minutes=minutes_ago)
    facts = {"report": "overview", "range": "28d", "contributing": ["From “Google”."], "seen": 412}
    said = {"headline": "3 times as many", "told": "So many.", "why": "A rule.", "facts": facts}
    with house.database.session() as session:
        times = {"began_at": at, "noticed_at": at, "seen_at": at}
        session.add(Alert(watch_id=found.id, kind="spike", subject=subject, **said, **times))


def deliver(house: House, site: SiteInfo, *states: str) -> None:
    """Make a delivery with messages in these states."""
    now = utc_now()
    wanted = schedules.Wanted("Weekly", "week", 0, 9, "UTC", ["pages"], [ANN])
    with house.database.session() as session:
        made = session.query(Schedule).first() or schedules.create_schedule(
            session, site.id, wanted, schedules.Choices(["pages"], []), ANN
        )
        days = {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 8)}
        again = session.query(Delivery).count()
        delivery = Delivery(schedule_id=made.id, again=again, due_at=now, made_at=now, **days)
        session.add(delivery)
        session.flush()
        for number, state in enumerate(states):
            told = {"state": state, "tries": 1, "next_try_at": now, "sent_at": now if state == "sent" else None}
            key, address = f"{delivery.id}-{number}", f"{number}@example.org"
            session.add(Message(key=key, address=address, delivery_id=delivery.id, schedule_id=made.id, **told))


def test_an_alert_comes_once_and_one_of_before_not_at_all(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    found = watch(house, shop)
    notice(house, found, "before", minutes_ago=1)
    subscribe("alert.fired")
    notice(house, found, "now")
    go_round()
    go_round()
    [body] = bodies(receiver)
    data = body["data"]
    assert (body["type"], data["subject"], data["watch"], data["seen"]) == ("alert.fired", "now", "Usual", 412)
    assert data["page"] == f"https://stats.example.org/sites/{shop.key}/?range=28d"


def test_a_report_comes_when_nothing_of_it_waits_any_more(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    subscribe("delivery.sent", "alert.fired")
    deliver(house, shop, "sent", "waiting")
    deliver(house, shop, "failed")
    go_round()
    assert bodies(receiver) == []
    deliver(house, shop, "sent", "sent", "failed")
    go_round()
    go_round()
    [body] = bodies(receiver)
    data = body["data"]
    assert (body["type"], data["schedule"], data["first_day"]) == ("delivery.sent", "Weekly", "2026-03-02")
    assert (data["sent"], data["failed"], data["by_hand"]) == (2, 1, True)
    assert ANN not in str(body) and "@example.org" not in str(body)


def test_a_report_comes_too_when_one_address_is_given_up_long_after_the_others_have_it(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    with time_machine.travel(at("2026-03-09 09:00"), tick=False) as clock:
        subscribe("delivery.sent")
        deliver(house, shop, "sent", "waiting")
        with house.database.session() as session:
            number = session.scalars(select(Message.id).where(Message.key.endswith("-1"))).one()
        for wait in (timedelta(0), *TRIES_AFTER[1:]):  # one try was made
            clock.shift(wait)
            go_round()
            assert bodies(receiver) == []
            with house.database.session() as session:
                note_try(session.get_one(Message, number), "Nobody is there.", may_help=True)
        clock.shift(timedelta(hours=1))  # as after a stop
        go_round()
        go_round()
        [body] = bodies(receiver)
    assert (body["data"]["sent"], body["data"]["failed"]) == (1, 1)
    assert body["data"]["sent_at"].startswith("2026-03-09T09:00:00")


def test_one_whose_transaction_ended_late_comes_though_later_ones_are_told(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    with time_machine.travel(at("2026-03-09 09:00"), tick=False) as clock:
        subscribe("alert.fired")
        found = watch(house, shop)
        clock.shift(timedelta(minutes=10))
        notice(house, found, "now")
        go_round()
        notice(house, found, "late", minutes_ago=5)
        go_round()
        assert [body["data"]["subject"] for body in bodies(receiver)] == ["now", "late"]


def test_what_was_told_is_asked_for_no_more(house: House, shop: SiteInfo, subscribe: Subscribe) -> None:
    subscribe("alert.fired", "delivery.sent")
    asked: list[str] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    def look() -> tuple[int, int]:
        asked.clear()
        return note_recorded(house, utc_now()), len(asked)

    made, usual = look()
    found = watch(house, shop)
    for number in range(5):
        notice(house, found, str(number))
        deliver(house, shop, "sent")
    deliver(house, shop, "failed")
    assert (made, look()[0]) == (0, 10)
    assert look() == (0, usual)


def test_processes_that_look_at_once_tell_each_once(
    house: House,
    shop: SiteInfo,
    receiver: Receiver,
    subscribe: Subscribe,
    go_round: GoRound,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recorded, "MOST_A_LOOK", 7)
    subscribe("alert.fired")
    found = watch(house, shop)
    for number in range(20):
        notice(house, found, str(number))
    for _ in range(3):
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: note_recorded(house, utc_now()), range(4)))
    go_round()
    assert [body["data"]["subject"] for body in bodies(receiver)] == [str(number) for number in range(20)]


def test_of_kinds_that_one_is_given_later_it_is_told_from_then_on(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, go_round: GoRound
) -> None:
    kinds = ["delivery.sent", "alert.fired", "goal.completed"]
    with time_machine.travel(utc_now(), tick=False) as clock:
        later = subscribe("delivery.sent", address=f"{receiver.url}&later")
        subscribe("goal.completed")  # for whom goals are looked for
        found = watch(house, shop)
        for subject in ("before", "after"):
            clock.shift(60)
            notice(house, found, subject)
            load(house, seen_now(shop, {"url": f"https://shop.example/thanks?{subject}"}))
            if subject == "before":
                clock.shift(60)
                with house.database.session() as session:
                    wanted = WantedWebhook(later.address, kinds)
                    change_webhook(session, session.get_one(Webhook, later.id), wanted, ("127.0.0.1",), ANN)
        clock.shift(60)
        go_round()
        with house.database.session() as session:
            told = session.scalars(select(WebhookMessage.body).where(WebhookMessage.webhook_id == later.id)).all()
    happened = [json.loads(body) for body in told]
    assert [one["data"]["subject"] for one in happened if one["type"] == "alert.fired"] == ["after"]
    assert [len(one["data"]["completions"]) for one in happened if one["type"] == "goal.completed"] == [1]


def test_one_that_is_made_during_a_look_is_told_of_what_comes_after_it(
    house: House, shop: SiteInfo, receiver: Receiver, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe("alert.fired")
    found, look = watch(house, shop), recorded._look

    def late(*told: Any) -> int:
        monkeypatch.setattr(recorded, "_look", look)
        with house.database.session() as session:
            wanted = WantedWebhook(f"{receiver.url}&second", ["alert.fired"])
            create_webhook(session, shop.id, wanted, ("127.0.0.1",), ANN)
        notice(house, found, "now")
        return look(*told)

    monkeypatch.setattr(recorded, "_look", late)
    assert note_recorded(house, utc_now()) == 2


def test_postgresql_finds_the_same(
    house: House, shop: SiteInfo, goals: None, postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    Base.metadata.create_all(postgres.engine)
    monkeypatch.setattr(house, "database", postgres)
    with postgres.session() as session:
        site = describe(create_site(session, shop.name, ["shop.example"]))
        assert site.id == shop.id
        wanted = WantedWebhook("https://hook.example/", ["alert.fired", "delivery.sent"])
        create_webhook(session, site.id, wanted, (), ANN)
    notice(house, watch(house, site), "now")
    deliver(house, site, "sent", "failed")
    assert [note_recorded(house, utc_now()) for _ in range(2)] == [2, 0]
