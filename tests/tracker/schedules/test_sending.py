"""Webhooks on a list are posted to abreast: one that hangs holds up no other, and each gets its message once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from sqlalchemy import select

from tests.kit.ground import at
from tests.tracker.schedules.told import ANN, MONDAY, messages, note
from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import UnreachableError
from tracker.models import Message, Recipient, Schedule
from tracker.outgoing import abreast
from tracker.outgoing.holding import TAKEN_FOR
from tracker.schedules.sending import Parcel, Post, send_waiting

SLOW, QUICK = "https://slow.example/hook", "https://quick.example/hook"


def add(database: Database, weekly: Schedule, *addresses: str) -> None:
    with database.session() as session:
        session.add_all(
            Recipient(schedule_id=weekly.id, address=one, token=one, of_team=False, confirmed_at=utc_now())
            for one in addresses
        )


@pytest.fixture
def due(database: Database, weekly: Schedule, clock: time_machine.Traveller) -> None:
    """Two webhooks, and Ann, whose letter is the first in the outbox."""
    add(database, weekly, SLOW, QUICK)
    clock.move_to(at(MONDAY))
    note(database)


class Receivers:
    """Posts for a sender; who is slow answers once `others` have got theirs, or gives up after a long time.

    `got` are the addresses in the order in which they got something.
    """

    def __init__(self, others: int) -> None:
        self.got: list[str] = []
        self._others = threading.Semaphore(0)
        self._wanted = others

    def __call__(self, parcel: Parcel) -> Post | None:
        address = parcel.message.address
        if not address.startswith("https://"):
            assert parcel.hold()
            self._take(address)
            return None
        return lambda: self._post(parcel, address)

    def _post(self, parcel: Parcel, address: str) -> None:
        if not parcel.hold():
            return
        if address == SLOW:
            for _ in range(self._wanted):
                if not self._others.acquire(timeout=20):
                    raise UnreachableError("The others did not get theirs.")
        self._take(address)

    def _take(self, address: str) -> None:
        self.got.append(address)
        self._others.release()


def test_while_one_hangs_the_other_gets_its_message_and_so_does_mail(database: Database, due: None) -> None:
    receivers = Receivers(others=2)
    assert send_waiting(database, receivers, lambda: True) == 3
    assert (set(receivers.got[:2]), receivers.got[2]) == ({ANN, QUICK}, SLOW)
    assert {one.state for one in messages(database)} == {"sent"}


def test_one_that_fails_is_tried_again_and_the_others_are_not(
    database: Database, due: None, clock: time_machine.Traveller
) -> None:
    receivers, answers = Receivers(others=0), [UnreachableError("It is away.")]

    def post(parcel: Parcel) -> Post | None:
        found = receivers(parcel)
        return found if parcel.message.address != SLOW or not answers else fail

    def fail() -> None:
        raise answers.pop()

    send_waiting(database, post, lambda: True)
    assert {one.address: (one.state, one.problem) for one in messages(database)} == {
        ANN: ("sent", None),
        QUICK: ("sent", None),
        SLOW: ("waiting", "It is away."),
    }
    clock.shift(60)
    send_waiting(database, post, lambda: True)
    assert (receivers.got[-1], len(receivers.got)) == (SLOW, 3)


def test_processes_that_send_at_once_post_each_message_once(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    addresses = [f"https://{number}.example/hook" for number in range(20)]
    add(database, weekly, *addresses)
    clock.move_to(at(MONDAY))
    note(database)
    receivers, ready = Receivers(others=0), threading.Barrier(3)

    def process(_: int) -> None:
        ready.wait()
        send_waiting(database, receivers, lambda: True)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(process, range(3)))
    assert sorted(receivers.got) == sorted([ANN, *addresses])
    assert {one.state for one in messages(database)} == {"sent"}


def test_one_whose_message_another_process_took_meanwhile_gets_it_once(
    database: Database, due: None, clock: time_machine.Traveller
) -> None:
    receivers = Receivers(others=0)

    def late(parcel: Parcel) -> Post | None:
        found = receivers(parcel)
        if parcel.message.address == SLOW and receivers.got.count(SLOW) == 0:
            clock.shift(TAKEN_FOR.total_seconds() + 1)  # so long took writing it
            send_waiting(database, receivers, lambda: True)
        return found

    send_waiting(database, late, lambda: True)
    assert sorted(receivers.got) == sorted([ANN, SLOW, QUICK])


def wait(database: Database, weekly: Schedule, *addresses: str) -> None:
    """Let a message wait for each of these, in this order."""
    with database.session() as session:
        known = {one.address: one.id for one in session.scalars(select(Recipient))}
        session.add_all(
            Message(
                key=str(number),
                schedule_id=weekly.id,
                recipient_id=known[address],
                address=address,
                state="waiting",
                tries=0,
                next_try_at=utc_now(),
            )
            for number, address in enumerate(addresses)
        )


def test_one_for_whom_much_waits_takes_turns_with_the_others(
    database: Database, weekly: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(abreast, "AT_ONCE", 1)
    add(database, weekly, SLOW, QUICK)
    wait(database, weekly, SLOW, SLOW, SLOW, QUICK)
    receivers = Receivers(others=0)
    send_waiting(database, receivers, lambda: True)
    assert receivers.got == [SLOW, QUICK, SLOW, SLOW]


def test_what_else_waits_for_one_that_is_away_waits_a_minute_as_well(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    add(database, weekly, SLOW, QUICK)
    wait(database, weekly, SLOW, SLOW, QUICK)
    tried: list[str] = []

    def is_away(parcel: Parcel) -> Post:
        def post() -> None:
            tried.append(parcel.message.address)
            if parcel.message.address == SLOW:
                raise UnreachableError("It is away.")

        return post

    send_waiting(database, is_away, lambda: True)
    assert sorted(tried) == [QUICK, SLOW]
    clock.shift(60)
    send_waiting(database, is_away, lambda: True)
    assert tried[2:] == [SLOW]
