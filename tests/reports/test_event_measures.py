"""Measures of errors, forms, fields, links and searches, worked out by hand."""

from typing import Any

import pytest

from reports import event_measures
from reports.event_measures import MEASURES
from reports.manual import manual
from reports.measures import Sum, filled, sums_of
from reports.query.chosen import events
from reports.scope import parse_scope
from tests.kit.ground import at
from tests.kit.store import Visiting, failure, field, form, link, search
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

# Two visitors: one fails twice and gives a form up, the other sends it with three submits.
EXPECTED: dict[str, dict[str, Any]] = {
    "error": {"incidents": 3, "views": 2, "visitors": 2, "pages": 2},
    "form": {
        "started": 3,
        "succeeded": 1,
        "abandoned": 2,
        "completion_rate": 1 / 3,
        "submits": 3,
        "submits_per_success": 3.0,
        "invalid": 5,
        "invalid_per_start": 5 / 3,
    },
    "field": {"reached": 2, "corrections": 4, "corrections_per_fill": 2.0, "refills": 1, "invalid": 3},
    "link": {"clicks": 3, "visitors": 2, "pages": 2},
    "search": {"searches": 3, "visitors": 2, "known_results": 2, "without_result": 1, "without_result_rate": 0.5},
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_every_measure_by_hand(kind: str, store: EventStore, site: SiteInfo, visit: Visiting) -> None:
    left = [field(corrections=4, refills=1), form("#a", "left", submits=9, invalid=3), form("#b", "idle", invalid=2)]
    sent = [field(invalid=3), form("#a", submits=3)]
    visit("2026-03-01 10:00", ["/a"], also=[failure(), failure("y"), *left, link(), link(), search(), search("x", 0)])
    visit("2026-03-01 11:00", ["/b"], also=[failure(), *sent, link(), search("boots", 7)])
    scope = parse_scope(site, {}, at("2026-03-02 12:00"))
    chosen = [one for one in MEASURES if (one.of if isinstance(one, Sum) else one.over.of) == kind]
    sums = store.query(events(scope, kind, *(one.labelled for one in sums_of(chosen, kind)))).records()[0]
    assert filled(chosen, sums) == EXPECTED[kind]


def test_every_measure_is_of_one_of_these_kinds_and_described() -> None:
    assert {one.of for one in MEASURES if isinstance(one, Sum)} == set(EXPECTED)
    assert all(one.help.endswith(".") and one.title for one in MEASURES)
    declared = [one for one in vars(event_measures).values() if isinstance(one, Sum | event_measures.Ratio)]
    assert set(declared) == set(MEASURES)
    assert all(one.help in manual() for one in MEASURES)
