"""Stored events follow the limits: in the background, counted, taken up after a stop, and by the command line."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import select

from tests.kit.house import Server, view_event
from tests.kit.store import Loading, Visiting, click, dead
from tracker.database import Database
from tracker.deciding import Deciding
from tracker.signal_versions import apply, changed, undecided
from tracker.signals import DEAD, THRESHOLDS
from tracker.sites import SiteBook, SiteInfo, create_site, describe
from tracker.store.base import EventStore
from tracker.store.schema import event, struggle


@pytest.fixture
def deciding(database: Database, sites: SiteBook, store: EventStore) -> Iterator[Deciding]:
    store.limits = sites.limits
    made = Deciding(database, sites, store)
    yield made
    made.close()


def put_in_force(database: Database, site: SiteInfo, **limits: int) -> None:
    with database.session() as session:
        apply(session, site.id, changed(THRESHOLDS, limits), "ann")


def signals_of(store: EventStore, site: SiteInfo) -> list[int]:
    clicks = select(event.c.signals).where(event.c.site_id == site.id, event.c.kind == "click")
    return [bits for (bits,) in store.query(clicks.order_by(event.c.occurred_at)).rows]


def struggles_of(store: EventStore, site: SiteInfo) -> list[tuple[str, str]]:
    rows = select(struggle.c.signal, struggle.c.element).where(struggle.c.site_id == site.id)
    return store.query(rows.order_by(struggle.c.occurred_at)).rows


def test_stored_clicks_follow_their_sites_limits_and_no_others(
    deciding: Deciding, database: Database, store: EventStore, loading: Callable[[EventStore], Loading], site: SiteInfo
) -> None:
    with database.session() as session:
        other = describe(create_site(session, "Other", ["other.example"]))
    load = loading(store)
    for one in (site, other):
        Visiting(load, one)("2026-03-01 10:00", ["/"], [click("#a", mutation_ms=600), dead("#b", after_s=30)])
    put_in_force(database, site, silence=500)
    *_, last = deciding.decide(site.id)
    assert (last.version, last.changed, last.finished) == (2, 1, True)
    assert (signals_of(store, site), signals_of(store, other)) == ([DEAD, DEAD], [0, DEAD])
    assert struggles_of(store, site) == [("dead", "#a"), ("dead", "#b")]
    assert struggles_of(store, other) == [("dead", "#b")]


def test_deciding_twice_changes_nothing_more(
    deciding: Deciding, database: Database, store: EventStore, visit: Visiting, site: SiteInfo
) -> None:
    visit("2026-03-01 10:00", ["/"], [click("#a", mutation_ms=600)])
    put_in_force(database, site, silence=500)
    assert [[*deciding.decide(site.id)][-1].changed for _ in range(2)] == [1, 0]


def test_what_was_cut_off_is_taken_up_again(
    deciding: Deciding, database: Database, store: EventStore, visit: Visiting, site: SiteInfo
) -> None:
    visit("2026-03-01 10:00", ["/"], [click("#a", mutation_ms=600)])
    put_in_force(database, site, silence=500)
    deciding.resume()
    assert deciding.drain(120)
    assert signals_of(store, site) == [DEAD]
    with database.session() as session:
        assert undecided(session) == []
    deciding.resume()
    assert deciding.drain(0)


def test_a_failure_is_told_and_tried_again(
    deciding: Deciding, database: Database, site: SiteInfo, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(database, site, silence=500)
    with monkeypatch.context() as broken:
        broken.setattr(store, "decide", lambda site_id: 1 / 0)
        deciding.ask(site.id)
        assert deciding.drain(60)
    found = deciding.progress(site.id)
    assert found is not None and found.failed and not found.goes_on
    deciding.resume()
    assert deciding.drain(60)
    found = deciding.progress(site.id)
    assert found is not None and found.finished


def test_the_command_line_tells_and_changes_limits_beside_a_server(server: Server) -> None:
    key = server.add_site("Deciding", "deciding.example")
    at = int(datetime.now().timestamp() * 1000) - 60_000  # noqa: DTZ005 - a moment is a moment
    clicked = {"trusted": True, "affordance": "native", "watched_after_ms": 7000, "mutation_ms": 600}
    url = "https://deciding.example/"
    view = view_event(url, at=at)
    evidence = {"id": view["id"][:-1] + "1", "kind": "click", "at": at + 1, "url": url, "element": "#a", **clicked}
    assert server.post(key, [view, evidence], "https://deciding.example")[0] == 202
    server.wait_until_loaded()
    told = server.footfall("signals", key)
    assert (told.returncode, told.stderr) == (0, "")
    assert "Deciding: version 1" in told.stdout
    assert "silence = 2500 ms" in told.stdout
    ran = server.footfall("signals", key, "--set", "silence=500")
    assert (ran.returncode, ran.stdout) == (0, "Deciding: version 2, 1 click turned out otherwise.\n"), ran.stderr
    assert "silence = 500 ms" in server.footfall("signals", key).stdout
    answered = server.footfall("report", "dead-clicks", "--site", key, "--range", "7d", "--format", "json")
    report = json.loads(answered.stdout)
    assert (report["totals"]["dead_clicks"], report["signals_version"]) == (1, 2)
    ran = server.footfall("rebuild", "--signals", "--site", key)
    assert ran.stdout.endswith(": 0 clicks turned out otherwise than before.\n"), ran.stderr
    for arguments, says in (
        (("--set", "silence=5"), "silence: Silence after a click must be a whole number from 100 to 7,000 ms"),
        (("--set", "silense=500"), "silense: no limit has this name"),
        (("--set", "silence=500"), "in force on Deciding already"),
    ):
        refused = server.footfall("signals", key, *arguments)
        assert refused.returncode == 1
        assert says in refused.stderr
    assert server.footfall("signals", key, "--set", "silence").returncode == 2
