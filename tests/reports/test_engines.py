"""Both engines answer every report alike, on the product's own sample and on a slice of a real site's day."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from bench import msnbc
from reports import REPORTS
from reports.flow.reading import FlowAsked, read_flow
from reports.flow.shapes import Flow
from reports.query.steps import DIRECTIONS, Start
from reports.run import run_report
from reports.scope import parse_scope
from tests.kit.evaluation import needs_real_data
from tests.kit.ground import at
from tests.kit.store import Loading
from tracker.conditions import Condition
from tracker.event import Footprint
from tracker.funnels import FunnelInfo, StepInfo
from tracker.goals import GoalInfo
from tracker.sample import sample_footprints
from tracker.sample.goals import FUNNELS, GOALS
from tracker.settings import Settings
from tracker.sites import SiteInfo
from tracker.store.base import EventStore, Membership

pytestmark = [pytest.mark.clickhouse, pytest.mark.timeout(240)]  # every report, many times

PATIENCE_S = 120.0  # engines are compared here and not timed, beside whatever else runs
SAMPLE_ENDS = "2026-03-28 12:00"
WORDS: tuple[dict[str, list[str]], ...] = (
    {},
    {"bots": ["in"], "compare": ["previous"]},
    {"filter": ["device:is:mobile", "path:contains:/"]},
    {"filter": ["source:is_not:Google", "goal:is:Ordered|Of the day"], "limit": ["5"]},
)
HOPED = {
    "goals": (*GOALS, GoalInfo("Of the day", Condition("path", path="/*s*"))),
    "funnels": (
        *FUNNELS,
        FunnelInfo("Any", tuple(StepInfo("", Condition("path", path=path)) for path in ("/*", "/*a*", "/*", "/*e*"))),
    ),
}


def answers(store: EventStore, site: SiteInfo, now: str, **words: list[str]) -> list[Any]:
    """Return what every report says for each of WORDS, shares rounded as two ways of adding up allow."""
    found = []
    hoping = replace(site, **HOPED)
    for scope in WORDS:
        for report in REPORTS:
            funnel = {"funnel": ["Any"]} if "limit" in scope or "range" in words else {}
            answer = run_report(report, parse_scope(hoping, {**scope, **words, **funnel}, at(now)), store, PATIENCE_S)
            assert answer.error is None, (report.name, scope)
            found.append((report.name, scope, [*map(rounded, answer.rows), rounded(answer.totals or {})]))
    return found


def flows(store: EventStore, site: SiteInfo, now: str) -> list[Flow]:
    """Return flows both ways, from all visits and from a page."""
    scope = parse_scope(site, {}, at(now))
    asked = [FlowAsked(Start(path, way), 6, 4) for path in (None, "/basket") for way in DIRECTIONS]
    found = [read_flow(scope, one, store, PATIENCE_S) for one in asked]
    assert [(one.error, one.visits > 0) for one in found] == [(None, True)] * len(asked)
    return [msgspec.structs.replace(one, took_ms=0) for one in found]


def rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(cell, 9) if isinstance(cell, float) else cell for name, cell in row.items()}


def memberships(footprints: Sequence[Footprint]) -> list[Membership]:
    """Tie what came with one login, and each browser to the hash of its first day."""
    found = {one.visitor_id: one.login_id for one in footprints if one.visitor_id and one.login_id}
    for one in footprints:
        if one.consent and one.visitor_id is not None and one.daily_id is not None:
            found.setdefault(one.visitor_id, one.visitor_id)
            if one.consent_fresh:
                found.setdefault(one.daily_id, found[one.visitor_id])
    return [Membership(1, who, at("1970-01-01"), at("2200-01-01"), profile) for who, profile in found.items()]


@pytest.fixture
def engines(duckdb_store: EventStore, clickhouse_store: EventStore) -> tuple[EventStore, EventStore]:
    return duckdb_store, clickhouse_store


def test_on_the_sample(
    engines: tuple[EventStore, EventStore], site: SiteInfo, loading: Callable[[EventStore], Loading]
) -> None:
    footprints = list(sample_footprints(site, at(SAMPLE_ENDS), visits=400))
    said, flown = [], []
    for store in engines:
        assert loading(store)(footprints, site).loaded > 2000
        store.replace_members(None, memberships(footprints), 1)
        said.append(answers(store, site, SAMPLE_ENDS))
        flown.append(flows(store, site, SAMPLE_ENDS))
    assert said[0] == said[1]
    assert flown[0] == flown[1]
    rows = {name: rows[:-1] for name, words, rows in said[0] if not words}
    of_people = ("profiles", "retention", "cohorts", "cross-device", "time-to-stitch")
    assert [name for name in (*of_people, "goals", "funnels") if not rows[name]] == []
    assert all(row["converted_visits"] for row in rows["goals"])
    assert all(row["visits"] for row in rows["funnels"])


@needs_real_data
def test_on_a_slice_of_a_real_day(engines: tuple[EventStore, EventStore], site: SiteInfo, settings: Settings) -> None:
    assert site.id == msnbc.SITE
    said = []
    for store in engines:
        msnbc.load(store, settings.batch_folder, visitors=5000)
        said.append(answers(store, site, "1999-09-29 12:00", range=["1999-09-28..1999-09-29"]))
    assert said[0] == said[1]
    name, _, rows = said[0][0]
    assert (name, rows[-1]["visits"]) == ("overview", 5000)
