"""One of many leads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import time_machine

from tracker.database import Database
from tracker.schedules.lease import LASTS, Leadership


def test_one_leads_until_it_lets_go_or_falls_silent(database: Database, clock: time_machine.Traveller) -> None:
    one, other = Leadership(database, "letters"), Leadership(database, "letters")
    assert one.hold() and one.hold()
    assert not other.hold()
    one.let_go()
    assert other.hold()
    assert not one.hold()
    clock.shift(LASTS - timedelta(seconds=1))
    assert not one.hold()
    clock.shift(timedelta(seconds=1))
    assert one.hold()
    assert Leadership(database, "other things").hold()


def test_who_goes_on_leading_is_not_followed(database: Database, clock: time_machine.Traveller) -> None:
    one, other = Leadership(database, "letters"), Leadership(database, "letters")
    for _ in range(5):
        assert one.hold() and not other.hold()
        clock.shift(LASTS * 0.7)


def test_a_clock_that_is_put_back_leaves_one_leader_and_not_none(
    database: Database, clock: time_machine.Traveller
) -> None:
    killed, one = Leadership(database, "letters"), Leadership(database, "letters")
    assert killed.hold()
    clock.shift(-timedelta(days=1))
    assert one.hold()
    assert not killed.hold()
    clock.shift(-timedelta(hours=2))
    assert one.hold()
    assert not killed.hold()


def test_of_many_that_begin_at_once_one_leads(database: Database) -> None:
    ready = threading.Barrier(4)

    def begin(_: int) -> bool:
        ready.wait()
        return Leadership(database, "letters").hold()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(begin, range(4))) == 1
