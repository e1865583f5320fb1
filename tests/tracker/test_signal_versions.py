"""Versions of a site's limits: moved within bounds, put in force, gone back to; and the SQL of several sites."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import pytest
from sqlalchemy import select

from tests.kit.store import Loading, Visiting, click
from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.event import Footprint
from tracker.ingest.steps import to_rows
from tracker.signal_book import BY_NAME as SIGNALS
from tracker.signal_limits import LIMITS, Limit, read_limit
from tracker.signal_versions import (
    apply,
    changed,
    differences,
    go_back,
    history,
    in_force,
    limits_by_site,
    mark_decided,
    undecided,
)
from tracker.signals import DEAD, SLOW, THRESHOLDS, Thresholds
from tracker.site_changes import delete_site
from tracker.sites import SiteBook, SiteInfo, create_site, describe
from tracker.store.base import EventStore
from tracker.store.schema import event

NOT_MOVED = {"version", "form_idle", "form_success"}


def test_every_limit_of_the_rules_can_be_moved_or_says_why_not() -> None:
    assert {limit.name for limit in LIMITS} == {field.name for field in fields(Thresholds)} - NOT_MOVED


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_limit_is_usual_within_its_bounds_and_names_signals_that_there_are(limit: Limit) -> None:
    assert limit.least <= limit.usual <= limit.most
    assert set(limit.signals) <= set(SIGNALS)
    assert limit.help.endswith(".")


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_each_limit_refuses_what_lies_outside_in_words(limit: Limit) -> None:
    least, most = limit.least, limit.most
    assert [read_limit(limit, given) for given in (least, most, f" {most} ")] == [least, most, most]
    for given in (least - 1, most + 1, str(most + 1), "", "x", "1.5", 2.5, None, True, "9" * 40, "१२३", [most]):
        with pytest.raises(InvalidInputError) as refused:
            read_limit(limit, given)
        assert refused.value.field == limit.name
        assert limit.title in refused.value.problem
        assert f"from {least:,} to {most:,} {limit.unit}" in refused.value.problem


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"silense": 2000}, "silense"),
        ({"version": 7}, "version"),
        ({"slow": 6000, "watched": 6000}, "slow"),
        ({"rage_struggling": 5}, "rage_struggling"),
        ({"redirect": 1000, "quick_back": 1000}, "redirect"),
    ],
)
def test_what_contradicts_itself_is_refused(values: dict[str, int], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        changed(THRESHOLDS, values)
    assert refused.value.field == field


def test_a_site_begins_with_the_first_version(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        [first] = history(session, site.id)
        assert (first.number, first.limits, first.created_at) == (1, THRESHOLDS, None)
        assert in_force(session) == {}


def test_a_version_tells_who_made_it_and_when(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        made = apply(session, site.id, changed(THRESHOLDS, {"silence": "2000"}), "ann@example.org")
    assert (made.version, made.silence, made.slow) == (2, 2000, THRESHOLDS.slow)
    with database.session() as session:
        newest, first = history(session, site.id)
        assert (newest.number, newest.created_by, newest.limits) == (2, "ann@example.org", made)
        assert newest.created_at is not None
        assert first.number == 1
        assert in_force(session) == {site.id: made}


def test_the_same_limits_again_make_no_version(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        made = apply(session, site.id, changed(THRESHOLDS, {"silence": 2000}), "ann")
        assert apply(session, site.id, changed(THRESHOLDS, {"silence": 2000}), "bo") == made
        assert len(history(session, site.id)) == 2


def test_going_back_makes_a_new_version(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        apply(session, site.id, changed(THRESHOLDS, {"silence": 2000}), "ann")
        third = go_back(session, site.id, 1, "bo")
        assert third == Thresholds(version=3)
        assert differences(third) == {}
        assert [version.number for version in history(session, site.id)] == [3, 2, 1]
        with pytest.raises(InvalidInputError, match="no version 9"):
            go_back(session, site.id, 9, "bo")


def test_a_version_waits_until_its_events_are_decided(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        assert undecided(session) == []
        apply(session, site.id, changed(THRESHOLDS, {"silence": 2000}), "ann")
        assert undecided(session) == [site.id]
        mark_decided(session, site.id, 2)
        assert undecided(session) == []
        go_back(session, site.id, 1, "ann")
        assert undecided(session) == [site.id]


def test_the_book_of_sites_knows_the_limits(database: Database, site: SiteInfo, sites: SiteBook) -> None:
    assert sites.limits() == {}
    with database.session() as session:
        made = apply(session, site.id, changed(THRESHOLDS, {"silence": 2000}), "ann")
    sites.forget()
    assert sites.limits() == {site.id: made}
    found = sites.by_id(site.id)
    assert found is not None and found.limits == made


def test_a_deleted_site_takes_its_versions_along(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        made = apply(session, site.id, changed(THRESHOLDS, {"silence": 2000}), "ann")
        assert in_force(session) == {site.id: made}
        delete_site(session, site.id)
    with database.session() as session:
        assert in_force(session) == {}


def test_what_no_site_moved_stays_a_number() -> None:
    mixed = limits_by_site({7: Thresholds(silence=2000), 8: Thresholds(silence=500, slow=300)}, event.c.site_id)
    assert mixed.error == THRESHOLDS.error
    assert not isinstance(mixed.silence, int)
    assert limits_by_site({}, event.c.site_id).silence == THRESHOLDS.silence


def test_two_sites_of_one_batch_are_decided_by_their_own_limits(
    store: EventStore, loading: Callable[[EventStore], Loading], database: Database, site: SiteInfo
) -> None:
    with database.session() as session:
        strict = describe(create_site(session, "Strict", ["strict.example"]))
    store.limits = lambda: {strict.id: Thresholds(version=2, silence=500, slow=400)}
    rows: list[dict[str, Any]] = []

    def keep(footprints: Sequence[Footprint], of: SiteInfo) -> None:
        rows.extend(row for footprint in footprints for row in to_rows(footprint, of))

    for one in (site, strict):
        Visiting(keep, one)("2026-03-01 10:00", ["/"], [click("#a", mutation_ms=600), click("#b", after_s=30)])  # type: ignore[arg-type]
    for number, row in enumerate(rows, 1):
        row["ingest_id"] = number
    store.load(loading(store).batch(rows))
    found = store.query(
        select(event.c.site_id, event.c.element, event.c.signals)
        .where(event.c.kind == "click")
        .order_by(event.c.site_id, event.c.element)
    ).rows
    assert found == [(site.id, "#a", 0), (site.id, "#b", DEAD), (strict.id, "#a", DEAD | SLOW), (strict.id, "#b", DEAD)]
