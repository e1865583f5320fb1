"""Each measure's formula, worked out by hand."""

from typing import Any

import pytest
from sqlalchemy import literal, select

from reports import measures
from reports.measures import MEASURES, Ratio, Sum, during, filled, ratio, sums_of
from reports.query.chosen import events, struggles_in_visits, visits
from reports.query.intervals import wilson
from reports.query.profiles import visits_of_profiles
from reports.query.reaching import events_in_visits, visits_chosen
from reports.query.within import within_visit
from reports.question.measures import KINDS
from reports.scope import Scope, parse_scope
from tests.kit.ground import at
from tests.kit.store import Visiting, dead, worked
from tracker.conditions import Condition
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.store.schema import event

# Four visits: a bounce of 4 s, two pages with a dead and a working click, a visit without
# an interaction, and one in which something worked on its only page; and one view of nobody.
EXPECTED = {
    "visitors": 3,
    "visits": 4,
    "profiles": 2,  # one goes by two visitor ids
    "struggles_per_profile": 1 / 2,
    "visits_with_view": 4,
    "views": 6,
    "unknown_views": 1,
    "views_per_visit": 5 / 4,
    "bounces": 2,
    "bounce_rate": 2 / 4,
    "unengaged_visits": 1,
    "unengaged_rate": 1 / 4,
    "engaged_ms": 4_000 + 40_000 + 30_000 + 20_000,
    "engaged_ms_per_visit": 94_000 // 4,
    "duration_ms": 4_000 + 80_000 + 30_000 + 20_000,
    "duration_ms_per_visit": 134_000 // 4,
    "visit_views": 5,
    "clicks": 3,
    "click_visitors": 2,
    "custom_events": 0,
    "custom_visitors": 0,
    "views_and_custom_events": 6,
    "page_visits": 4,
    "dead_clicks": 1,
    "dead_click_rate": 1 / 3,
    "visits_with_dead_click": 1,
    "dead_visit_rate": 1 / 4,
    "engaged_ms_per_view": round(94_000 / 6),
    "entries": 4,
    "exits": 4,
    "incidents": 1,
    "struck_views": 1,
    "struck_view_rate": 1 / 6,
    "conversions": 5,  # of a goal that every view reaches, the one of nobody left out
    "converted_visits": 4,
    "revenue_parts": 0,
    "conversion_rate": 4 / 4,
}


@pytest.fixture
def sums(store: EventStore, site: SiteInfo, visit: Visiting) -> dict[str, Any]:
    """Every sum over the four visits, by name; those of pages and of visits agree here."""
    returning = visit("2026-03-01 09:00", engaged_s=4)
    visit("2026-03-01 10:00", ["/", "/a"], [dead("#x"), worked("#y", 1)], engaged_s=20)
    again = visit("2026-03-01 11:00", engaged_s=30)
    visit("2026-03-01 12:00", clicks=[worked("#y")], engaged_s=20, visitor=returning)
    visit("2026-03-01 13:00", visitor=None)
    visit.tie(returning or 0, returning, again)
    scope = parse_scope(site, {}, at("2026-03-02 12:00"))
    found: dict[str, Any] = {}
    for of in ("struggle", "engagement", "view", "click", "custom", "told", "seen", "profile", "visit"):
        columns = [one.labelled for one in sums_of(MEASURES, of)]
        chosen = {"visit": visits, "profile": visits_of_profiles, "struggle": struggles_in_visits}.get(
            of, lambda scope, *rest, of=of: events(scope, KINDS[of], *rest)
        )
        if of == "seen":
            chosen = views_in_visits
        found |= store.query(chosen(scope, *columns)).records()[0]
    seen = events_in_visits(scope, visits_chosen(scope), [Condition("path", path="/*")], literal(0).label("parts"))
    numbers = [one.labelled for one in sums_of(MEASURES, "goal")]
    return found | store.query(select(*numbers).select_from(seen.subquery())).records()[0]


def views_in_visits(scope: Scope, *columns: Any) -> Any:
    return events(scope, "view", *columns).outerjoin(during, within_visit(event, during))


def test_every_measure_by_hand(sums: dict[str, Any]) -> None:
    assert filled(MEASURES, sums) == EXPECTED


def test_who_is_affected_by_struggles(store: EventStore, site: SiteInfo, visit: Visiting) -> None:
    once = visit("2026-03-01 10:00", ["/", "/a"], [dead("#x"), dead("#x", after_s=15), dead("#x", 1)])
    visit("2026-03-01 15:00", clicks=[dead("#x")], visitor=once)
    visit("2026-03-01 16:00", clicks=[dead("#x")], visitor=None)
    scope = parse_scope(site, {}, at("2026-03-02 12:00"))
    numbers = measures.incidents, measures.struck_visitors, measures.struck_visits, measures.struck_views
    [record] = store.query(struggles_in_visits(scope, *(one.labelled for one in numbers))).records()
    assert record == {"incidents": 5, "visitors": 1, "visits": 2, "struck_views": 4}


def test_without_anything_sums_are_zero_and_ratios_unknown() -> None:
    for one in MEASURES:
        assert filled([one], {}) == {one.name: 0 if isinstance(one, Sum) else None}


def test_a_ratio_needs_both_of_its_sums() -> None:
    assert sums_of([measures.bounce_rate], "visit") == [measures.bounces, measures.visits_with_view]
    assert sums_of([measures.dead_click_rate, measures.dead_clicks], "click") == [measures.dead_clicks, measures.clicks]


def test_measures_say_what_they_are() -> None:
    assert all(one.help.endswith(".") and one.title for one in MEASURES)
    assert all(one.over.of and one.under.of for one in MEASURES if isinstance(one, Ratio))


def test_ratio_of_nothing_is_unknown() -> None:
    assert ratio(0, 0) is None
    assert ratio(1, 4) == 0.25


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_wilson_interval_as_published(hits: int, tries: int, low: float, high: float) -> None:
    assert wilson(hits, tries) == pytest.approx((low, high), abs=1e-4)


def test_wilson_knows_nothing_without_tries() -> None:
    assert wilson(0, 0) is None
