"""Who is erased leaves no trace, and nobody else loses anything."""

import random
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from tests.kit.archived import archived
from tests.tracker.rights.people import Someone, found_in, put_away, send, someone, stitched_site, visit
from tracker import archive
from tracker.backup import back_up
from tracker.dead_letters import DeadLetter, DeadLetters
from tracker.errors import InvalidInputError
from tracker.house import House, open_house
from tracker.identity import hand
from tracker.identity.hand import profile_of
from tracker.models import (
    AuditEntry,
    BrowserState,
    Identifier,
    IdentityEdge,
    MemberChange,
    ProfileMember,
    SignInSpan,
    WebhookMessage,
)
from tracker.rights.restoring import collect
from tracker.sites import SiteInfo
from tracker.store.schema import event, struggle
from tracker.store.schema import visit as visit_table
from tracker.webhooks.book import WantedWebhook, create_webhook
from tracker.webhooks.queue import put

RELATIONAL = (Identifier, IdentityEdge, ProfileMember, SignInSpan, BrowserState)


@pytest.fixture
def shop(house: House) -> SiteInfo:
    return stitched_site(house)


def profile(house: House, site: SiteInfo, who: Someone) -> int:
    with house.database.session() as session:
        return profile_of(session, site.id, who.login)


def is_tied(house: House, site: SiteInfo, who: Someone) -> bool:
    """Tell whether the login and the first device are one profile."""
    with house.database.session() as session:
        return profile_of(session, site.id, who.login) == profile_of(session, site.id, who.devices[0])


def erase(house: House, site: SiteInfo, who: Someone) -> str:
    begun = house.erasing.begin(site, profile(house, site, who), "anna@example.org")
    house.erasing.finish()
    return begun.reference


def events_of(house: House, who: Someone) -> int:
    counted = select(func.count()).select_from(event).where(event.c.visitor_id.in_(who.ids))
    return int(house.store.query(counted).rows[0][0])


def counts(house: House) -> dict[str, int]:
    tables = (event, visit_table, struggle)
    return {table.name: house.store.query(select(func.count()).select_from(table)).rows[0][0] for table in tables}


def rows_of(house: House, *models: type[Any]) -> dict[str, int]:
    with house.database.session() as session:
        return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in models}


def test_forty_people_of_whom_fifteen_leave_no_trace(house: House, shop: SiteInfo, tmp_path: Path) -> None:
    dice = random.Random(7)
    people = [someone(shop, devices=dice.randint(1, 3)) for _ in range(40)]
    for some in (people[:20], people[20:]):  # two parts of the archive
        send(house, [visit(shop, who, number) for who in some for number in range(len(who.devices))])
        put_away(house)
    send(house, [visit(shop, who, ago_s=600) for who in people[::3]])  # what waits
    data = house.settings.data
    gone = dice.sample(people, 15)
    stay = [who for who in people if who not in gone]
    assert all(found_in(data, [who.marker.encode()]) for who in gone)
    assert all(found_in(data, who.stored) for who in gone)
    for who in gone:
        house.erasing.begin(shop, profile(house, shop, who), "anna@example.org")
    house.erasing.finish()
    traces = [trace for who in gone for trace in who.traces]
    assert found_in(data, traces) == {}
    with house.database.session() as session:
        noted = set(session.scalars(select(MemberChange.identifier_id)))
    assert not noted & {one for who in gone for one in who.ids}
    backups = tmp_path / "backups"
    backups.mkdir()
    for _ in back_up(house, backups / "after.tar"):
        pass
    assert found_in(backups, traces) == {}
    assert found_in(backups, [who.marker.encode() for who in stay]) != {}
    assert [events_of(house, who) for who in stay] == [who.events for who in stay]
    assert counts(house)["event"] == sum(who.events for who in stay)
    assert {profile(house, shop, who) for who in stay} & {one for who in gone for one in who.ids} == set()
    house.store.derive(shop.id)
    assert counts(house)["event"] == sum(who.events for who in stay)
    kept = Counter(visitor for (visitor,) in archived(house.settings.archive_folder, "visitor_id"))
    assert [sum(kept[one] for one in who.ids) for who in stay] == [who.events for who in stay]
    assert kept.total() == sum(who.events for who in stay)


def test_what_webhooks_were_told_goes_too(house: House, shop: SiteInfo) -> None:
    ann = someone(shop)
    hers = ann.marker.encode()
    send(house, [visit(shop, ann)])
    put_away(house)
    with house.database.session() as session:
        wanted = WantedWebhook("https://hook.example/", ["goal.completed", "struggle.new", "alert.fired"])
        webhook = create_webhook(session, shop.id, wanted, (), "anna@example.org")
        for kind in wanted.kinds:
            for state in ("waiting", "sent"):
                number = put(session, webhook, kind, f"{kind} {state}", b"{}" if kind == "alert.fired" else hers)
                session.get_one(WebhookMessage, number).state = state
    erase(house, shop, ann)
    with house.database.session() as session:
        told = select(WebhookMessage.kind, WebhookMessage.state).order_by(WebhookMessage.id)
        assert session.execute(told).all() == [("alert.fired", "waiting"), ("alert.fired", "sent")]
    assert found_in(house.settings.data, [ann.marker.encode()]) == {}


def test_nobody_else_loses_anything(house: House, shop: SiteInfo) -> None:
    ann, bob = someone(shop), someone(shop)
    elsewhere = stitched_site(house, "Other", "other.example")
    twin = Someone("marker-of-a-twin", ann.login, ann.devices)  # the same numbers, on another site
    send(house, [visit(shop, bob), visit(elsewhere, twin)])
    put_away(house)
    store, relational = counts(house), rows_of(house, *RELATIONAL)
    kept = archived(house.settings.archive_folder, "site_id", "view_id", "seq", "element_text")
    send(house, [visit(shop, ann), visit(shop, ann, 1)])
    put_away(house)
    assert counts(house) != store
    erase(house, shop, ann)
    assert counts(house) == store
    assert rows_of(house, *RELATIONAL) == relational
    assert len(kept) == bob.events + twin.events
    assert archived(house.settings.archive_folder, "site_id", "view_id", "seq", "element_text") == kept


def test_the_second_on_a_device_can_be_erased_as_well(house: House, shop: SiteInfo) -> None:
    ann, bob = someone(shop, 1), someone(shop, 1)
    bob.devices = ann.devices
    send(
        house,
        [
            visit(shop, ann, ago_s=7200, looks=False),
            visit(shop, bob, ago_s=5000, looks=False),
            visit(shop, bob, ago_s=4800, signed_in=False, looks=False),
        ],
    )
    put_away(house)
    erase(house, shop, bob)
    assert found_in(house.settings.data, [bob.marker.encode(), str(bob.login).encode()]) == {}
    assert counts(house)["event"] == ann.events
    with house.database.session() as session:
        assert session.get(Identifier, (shop.id, bob.login)) is None


def test_of_a_shared_device_the_other_person_keeps_what_is_theirs(house: House, shop: SiteInfo) -> None:
    ann, bob = someone(shop, 1), someone(shop, 1)
    bob.devices = ann.devices
    send(
        house,
        [
            visit(shop, ann, ago_s=7200, looks=False),
            visit(shop, ann, ago_s=7000, signed_in=False, looks=False),
            visit(shop, bob, ago_s=5000, looks=False),
            visit(shop, bob, ago_s=4800, signed_in=False, looks=False),
        ],
    )
    put_away(house)
    assert profile(house, shop, ann) != profile(house, shop, bob)
    erase(house, shop, ann)
    assert found_in(house.settings.data, [ann.marker.encode()]) == {}
    markers = select(func.count()).where(event.c.element_text == bob.marker)
    assert house.store.query(markers).rows == [(4,)]
    assert counts(house)["event"] == bob.events
    with house.database.session() as session:
        assert profile_of(session, shop.id, bob.devices[0]) == profile(house, shop, bob)
    late = visit(shop, ann, ago_s=6900, signed_in=False, looks=False)
    send(house, [late, visit(shop, bob, ago_s=4700, signed_in=False, looks=False)])
    put_away(house)
    assert house.store.tallies()[shop.id, "dropped", "erased"] == len(late.events)
    assert counts(house)["event"] == bob.events


def test_what_arrives_late_is_dropped_and_counted_and_who_comes_back_begins_anew(house: House, shop: SiteInfo) -> None:
    ann = someone(shop, 1)
    send(house, [visit(shop, ann)])
    put_away(house)
    erase(house, shop, ann)
    late, again = visit(shop, ann, ago_s=60), visit(shop, ann, ago_s=-1)
    send(house, [late, again])
    put_away(house)
    assert house.store.tallies()[shop.id, "dropped", "erased"] == len(late.events)
    assert counts(house)["event"] == len(again.events)
    with house.database.session() as session:
        known = session.scalars(select(Identifier.id).where(Identifier.kind == "first_party")).all()
    assert known == ann.devices
    send(house, [visit(shop, ann, ago_s=-3)])
    put_away(house)
    assert is_tied(house, shop, ann)


def test_an_erased_identifier_takes_nothing_from_who_came_back(house: House, shop: SiteInfo) -> None:
    ann = someone(shop, 1)
    send(house, [visit(shop, ann)])
    put_away(house)
    erase(house, shop, ann)
    again = visit(shop, ann, ago_s=-1)
    send(house, [again])
    put_away(house)
    with house.database.session() as session:
        told = collect(session)
    house.erasing.put_up(told, "anna@example.org")
    house.erasing.finish()
    assert counts(house)["event"] == len(again.events)
    assert is_tied(house, shop, ann)


def test_dead_letters_of_the_person_go_and_others_stay(house: House, shop: SiteInfo) -> None:
    ann, bob = someone(shop, 1), someone(shop, 1)
    send(house, [visit(shop, ann), visit(shop, bob)])
    put_away(house)
    letters = DeadLetters(house.settings.dead_folder)
    for who in (ann, bob):
        body = msgspec.json.encode(visit(shop, who)).decode()
        letters.add(DeadLetter(f"{who.marker[:6]}:1:{who.login}"[:6] + str(who is ann), shop.id, "step", "x", 1, body))
        row = {"site_id": shop.id, "login_id": who.login, "occurred_at": "2026-03-01 10:00:00.000", "received_at": "x"}
        letters.add(DeadLetter(f"row {who is ann}", shop.id, "store", "x", 1, msgspec.json.encode(row).decode()))
    letters.add(DeadLetter("nobody", shop.id, "unreadable", "cut short", 1))
    erase(house, shop, ann)
    assert len(list(letters)) == 3
    assert found_in(house.settings.dead_folder, ann.traces) == {}


STEPS = {
    "before the spool": "tracker.spool.writer.Spool.turn",
    "before the batches": "tracker.loader.Loader.sift",
    "before the archive": "tracker.archive.sift",
    "after a part of the archive": "tracker.archive._settle",
    "before the events": "tracker.store.duckdb.DuckStore.erase_traces",
    "before the memberships": "tracker.identity.book.IdentityBook.copy",
    "before the relational file is written anew": "tracker.rights.erasing.write_anew",
    "before the file is written anew": "tracker.store.duckdb.DuckStore.scrub",
    "before it is noted": "tracker.rights.journal.note_done",
}


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_between_any_two_steps_is_mended_by_the_next_turn(
    house: House, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException):
        pass

    settle = archive._settle

    def crash(*given: Any, **_: Any) -> None:
        if step.startswith("after"):
            settle(*given)
            if "~" not in given[1].name:  # no part that is written anew
                return
        raise Crash

    site = stitched_site(house)
    ann, bob = someone(site), someone(site)
    send(house, [visit(site, ann), visit(site, bob)])
    put_away(house)
    send(house, [visit(site, ann, 1)])
    assert house.loader.drain(60)
    begun = house.erasing.begin(site, profile(house, site, ann), "anna@example.org")
    with monkeypatch.context() as broken, pytest.raises(Crash):
        broken.setattr(STEPS[step], crash)
        house.erasing.finish()
    house.close()
    again = open_house(house.settings)
    assert [one.reference for one in again.erasing.finish()] == [begun.reference]
    assert again.erasing.finish() == []
    assert found_in(house.settings.data, ann.traces) == {}
    assert counts(again)["event"] == bob.events
    again.close()


def test_an_erasure_that_broke_off_before_its_word_was_given_changed_nothing(
    house: House, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = someone(shop)
    send(house, [visit(shop, ann)])
    put_away(house)
    before = counts(house), rows_of(house, *RELATIONAL)
    monkeypatch.setattr("tracker.audit.note", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        house.erasing.begin(shop, profile(house, shop, ann), "anna@example.org")
    assert house.erasing.finish() == []
    assert (counts(house), rows_of(house, *RELATIONAL)) == before


def test_the_audit_says_who_and_how_much_and_nothing_of_whom(house: House, shop: SiteInfo) -> None:
    ann, bob = someone(shop, 1), someone(shop, 1)
    send(house, [visit(shop, ann), visit(shop, bob)])
    put_away(house)
    with house.database.session() as session:
        edge = session.scalars(select(IdentityEdge).where(IdentityEdge.kind == "login")).first()
        assert edge is not None
        hand.take_back(session, shop.id, edge.id, who="anna@example.org", reason="a reason that names them")
        hand.merge(session, shop.id, ann.login, ann.devices[0], who="anna@example.org", reason="Ann A. called")
    erase(house, shop, ann)
    with house.database.session() as session:
        told = [(one.who, one.action, one.subject, one.detail) for one in session.scalars(select(AuditEntry))]
    assert [action for _, action, *_ in told] == ["take-back-edge", "merge-profiles", "erase-person", "person-erased"]
    assert {who for who, *_ in told} == {"anna@example.org"}
    text = repr(told)
    assert "Ann A. called" not in text
    assert not any(str(one) in text for one in ann.ids)
    assert told[2][3]["events"] == told[3][3]["events"] == ann.events


def test_what_nobody_knows_cannot_be_erased(house: House, shop: SiteInfo) -> None:
    with pytest.raises(InvalidInputError, match="nothing is kept under this number"):
        house.erasing.begin(shop, 12345, "anna@example.org")
    ann = someone(shop, 1)
    send(house, [visit(shop, ann)])
    put_away(house)
    other = next(one for one in ann.ids if one != profile(house, shop, ann))
    with pytest.raises(InvalidInputError, match="is a part of profile"):
        house.erasing.begin(shop, other, "anna@example.org")
    erase(house, shop, ann)
    with pytest.raises(InvalidInputError, match="nothing is kept"):
        house.erasing.begin(shop, ann.login, "anna@example.org")


def test_a_visitor_of_one_day_who_is_tied_to_nothing_can_be_erased(house: House, shop: SiteInfo) -> None:
    footprint = visit(shop, someone(shop, 1), signed_in=False, looks=False)
    footprint.consent = footprint.daily_id = footprint.city = None
    send(house, [footprint])
    put_away(house)
    assert footprint.visitor_id is not None
    house.erasing.begin(shop, footprint.visitor_id, "anna@example.org")
    house.erasing.finish()
    assert counts(house) == {"event": 0, "visit": 0, "struggle": 0}


def test_an_erasure_ends_in_a_thread_of_its_own(house: House, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    finish, finished = house.erasing.finish, threading.Event()

    def note() -> None:
        finish()
        finished.set()

    monkeypatch.setattr(house.erasing, "finish", note)
    ann = someone(shop, 1)
    send(house, [visit(shop, ann)])
    put_away(house)
    house.erasing.begin(shop, profile(house, shop, ann), "anna@example.org")
    house.erasing.ask()
    assert finished.wait(60)
    assert counts(house)["event"] == 0
