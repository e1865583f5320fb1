"""What waits for a webhook is sent once, tried again as letters are, and a webhook that is dead is switched off."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from sqlalchemy import select
from standardwebhooks import Webhook as StandardWebhook
from standardwebhooks import WebhookVerificationError

from tests.kit.receiver import Receiver
from tests.tracker.webhooks.conftest import ANN, HERE, Queue, messages, standing
from tracker.audit import BY_ITSELF
from tracker.clock import utc_now
from tracker.database import Database
from tracker.languages import language_of, speaking, spoken_language
from tracker.models import AuditEntry, Webhook, WebhookMessage
from tracker.outgoing.holding import TAKEN_FOR, TRIES_AFTER, Hold
from tracker.outgoing.posting import MOST_S, Answer, shown_secret
from tracker.sites import SiteInfo
from tracker.webhooks import book, sending
from tracker.webhooks import queue as queueing
from tracker.webhooks.sending import GIVEN_UP_AFTER, send_waiting


def verified(receiver: Receiver, secret: str, number: int = -1) -> bool:
    """Tell whether a receiver with this secret believes a message, by the standard's own library."""
    _, headers, body = receiver.posted[number]
    try:
        StandardWebhook(shown_secret(secret)).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


def test_a_message_is_sent_once_signed_as_the_standards_own_library_wants_it(
    database: Database, webhook: Webhook, queue: Queue, receiver: Receiver
) -> None:
    assert (queue("one", "one"), queue("one")) == (1, 0)
    assert (send_waiting(database, HERE), send_waiting(database, HERE)) == (1, 0)
    [message] = messages(database)
    assert (message.state, message.status, message.tries, len(receiver.posted)) == ("sent", 204, 1, 1)
    assert receiver.posted[0][1]["webhook-id"] == message.key
    assert verified(receiver, webhook.secret) and not verified(receiver, "another")


def test_after_a_rotation_both_secrets_sign_for_a_day(
    database: Database, webhook: Webhook, queue: Queue, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    with database.session() as session:
        book.rotate(session, session.get_one(Webhook, webhook.id), ANN)
    new = standing(database, webhook).secret
    queue("one")
    send_waiting(database, HERE)
    assert len(receiver.posted[0][1]["webhook-signature"].split()) == 2
    assert verified(receiver, webhook.secret) and verified(receiver, new)
    clock.shift(book.BOTH_SIGN_FOR)
    queue("two")
    send_waiting(database, HERE)
    assert verified(receiver, new) and not verified(receiver, webhook.secret)


def test_what_fails_is_tried_again_by_the_same_id_and_then_given_up(
    database: Database, webhook: Webhook, queue: Queue, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    receiver.answers, receiver.says = [503] * (len(TRIES_AFTER) + 1), b"out of \x00 order" + b"!" * 1000
    queue("one")
    send_waiting(database, HERE)
    for wait in TRIES_AFTER:
        [message] = messages(database)
        assert (message.state, message.status, message.next_try_at - utc_now()) == ("waiting", 503, wait)
        assert send_waiting(database, HERE) == 0  # not yet
        clock.shift(wait)
        send_waiting(database, HERE)
    [message] = messages(database)
    assert (message.state, message.problem) == ("failed", "127.0.0.1 answered 503.")
    assert message.answered is not None and message.answered.startswith("out of   order!")
    assert len(message.answered) == 500
    assert {headers["webhook-id"] for _, headers, _ in receiver.posted} == {message.key}
    with database.session() as session:
        queueing.put_again(session.get_one(WebhookMessage, message.id), utc_now())
    send_waiting(database, HERE)
    [message] = messages(database)
    assert (message.state, message.problem, receiver.posted[-1][1]["webhook-id"]) == ("sent", None, message.key)


@pytest.mark.parametrize("status", [302, 404])
def test_what_is_refused_is_not_tried_again_and_nobody_is_sent_on(
    database: Database, queue: Queue, receiver: Receiver, clock: time_machine.Traveller, status: int
) -> None:
    receiver.answers = [status]
    queue("one")
    send_waiting(database, HERE)
    clock.shift(timedelta(days=1))
    assert (send_waiting(database, HERE), messages(database)[0].state, len(receiver.posted)) == (0, "failed", 1)


def test_nothing_is_sent_inside(database: Database, queue: Queue, receiver: Receiver) -> None:
    queue("one")
    send_waiting(database, ())
    [message] = messages(database)
    assert (message.state, receiver.posted) == ("failed", [])
    assert "is inside a network" in str(message.problem)


def test_one_that_does_not_answer_holds_up_no_other_and_is_left_alone_for_a_minute(
    database: Database, site: SiteInfo, queue: Queue, receiver: Receiver
) -> None:
    parts = urlsplit(receiver.url)
    receiver.answers = [500]
    queue("one", "two", "three")
    with database.session() as session:
        wanted = book.WantedWebhook(f"http://127.0.0.1:{parts.port}/second", ["alert.fired"])
        second = book.create_webhook(session, site.id, wanted, HERE, ANN)
    send_waiting(database, HERE)
    assert len(receiver.posted) == 1
    queue("one", "two", to=second)
    assert send_waiting(database, HERE) == 2
    assert [one.state for one in messages(database)] == ["waiting"] * 3 + ["sent"] * 2


def test_one_that_says_gone_is_switched_off(
    database: Database, webhook: Webhook, queue: Queue, receiver: Receiver
) -> None:
    receiver.answers = [410]
    queue("one", "two")
    send_waiting(database, HERE)
    found = standing(database, webhook)
    assert (found.on, found.stopped, len(receiver.posted)) == (False, book.GONE, 1)
    with database.session() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None and (entry.who, entry.action, entry.subject) == (BY_ITSELF, "stop-webhook", "127.0.0.1")


def test_after_days_of_nothing_but_failures_it_is_switched_off_and_goes_on_where_it_was(
    database: Database, webhook: Webhook, queue: Queue, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    receiver.answers = [500, 204, 500, 500, 500]
    for name, wait in (("a", timedelta(0)), ("b", GIVEN_UP_AFTER), ("c", timedelta(0))):
        clock.shift(wait)
        queue(name)
        send_waiting(database, HERE)
    assert standing(database, webhook).on  # something arrived between
    clock.shift(GIVEN_UP_AFTER)
    send_waiting(database, HERE)
    found = standing(database, webhook)
    assert (found.on, found.stopped) == (False, book.FAILING)
    clock.shift(timedelta(days=1))
    assert send_waiting(database, HERE) == 0
    with database.session() as session:
        book.switch(session, session.get_one(Webhook, webhook.id), ANN, on=True)
    send_waiting(database, HERE)
    assert {one.state for one in messages(database)} == {"sent"}


def test_no_more_waits_than_fits_and_what_is_left_out_is_counted(
    database: Database, webhook: Webhook, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "MOST_WAITING", 3)
    assert queue(*"abcde") == 3
    assert queue("a") == 0  # it waits already
    assert standing(database, webhook).left_out == 2


def test_messages_are_forgotten_after_a_month_or_when_their_site_forgets(
    database: Database, site: SiteInfo, queue: Queue, clock: time_machine.Traveller
) -> None:
    for kept, days in ((site, 30), (replace(site, retention_days=7), 7), (replace(site, retention_days=90), 30)):
        queue("one")
        clock.shift(timedelta(days=days))
        assert queueing.forget_old(database, [kept], utc_now()) == 0
        clock.shift(timedelta(seconds=1))
        assert (queueing.forget_old(database, [kept], utc_now()), messages(database)) == (1, [])


def test_of_goals_only_the_newest_are_kept_and_what_waits(
    database: Database, webhook: Webhook, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "MOST_KEPT", 2)
    queue("alert")
    with database.session() as session:
        for name in "abcde":
            queueing.put(session, webhook, "goal.completed", name, b"{}")
    assert queueing.forget_surplus(database) == 0
    send_waiting(database, HERE)
    with database.session() as session:
        queueing.put(session, webhook, "goal.completed", "f", b"{}")
    assert (queueing.forget_surplus(database), queueing.forget_surplus(database)) == (3, 0)
    assert [one.happening for one in messages(database)] == ["alert", "d", "e", "f"]


def test_processes_that_send_at_once_send_each_message_once(
    database: Database, queue: Queue, receiver: Receiver
) -> None:
    queue(*map(str, range(20)))
    ready = threading.Barrier(3)

    def process(_: int) -> None:
        ready.wait()
        send_waiting(database, HERE)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(process, range(3)))
    send_waiting(database, HERE)
    sent = [headers["webhook-id"] for _, headers, _ in receiver.posted]
    assert len(sent) == len({*sent}) == 20


def test_what_was_held_before_the_clock_was_put_back_is_sent(
    database: Database, queue: Queue, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    queue("one")
    [message] = messages(database)
    clock.shift(timedelta(days=1))
    with database.session() as session:
        assert Hold(database, WebhookMessage, message.id).take(session)
    assert send_waiting(database, HERE) == 0
    clock.shift(-timedelta(days=1))
    assert (send_waiting(database, HERE), len(receiver.posted)) == (1, 1)


def test_what_went_wrong_is_noted_in_english_whoever_asks(database: Database, queue: Queue, receiver: Receiver) -> None:
    receiver.answers = [503]
    queue("one")
    with speaking(language_of("pl")):
        assert sending.send_one(database, messages(database)[0].id, HERE)
        assert spoken_language().tag == "pl"
    assert messages(database)[0].problem == "127.0.0.1 answered 503."


def test_a_turn_begins_nothing_after_a_minute_and_the_next_goes_on(
    database: Database, queue: Queue, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> Answer:
        clock.shift(30)
        return Answer("127.0.0.1", 204, "")

    monkeypatch.setattr(sending, "exchange", slow)
    queue("one", "two", "three")
    assert [send_waiting(database, HERE) for _ in range(3)] == [2, 1, 0]


def test_a_message_is_held_for_longer_than_sending_it_can_take() -> None:
    assert 2 * timedelta(seconds=MOST_S) <= TAKEN_FOR
