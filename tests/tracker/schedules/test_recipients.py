"""Who gets a report: who agreed, did not leave, and is still of the team."""

from datetime import timedelta

import time_machine

from tests.kit.ground import at
from tests.tracker.schedules.told import ANN, BEN, CHOICES, HELSINKI, MONDAY, Sender, note, run, wanted
from tracker.clock import utc_now
from tracker.database import Database
from tracker.models import Schedule
from tracker.schedules import book
from tracker.schedules.outbox import send_again
from tracker.schedules.recipients import confirm, leave, recipients_of
from tracker.schedules.rhythm import last_due
from tracker.schedules.sending import send_waiting
from tracker.sites import SiteInfo
from tracker.users import create_user, set_role


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
        [ben] = [one for one in recipients_of(session, weekly) if one.address == BEN]
        leave(session, ben)
        book.create_schedule(session, site.id, wanted(BEN, name="Another"), CHOICES, ANN)
    clock.shift(timedelta(days=30))
    send_waiting(database, sender, lambda: True)
    assert len(sender.sent) == 2


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
        [ben] = [one for one in recipients_of(session, weekly) if one.address == BEN]
        confirm(ben)
    clock.move_to(at("2026-03-16 08:00"))
    run(database, sender)
    assert sender.sent[2:] == [(ANN, "2026-03-09"), (BEN, "2026-03-09")]


def test_who_left_gets_nothing_more_even_when_it_was_on_its_way_and_is_not_put_back_by_the_form(
    database: Database, weekly: Schedule, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(MONDAY))
    note(database)
    with database.session() as session:
        [ann] = recipients_of(session, weekly)
        leave(session, ann)
    sender = Sender()
    run(database, sender)
    with database.session() as session:
        book.change_schedule(session, session.get_one(Schedule, weekly.id), wanted(ANN), CHOICES)
        assert send_again(session, weekly, last_due(book.rhythm_of(weekly, HELSINKI), utc_now())) == 0
    with database.session() as session:  # nor by writing it otherwise
        book.change_schedule(session, session.get_one(Schedule, weekly.id), wanted(ANN.replace("a", "A", 1)), CHOICES)
        assert len(recipients_of(session, weekly)) == 1
    run(database, sender)
    assert sender.sent == []
