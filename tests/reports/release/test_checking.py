"""A check of a release: each page and measure has a verdict, and it is that of the report."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reports import releases
from reports.release.asking import parse_check
from reports.release.checking import check_release
from reports.release.shapes import CheckShape, ComparisonShape
from reports.run import run_report
from reports.scope import parse_scope
from tests.kit.ground import at
from tests.kit.store import Visiting, dead, failure, slow, vitals
from tests.reports.conftest import NOW
from tests.reports.test_releases import V2, hours
from tracker.errors import InvalidInputError
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

Checking = Callable[..., CheckShape]


@pytest.fixture
def check(store: EventStore, site: SiteInfo, monkeypatch: pytest.MonkeyPatch) -> Checking:
    """Check V2 at NOW: `check(min_visits=30, filter=["path:is:/a"])`."""
    monkeypatch.setattr("reports.scope.utc_now", lambda: at(NOW))

    def checked(**words: Any) -> CheckShape:
        given = {word: value if isinstance(value, list) else [str(value)] for word, value in words.items()}
        return check_release(*parse_check(replace(site, releases=(V2,)), {"min_visits": ["40"], **given}), store)

    return checked


def one(found: CheckShape, measure: str, path: str | None) -> ComparisonShape:
    [wanted] = [one for one in found.comparisons if (one.measure, one.path) == (measure, path)]
    return wanted


def test_pages_and_the_site_have_verdicts_that_are_the_reports(
    check: Checking, visit: Visiting, store: EventStore, site: SiteInfo
) -> None:
    with visit.at_once():
        for moment in hours("05", 40):
            visit(moment, ["/", "/a"], [slow("#same"), dead("#mended", 1)])
        for moment in hours("06", 40):
            visit(moment, ["/", "/a"], [slow("#same"), dead("#broken", after_s=15)], [failure("x is null", view=1)])
    found = check()
    assert (found.verdict, found.release, found.before.visits, found.after.views) == ("worse", "v2", 40, 80)
    verdicts = {(one.measure, one.path): one.verdict for one in found.comparisons}
    assert verdicts == {
        ("dead", "/"): "worse",
        ("dead", "/a"): "better",
        ("dead", None): "same",
        ("script_error", "/a"): "worse",
        ("script_error", None): "worse",
        ("slow", "/"): "same",
        ("slow", None): "same",
    }
    broken = one(found, "dead", "/")
    assert (broken.is_new, broken.hits_before, broken.hits, broken.views_before, broken.views) == (True, 0, 40, 40, 40)
    assert (broken.difference, broken.rate_before, broken.rate) == (1, 0, 1) and 0.8 < broken.difference_low < 1
    assert [place.element for place in broken.places] == ["#broken"]
    assert one(found, "script_error", "/a").places[0].script_error == "x is null at shop.example/app.js:10"
    scope = parse_scope(replace(site, releases=(V2,)), {"release": ["v2"]}, at(NOW))
    told = {
        (row["signal"], row["path"])
        for row in run_report(releases.report, scope, store).rows
        if row["change"] == "worse"
    }
    assert {where for where, verdict in verdicts.items() if verdict == "worse" and where[1]} == told
    assert [one.verdict for one in found.comparisons] == sorted(
        (one.verdict for one in found.comparisons), key=lambda verdict: verdict != "worse"
    )


def test_web_vitals_are_shares_above_what_is_good(check: Checking, visit: Visiting) -> None:
    with visit.at_once():
        for number, moment in enumerate(hours("05", 40)):
            visit(moment, ["/"], also=[vitals(lcp_ms=3000 if number < 4 else 1500)])
        for number, moment in enumerate(hours("06", 40)):
            visit(moment, ["/"], also=[vitals(lcp_ms=3000 if number < 24 else 1500, cls_permille=20)])
        for moment in (*hours("05", 10), *hours("06", 10)):
            visit(moment, ["/few"], also=[vitals(inp_ms=900)])
    found = check()
    slower = one(found, "lcp_ms", "/")
    assert (slower.verdict, slower.is_new, slower.title) == ("worse", False, "LCP above 2500 ms")
    assert (slower.hits_before, slower.hits, slower.views_before, slower.views) == (4, 24, 40, 40)
    assert one(found, "cls", "/").verdict == one(found, "inp_ms", None).verdict == "same"
    assert one(found, "cls", "/").title == "CLS above 0.1"
    assert "/few" not in {one.path for one in found.comparisons}
    assert one(found, "lcp_ms", None).views == 50


def test_with_too_few_visits_nothing_is_said(check: Checking, visit: Visiting) -> None:
    with visit.at_once():
        for moment in (*hours("05", 10), *hours("06", 9)):
            visit(moment, ["/"], [dead("#x")])
    assert check(min_visits=10).verdict == "too little"
    assert check(min_visits=9).verdict == "fine"
    assert check(min_visits=1, filter=["path:is:/nowhere"]).verdict == "too little"


def test_right_after_a_release_there_is_nothing_yet(store: EventStore, site: SiteInfo) -> None:
    marked = replace(site, releases=(V2._replace(at=at("2126-03-06 12:00")),))
    found = check_release(*parse_check(marked, {}), store)
    assert (found.verdict, found.comparisons, found.after.visits) == ("too little", [], 0)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"since": ["v22"]}, "since"),
        ({"since": ["v2", "v2"]}, "since"),
        ({"min_visits": ["-1"]}, "min_visits"),
        ({"min_visits": ["many"]}, "min_visits"),
        ({"filter": ["colour:is:red"]}, "filter"),
        ({"range": ["7d"]}, "range"),
    ],
)
def test_what_cannot_be_asked_is_named(site: SiteInfo, words: dict[str, list[str]], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_check(replace(site, releases=(V2,)), words)
    assert refused.value.field == field


def test_without_a_release_it_says_how_to_mark_one(site: SiteInfo) -> None:
    with pytest.raises(InvalidInputError, match="footfall release"):
        parse_check(site, {})
