"""What is noticed is told once, whoever notices it, and not to those who do not want to hear it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import time_machine
from sqlalchemy import select

from tests.tracker.alerts.conftest import ANN, BEN, CHOICES, noticed, wanted
from tracker.alerts import book, mutes
from tracker.alerts.incidents import Noticed, note, said_in, tell
from tracker.clock import utc_now
from tracker.database import Database
from tracker.languages import language_of, speaking
from tracker.models import Alert, Message, Watch
from tracker.schedules.outbox import forget_old
from tracker.schedules.recipients import confirm, leave, recipients_of
from tracker.schedules.sending import Parcel, send_waiting
from tracker.sites import SiteInfo


def go_round(database: Database, watch: Watch, *found: Noticed, quiet: bool = False) -> tuple[int, int]:
    with database.session() as session:
        made = note(session, watch, "spike", found, utc_now())
    with database.session() as session:
        return made, tell(session, watch, utc_now(), quiet=quiet)


def alerts(database: Database) -> list[Alert]:
    with database.session() as session:
        return list(session.scalars(select(Alert).order_by(Alert.id)))


def addresses(database: Database) -> list[str]:
    with database.session() as session:
        told = select(Message.address).where(Message.alert_id.is_not(None)).order_by(Message.id)
        return list(session.scalars(told))


def test_it_is_told_once_while_it_goes_on_and_ends_when_it_is_found_no_more(
    database: Database, watch: Watch, clock: time_machine.Traveller
) -> None:
    assert go_round(database, watch, noticed()) == (1, 1)
    for _ in range(5):
        clock.shift(timedelta(minutes=30))
        assert go_round(database, watch, noticed()) == (0, 0)
    last_seen = utc_now()
    clock.shift(timedelta(minutes=59))
    go_round(database, watch)
    assert alerts(database)[0].ended_at is None
    clock.shift(timedelta(minutes=1))
    go_round(database, watch)
    assert alerts(database)[0].ended_at == last_seen


def test_an_alert_knows_its_language_whatever_its_watch_speaks_later(database: Database, watch: Watch) -> None:
    with speaking(language_of("fa-u-nu-latn")):
        go_round(database, watch, noticed())
    [alert] = alerts(database)
    assert (alert.facts["language"], said_in(alert).tag) == ("fa-u-nu-latn", "fa-u-nu-latn")


def test_what_comes_back_within_the_cool_down_is_not_told_again(
    database: Database, watch: Watch, clock: time_machine.Traveller
) -> None:
    go_round(database, watch, noticed())
    clock.shift(timedelta(hours=1))
    go_round(database, watch)  # over, since it was first found
    clock.shift(timedelta(hours=4, minutes=59))
    assert go_round(database, watch, noticed()) == (0, 0)
    assert go_round(database, watch, noticed("another")) == (1, 1)
    clock.shift(timedelta(minutes=1))
    assert go_round(database, watch, noticed()) == (1, 1)


def test_what_is_told_once_is_never_told_again(database: Database, watch: Watch, clock: time_machine.Traveller) -> None:
    assert go_round(database, watch, noticed("v2", once=True)) == (1, 1)
    for hours in (2, 200):
        clock.shift(timedelta(hours=hours))
        go_round(database, watch)
        assert go_round(database, watch, noticed("v2", once=True)) == (0, 0)


def test_quiet_hours_keep_it_and_let_it_go_where_it_is_over_by_then(
    database: Database, watch: Watch, clock: time_machine.Traveller
) -> None:
    assert go_round(database, watch, noticed(), noticed("short"), quiet=True) == (2, 0)
    clock.shift(timedelta(hours=1))
    assert go_round(database, watch, noticed(), quiet=True) == (0, 0)
    assert go_round(database, watch, noticed()) == (0, 1)
    long, short = alerts(database)
    assert (long.told_at, short.told_at, short.ended_at is not None) == (utc_now(), None, True)
    assert go_round(database, watch) == (0, 0)


def test_of_many_that_notice_the_same_at_once_one_tells(database: Database, watch: Watch) -> None:
    ready = threading.Barrier(4)
    sent: list[str] = []

    def process(_: int) -> tuple[int, int]:
        ready.wait()
        told = go_round(database, watch, noticed(), noticed("another"))
        send_waiting(database, lambda parcel: sent.append(_name(parcel)), lambda: True)
        return told

    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(process, range(4)))
    assert (sum(made for made, _ in told), sum(messages for _, messages in told)) == (2, 2)
    assert sorted(sent) == ["", "another"]
    assert [one.subject for one in sorted(alerts(database), key=lambda one: one.subject)] == ["", "another"]


def _name(parcel: Parcel) -> str:
    assert parcel.alert is not None and parcel.hold()
    return parcel.alert.subject


def test_strangers_are_asked_first_and_who_left_is_not_told(
    database: Database, watch: Watch, clock: time_machine.Traveller
) -> None:
    with database.session() as session:
        mine = session.get_one(Watch, watch.id)
        book.change_watch(session, mine, wanted(ANN, BEN), CHOICES)
        assert [one.address for one in session.scalars(select(Message))] == [BEN]
    go_round(database, watch, noticed())
    assert addresses(database) == [ANN]
    with database.session() as session:
        ann, ben = recipients_of(session, watch)
        confirm(ben)
        leave(session, ann)
    go_round(database, watch, noticed(), noticed("another"))
    assert addresses(database) == [ANN, BEN]
    sent: list[str] = []
    send_waiting(database, lambda parcel: sent.append(parcel.message.address), lambda: True)
    assert sent == [BEN, BEN]  # the question, and the second alert; the first was Ann's, who had left


def test_a_mute_is_its_own_recipients_and_of_one_kind_and_ends(
    database: Database, watch: Watch, clock: time_machine.Traveller
) -> None:
    with database.session() as session:
        mine = session.get_one(Watch, watch.id)
        book.change_watch(session, mine, wanted(ANN, "https://hooks.example.org/x"), CHOICES)
        [ann, _] = recipients_of(session, mine)
        mutes.mute(session, ann, "spike", timedelta(days=1), utc_now())
        mutes.mute(session, ann, "drop", None, utc_now())
        mutes.mute(session, ann, "spike", timedelta(days=7), utc_now())  # a later word replaces an earlier one
    go_round(database, watch, noticed())
    assert addresses(database) == ["https://hooks.example.org/x"]
    clock.shift(timedelta(days=7))
    go_round(database, watch)
    go_round(database, watch, noticed())
    assert addresses(database)[1:] == [ANN, "https://hooks.example.org/x"]
    with database.session() as session:
        assert [mute.kind for _, mute in mutes.mutes_of(session, watch, utc_now())] == ["drop"]
        mutes.unmute(session, watch, ann.id, "drop")
        assert mutes.mutes_of(session, watch, utc_now()) == []


def test_another_sites_watch_is_not_found_and_takes_nothing_of_this_one_along(
    database: Database, site: SiteInfo, watch: Watch
) -> None:
    go_round(database, watch, noticed())
    with database.session() as session:
        assert book.find_watch(session, site.id + 1, watch.id) is None
        other = book.create_watch(session, site.id, wanted(name="Other"), CHOICES, ANN)
        [ann] = recipients_of(session, watch)
        mutes.mute(session, ann, "spike", None, utc_now())
        mutes.unmute(session, other, ann.id, "spike")
        assert len(mutes.mutes_of(session, watch, utc_now())) == 1
        session.delete(other)
    assert (len(alerts(database)), addresses(database)) == (1, [ANN])
    with database.session() as session:
        session.delete(session.get_one(Watch, watch.id))
    assert (alerts(database), addresses(database)) == ([], [])


def test_alerts_are_forgotten_after_a_good_year(
    database: Database, watch: Watch, clock: time_machine.Traveller
) -> None:
    go_round(database, watch, noticed())
    clock.shift(timedelta(hours=2))
    go_round(database, watch)
    clock.shift(timedelta(days=401))
    assert (forget_old(database, utc_now()), alerts(database), addresses(database)) == (1, [], [])
