"""What is due is sent once, whoever finds it and however often it fails."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests.kit.ground import at
from tests.tracker.schedules.told import ANN, BEN, CHOICES, HELSINKI, MONDAY, Sender, messages, note, run, wanted
from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import RefusedError, UnreachableError
from tracker.models import Delivery, Recipient, Schedule
from tracker.outgoing.holding import TRIES_AFTER
from tracker.schedules import book
from tracker.schedules.outbox import forget_old, send_again
from tracker.schedules.rhythm import last_due
from tracker.schedules.sending import Parcel, send_waiting
from tracker.sites import SiteInfo


def test_it_is_sent_when_it_is_due_and_not_again(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    sender = Sender()
    run(database, sender)
    assert sender.sent == []  # the last Monday was before it was made
    clock.move_to(at("2026-03-09 06:59"))
    run(database, sender)
    assert sender.sent == []
    clock.move_to(at(MONDAY))
    for _ in range(3):
        run(database, sender)
    assert sender.sent == [(ANN, "2026-03-02")]


def test_after_a_stop_the_latest_period_is_sent_once(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at("2026-04-01 12:00"))
    sender = Sender()
    run(database, sender)
    run(database, sender)
    assert sender.sent == [(ANN, "2026-03-23")]


def test_what_came_due_during_a_pause_is_owed_to_nobody(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    sender = Sender()
    with database.session() as session:
        book.pause(session.get_one(Schedule, weekly.id))
    clock.move_to(at(MONDAY))
    run(database, sender)
    with database.session() as session:
        book.resume(session.get_one(Schedule, weekly.id))
    run(database, sender)
    assert sender.sent == []
    clock.move_to(at("2026-03-16 08:00"))
    run(database, sender)
    assert sender.sent == [(ANN, "2026-03-09")]


def test_what_was_on_its_way_at_a_pause_waits(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(MONDAY))
    note(database)
    with database.session() as session:
        book.pause(session.get_one(Schedule, weekly.id))
    sender = Sender()
    run(database, sender)
    assert sender.sent == []
    with database.session() as session:
        book.resume(session.get_one(Schedule, weekly.id))
    run(database, sender)
    assert sender.sent == [(ANN, "2026-03-02")]


def test_a_message_that_another_process_took_meanwhile_is_theirs_to_tell_of(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(MONDAY))
    note(database)
    other = Sender()

    def slow(parcel: Parcel) -> None:
        clock.shift(timedelta(minutes=4))
        send_waiting(database, other, lambda: True)
        assert not parcel.hold()
        raise UnreachableError("Too late.")

    send_waiting(database, slow, lambda: True)
    [message] = messages(database)
    assert (other.sent, message.state, message.problem) == ([(ANN, "2026-03-02")], "sent", None)


def test_a_schedule_that_cannot_be_followed_keeps_no_other_from_it(
    database: Database, site: SiteInfo, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    with database.session() as session:
        broken = book.create_schedule(session, site.id, wanted(name="Broken"), CHOICES, ANN)
        broken.zone = "Mars/Olympus"
    clock.move_to(at(MONDAY))
    sender = Sender()
    run(database, sender)
    assert sender.sent == [(ANN, "2026-03-02")]


def test_what_became_of_letters_is_forgotten_after_a_good_year(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(MONDAY))
    run(database, Sender())
    clock.shift(timedelta(days=399))
    assert forget_old(database, utc_now()) == 0
    clock.shift(timedelta(days=2))
    assert (forget_old(database, utc_now()), messages(database)) == (1, [])


def test_another_hour_does_not_send_the_same_days_again(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(MONDAY))
    sender = Sender()
    run(database, sender)
    with database.session() as session:
        book.change_schedule(session, session.get_one(Schedule, weekly.id), wanted(hour=7), CHOICES)
    run(database, sender)
    assert sender.sent == [(ANN, "2026-03-02")]


def test_many_at_once_make_one_delivery_and_send_each_message_once(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    with database.session() as session:
        session.add_all(
            Recipient(
                schedule_id=weekly.id, address=f"{n}@x.example", token=str(n), of_team=False, confirmed_at=utc_now()
            )
            for n in range(20)
        )
    clock.move_to(at(MONDAY))
    sent: list[str] = []
    ready = threading.Barrier(4)

    def process(_: int) -> None:
        ready.wait()
        note(database)
        send_waiting(database, lambda parcel: sent.append(parcel.message.address), lambda: True)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(process, range(4)))
    assert sorted(sent) == sorted({*sent})
    assert len(sent) == 21
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_what_may_go_is_tried_again_later_and_later_and_then_given_up(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(MONDAY))
    sender = Sender()
    sender.problems = [UnreachableError("The mail server is away.") for _ in range(len(TRIES_AFTER) + 1)]
    run(database, sender)
    for wait in TRIES_AFTER:
        [message] = messages(database)
        assert (message.state, message.problem) == ("waiting", "The mail server is away.")
        assert message.next_try_at - utc_now() == wait
        run(database, sender)  # not yet
        clock.shift(wait)
        send_waiting(database, sender, lambda: True)
    [message] = messages(database)
    assert (message.state, message.tries, sender.sent) == ("failed", len(TRIES_AFTER) + 1, [])


def test_what_is_refused_is_not_tried_again(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(MONDAY))
    sender = Sender()
    sender.problems = [RefusedError("No such mailbox.")]
    run(database, sender)
    clock.shift(timedelta(days=1))
    run(database, sender)
    [message] = messages(database)
    assert (message.state, message.problem, sender.sent) == ("failed", "No such mailbox.", [])


def test_one_bad_letter_does_not_keep_the_others(
    database: Database, weekly: Schedule, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    with database.session() as session:
        session.add(Recipient(schedule_id=weekly.id, address=BEN, token="b", of_team=False, confirmed_at=utc_now()))
    clock.move_to(at(MONDAY))
    sender = Sender()
    sender.problems = [ZeroDivisionError()]
    run(database, sender)
    assert sender.sent == [(BEN, "2026-03-02")]
    assert {one.state: one.problem for one in messages(database)} == {
        "waiting": "The report could not be made; the server's log says why.",
        "sent": None,
    }


def test_a_process_that_died_while_sending_is_followed_after_some_minutes(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(MONDAY))
    note(database)

    class DiedError(BaseException):
        pass

    def die(_: Parcel) -> None:
        raise DiedError

    with pytest.raises(DiedError):
        send_waiting(database, die, lambda: True)
    sender = Sender()
    run(database, sender)
    assert sender.sent == []  # it may still be at it
    clock.shift(timedelta(minutes=4))
    run(database, sender)
    assert sender.sent == [(ANN, "2026-03-02")]


def test_by_hand_the_same_days_go_out_once_more(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(MONDAY))
    sender = Sender()
    run(database, sender)
    with database.session() as session:
        due = last_due(book.rhythm_of(weekly, HELSINKI), utc_now())
        assert send_again(session, weekly, due) == 1
        session.flush()
        assert send_again(session, weekly, due) is None  # as after a second click
        assert (
            send_again(session, weekly, last_due(book.rhythm_of(weekly, HELSINKI), utc_now()), to="me@example.org") == 1
        )
    run(database, sender)
    assert sender.sent == [(ANN, "2026-03-02"), (ANN, "2026-03-02"), ("me@example.org", "2026-03-02")]
