"""The sample's people who come back go the way of real visitors, and every report on people has something to show."""

from collections import Counter

import pytest
from sqlalchemy import select

from reports import cohorts, cross_device, new_and_returning, retention, time_to_stitch
from reports.run import run_report
from reports.scope import parse_scope
from tests.kit.ground import at
from tracker.clock import utc_now
from tracker.house import House
from tracker.models import Identifier, IdentityConflict, IdentityEdge
from tracker.sample import create_sample, sample_footprints
from tracker.sample.regulars import ONE_IN
from tracker.sites import SiteInfo

UNTIL = at("2026-03-31 12:00")


def test_regulars_come_on_several_days_and_agree_before_they_are_known(site: SiteInfo) -> None:
    days: dict[int, set[str]] = {}
    for footprint in sample_footprints(site, UNTIL, visits=400):
        assert (footprint.login_id is None and footprint.fingerprint is None) or footprint.consent == "stitched"
        if footprint.consent:
            assert footprint.visitor_id is not None and footprint.daily_id not in (None, footprint.visitor_id)
            days.setdefault(footprint.visitor_id, set()).add(str(footprint.received_at // 86_400_000))
    assert len(days) >= 400 // ONE_IN - 2
    assert sum(len(of_one) > 1 for of_one in days.values()) >= 4


def test_strangers_are_the_same_with_and_without_them(site: SiteInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    strangers = {one.events[0].id for one in sample_footprints(site, UNTIL, visits=100) if one.daily_id is None}
    monkeypatch.setattr("tracker.sample.making.ONE_IN", 1_000)
    alone = {one.events[0].id for one in sample_footprints(site, UNTIL, visits=100)}
    assert alone <= strangers
    assert len(strangers - alone) < 10  # what regulars saw before they agreed


def test_the_loader_makes_of_them_what_it_makes_of_real_people(house: House) -> None:
    site = create_sample(house.database, house.spool.submit, utc_now())
    assert house.loader.drain(120)
    assert site.privacy_mode == "stitched"
    with house.database.session() as session:
        kinds = Counter(session.scalars(select(Identifier.kind)))
        edges = Counter(session.scalars(select(IdentityEdge.kind)))
        conflicts = list(session.scalars(select(IdentityConflict)))
    assert min(kinds[kind] for kind in ("first_party", "daily_hash", "login")) > 20
    assert edges["login"] > 20
    assert edges["fingerprint"] == kinds["fingerprint"] + 1, "one cleared the storage and is known by its looks"
    assert len(conflicts) == 1, "two who share a tablet"
    scope = parse_scope(site, {})
    for module in (new_and_returning, retention, cohorts, cross_device, time_to_stitch):
        answer = run_report(module.report, scope, house.store)
        assert answer.error is None and len(answer.rows) > 2, module.report.name
        assert "0 agreed" not in answer.notes[0]
