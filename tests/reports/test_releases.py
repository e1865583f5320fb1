"""Before and after a release: what changed beyond chance is told once, and little else."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from reports import releases
from reports.run import ReportAnswer, run_report
from reports.scope import parse_scope
from tests.kit.ground import at
from tests.kit.store import Visiting, dead, hunt, slow
from tests.reports.conftest import NOW
from tracker.errors import InvalidInputError
from tracker.releases import ReleaseInfo
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

V2 = ReleaseInfo("v2", at("2026-03-06 12:00"))
Asking = Callable[..., ReportAnswer]


@pytest.fixture
def ask(store: EventStore, site: SiteInfo) -> Asking:
    def asked(*marked: ReleaseInfo, now: str = NOW, **words: Any) -> ReportAnswer:
        given = {word: [value] if isinstance(value, str) else value for word, value in words.items()}
        released = replace(site, releases=tuple(sorted(marked, key=lambda one: one.at)))
        answer = run_report(releases.report, parse_scope(released, given, at(now)), store)
        assert answer.error is None
        return answer

    return asked


def hours(day: str, number: int) -> list[str]:
    return [f"2026-03-{day} {13 + n // 6:02}:{n % 6}0" for n in range(number)]


def test_what_became_worse_and_better_and_nothing_else(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        for moment in hours("05", 40):
            visit(moment, ["/", "/a"], [slow("#same"), dead("#mended", 1), slow("#mended-too", 1, 15)])
        for moment in hours("06", 40):
            visit(moment, ["/", "/a"], [slow("#same"), dead("#broken", after_s=15)], [hunt(view=1)])
    answer = ask(V2)
    assert [(row["change"], row["signal"], row["path"], row["element"]) for row in answer.rows] == [
        ("worse", "dead", "/", "#broken"),
        ("worse", "scroll_hunt", "/a", None),
        ("better", "dead", "/a", "#mended"),
        ("better", "slow", "/a", "#mended-too"),
    ]
    broken = answer.rows[0]
    assert (broken["struck_view_rate_before"], broken["struck_view_rate"], broken["difference"]) == (0, 1, 1)
    assert (broken["views_before"], broken["views"], broken["visitors"]) == (40, 40, 40)
    assert "v2 of 6 Mar 2026, 13:00: 4 days after it compared with 4 days before." in answer.notes


def test_what_is_spread_over_many_places_is_told_of_the_page_or_of_the_site(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        for moment in hours("05", 60):
            visit(moment, ["/", "/a"])
        for number, moment in enumerate(hours("06", 60)):
            visit(moment, ["/", "/a"], [dead(f"#card-{number}")] if number < 30 else [])
    rows = ask(V2).rows
    assert [(row["signal"], row["path"], row["element"]) for row in rows] == [("dead", "/", None)]


def test_chance_alone_is_not_believed(ask: Asking, visit: Visiting) -> None:
    draw = Random(3)
    with visit.at_once():
        for moment in [*hours("05", 60), *hours("06", 60)]:
            visit(moment, ["/"], [dead(f"#{draw.randrange(4)}")] if draw.random() < 0.5 else [])
    answer = ask(V2)
    assert answer.rows == []
    assert "6 shares were compared." in answer.notes


def test_the_newest_in_the_range_is_compared_unless_one_is_chosen(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-05 10:00")
    earlier, other = ReleaseInfo("v1", at("2026-02-01 12:00")), ReleaseInfo("v3", at("2026-03-08 12:00"))
    assert ask(V2, earlier, other).notes[0].startswith("v3 ")
    assert ask(V2, earlier, other, release="v2").notes[0].endswith("2 days after it compared with 2 days before.")
    assert ask(V2, earlier, other, release="v1").notes[0].endswith("28 days after it compared with 28 days before.")
    assert ask(V2, now="2026-03-06 18:00").notes[0].endswith("6 hours after it compared with 6 hours before.")
    assert "No release is marked" in ask(earlier, range="7d").notes[0]
    assert "Nothing has happened yet" in ask(V2, now="2026-03-06 12:00").notes[0]


def test_an_unknown_release_is_refused(site: SiteInfo) -> None:
    marked = replace(site, releases=(V2,))
    with pytest.raises(InvalidInputError, match="v2") as refused:
        parse_scope(marked, {"release": ["v22"]}, at(NOW))
    assert refused.value.field == "release"
