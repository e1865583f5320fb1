"""What is due is sent once, whoever finds it, however often it fails, and to nobody who left."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import func, select

from tests.kit.ground import at
from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import RefusedError, UnreachableError
from tracker.models import Base, Delivery, Message, Recipient, Schedule, Site
from tracker.schedules import book
from tracker.schedules.lease import LASTS, Leadership
from tracker.schedules.outbox import (
    TRIES_AFTER,
    Parcel,
    forget_old,
    note_due,
    send_again,
    send_waiting,
)
from tracker.schedules.rhythm import last_due
from tracker.settings import Settings
from tracker.sites import SiteInfo
from tracker.users import create_user, set_role

HELSINKI = ZoneInfo("Europe/Helsinki")
ANN, BEN = "ann@example.org", "ben@example.com"
CHOICES = book.Choices(["pages", "struggles"], ["Phones"])
MADE, MONDAY = "2026-03-04 12:00", "2026-03-09 08:00"  # 09:00 in Helsinki is 07:00 here


def wanted(*recipients: str, name: str = "Weekly", **changes: object) -> book.Wanted:
    told = {"every": "week", "weekday": 0, "hour": 9, "zone": "Europe/Helsinki", "sections": ["pages"], **changes}
    return book.Wanted(name=name, recipients=recipients or (ANN,), **told)  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Database]:
    """Each relational store in turn."""
    opened = Database(settings) if request.param == "sqlite" else request.getfixturevalue("postgres")
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(MADE), tick=False) as travelling:
        yield travelling


@pytest.fixture
def weekly(database: Database, site: SiteInfo, clock: time_machine.Traveller) -> Schedule:
    with database.session() as session:
        create_user(session, ANN, "correct horse battery", owner=True)
        return book.create_schedule(session, site.id, wanted(), CHOICES, ANN)


class Sender:
    """Notes what it was given; what is put into `problems` goes wrong instead, in that order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str | None]] = []
        self.problems: list[Exception] = []

    def __call__(self, parcel: Parcel) -> None:
        if self.problems:
            raise self.problems.pop(0)
        if not parcel.hold():
            return
        period = str(parcel.delivery.first_day) if parcel.delivery else None
        self.sent.append((parcel.message.address, period))


def run(database: Database, sender: Sender) -> None:
    note(database)
    send_waiting(database, sender, lambda: True)


def note(database: Database) -> int:
    with database.session() as session:
        return note_due(database, dict.fromkeys(session.scalars(select(Site.id)), HELSINKI), utc_now())


def messages(database: Database) -> list[Message]:
    with database.session() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


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


def test_who_is_of_the_team_no_more_gets_no_more(
    database: Database, site: SiteInfo, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    with database.session() as session:
        cid = create_user(session, "cid@example.org", "correct horse battery")
        set_role(session, cid.id, site.id, "viewer")
        book.change_schedule(session, session.get_one(Schedule, weekly.id), wanted(ANN, "CID@example.org"), CHOICES)
    clock.move_to(at(MONDAY))
    sender = Sender()
    run(database, sender)
    assert [to for to, _ in sender.sent] == [ANN, "CID@example.org"]
    clock.move_to(at("2026-03-16 08:00"))
    note(database)
    with database.session() as session:
        set_role(session, cid.id, site.id, None)
    run(database, sender)
    assert [to for to, _ in sender.sent[2:]] == [ANN]


def test_a_stranger_is_asked_once_a_week_at_most_and_never_again_after_no(
    database: Database, site: SiteInfo, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    sender = Sender()

    def put_down_and_strike_out() -> None:
        with database.session() as session:
            schedule = session.get_one(Schedule, weekly.id)
            book.change_schedule(session, schedule, wanted(ANN, BEN), CHOICES)
        run(database, sender)
        with database.session() as session:
            book.change_schedule(session, session.get_one(Schedule, weekly.id), wanted(ANN), CHOICES)

    for _ in range(3):
        put_down_and_strike_out()
    assert sender.sent == [(BEN, None)]
    clock.shift(timedelta(days=8))
    with database.session() as session:
        book.change_schedule(session, session.get_one(Schedule, weekly.id), wanted(ANN, BEN), CHOICES)
    send_waiting(database, sender, lambda: True)
    assert sender.sent[1:] == [(BEN, None)]
    with database.session() as session:
        [ben] = [one for one in book.recipients_of(session, weekly.id) if one.address == BEN]
        book.leave(session, ben)
        book.create_schedule(session, site.id, wanted(BEN, name="Another"), CHOICES, ANN)
    clock.shift(timedelta(days=30))
    send_waiting(database, sender, lambda: True)
    assert len(sender.sent) == 2


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


def test_strangers_are_asked_first_and_get_nothing_until_they_agree(
    database: Database, site: SiteInfo, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    with database.session() as session:
        book.change_schedule(session, session.get_one(Schedule, weekly.id), wanted(ANN, BEN), CHOICES)
    sender = Sender()
    run(database, sender)
    assert sender.sent == [(BEN, None)]
    clock.move_to(at(MONDAY))
    run(database, sender)
    assert sender.sent[1:] == [(ANN, "2026-03-02")]
    with database.session() as session:
        [ben] = [one for one in book.recipients_of(session, weekly.id) if one.address == BEN]
        book.confirm(ben)
    clock.move_to(at("2026-03-16 08:00"))
    run(database, sender)
    assert sender.sent[2:] == [(ANN, "2026-03-09"), (BEN, "2026-03-09")]


def test_who_left_gets_nothing_more_even_when_it_was_on_its_way_and_is_not_put_back_by_the_form(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(MONDAY))
    note(database)
    with database.session() as session:
        [ann] = book.recipients_of(session, weekly.id)
        book.leave(session, ann)
    sender = Sender()
    run(database, sender)
    with database.session() as session:
        book.change_schedule(session, session.get_one(Schedule, weekly.id), wanted(ANN), CHOICES)
        assert send_again(session, weekly, last_due(book.rhythm_of(weekly, HELSINKI), utc_now())) == 0
    with database.session() as session:  # nor by writing it otherwise
        book.change_schedule(session, session.get_one(Schedule, weekly.id), wanted(ANN.replace("a", "A", 1)), CHOICES)
        assert len(book.recipients_of(session, weekly.id)) == 1
    run(database, sender)
    assert sender.sent == []


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


def test_of_many_that_begin_at_once_one_leads(database: Database) -> None:
    ready = threading.Barrier(4)

    def begin(_: int) -> bool:
        ready.wait()
        return Leadership(database, "letters").hold()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(begin, range(4))) == 1
