"""Goals: what reaches them, what does not, how many visits that is and what it was worth."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reports import overview
from reports.goals import report
from reports.query.intervals import wilson
from reports.report import Report
from reports.run import ReportAnswer, run_report
from reports.scope import parse_scope
from tests.kit.ground import at
from tests.kit.store import Happening, Visiting, dead, worked
from tracker.conditions import Condition
from tracker.errors import InvalidInputError
from tracker.goals import GoalInfo
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

NOW = "2026-03-10 12:00"
PLACED, BUY = "placed", "main>form>button"
GOALS = (
    GoalInfo("Blog", Condition("path", path="/blog/*")),
    GoalInfo("Bought", Condition("event", event="order"), "value", "EUR"),
    GoalInfo("Buy in the cart", Condition("element", text="Buy", path="/cart")),
    GoalInfo("Clicked buy", Condition("element", element=BUY)),
    GoalInfo("Never", Condition("path", path="/never")),
    GoalInfo("Pro", Condition("event", event="order", property="plan", equals="pro")),
    GoalInfo("Ten", Condition("event", event="order", property="items", equals="10")),
    GoalInfo("Thanks", Condition("path", path="/thanks")),
)
Asking = Callable[..., ReportAnswer]


def order(view: int = 0, after_s: float = 7, name: str = "order", **properties: Any) -> Happening:
    return Happening("custom", view, after_s, {"name": name, "properties": properties})


@pytest.fixture
def ask(store: EventStore, site: SiteInfo) -> Asking:
    def asked(*goals: GoalInfo, of: Report = report, **words: str) -> ReportAnswer:
        scope = parse_scope(replace(site, goals=goals or GOALS), {k: [v] for k, v in words.items()}, at(NOW))
        answer = run_report(of, scope, store)
        assert answer.error is None
        return answer

    return asked


def by_goal(answer: ReportAnswer, name: str) -> dict[str, Any]:
    return {str(row["goal"]): row[name] for row in answer.rows}


def test_each_kind_is_reached_by_what_it_says_and_by_nothing_else(visit: Visiting, ask: Asking) -> None:
    with visit.at_once():
        visit("2026-03-09 08:00", ["/blog/a", "/blog/b/c", "/blog", "/blog_x", "/thanks", "/thanks/more"])
        visit(
            "2026-03-09 09:00",
            ["/cart", "/thanks"],
            [
                worked(BUY, element_text="Buy"),
                dead(BUY, 1, element_text="Buy"),
                worked("#other", 1, element_text="Buy"),
            ],
            [order(plan="pro", items=10), order(after_s=8, plan="Pro", items="10"), order(after_s=9, items=10.5)],
        )
        visit("2026-03-09 10:00", ["/"], also=[order(name="ordered"), order(name="Order")])
    answer = ask()
    assert by_goal(answer, "conversions") == {
        "Blog": 2, "Bought": 3, "Buy in the cart": 1, "Clicked buy": 1, "Never": 0, "Pro": 1, "Ten": 2, "Thanks": 2,
    }  # fmt: skip
    assert by_goal(answer, "converted_visits") == {
        "Blog": 1, "Bought": 1, "Buy in the cart": 1, "Clicked buy": 1, "Never": 0, "Pro": 1, "Ten": 1, "Thanks": 2,
    }  # fmt: skip
    assert [row["goal"] for row in answer.rows][::7] == ["Thanks", "Never"]
    thanks = answer.rows[0]
    assert (thanks["conversion_rate"], thanks["conversion_rate_low"], thanks["conversion_rate_high"]) == (
        2 / 3,
        *(wilson(2, 3) or ()),
    )
    totals = answer.totals or {}
    assert (totals["converted_visits"], totals["conversion_rate"], totals["conversions"]) == (2, 2 / 3, 12)


def test_a_pattern_takes_all_but_its_star_as_it_is(visit: Visiting, ask: Asking) -> None:
    with visit.at_once():
        for path in ("/a%b/x", "/aab/x", "/a_b/y", r"/a\b", "/A_B/y"):
            visit("2026-03-09 08:00", [path])
    patterns = ("/a%b/*", "/a_b/*", "*b/y", "/*", r"/a\*")
    found = by_goal(ask(*(GoalInfo(one, Condition("path", path=one)) for one in patterns)), "conversions")
    assert found == {"/a%b/*": 1, "/a_b/*": 1, "*b/y": 1, "/*": 5, r"/a\*": 1}


def test_no_path_makes_a_pattern_of_many_stars_take_for_ever(ask: Any, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/" + "a" * 300])
    patterns = ("/*" + "a*" * 100 + "b", "/*" + "a*" * 100, "/(a+)+$*x")
    found = by_goal(
        ask(*(GoalInfo(f"{n}", Condition("path", path=one)) for n, one in enumerate(patterns))), "conversions"
    )
    assert found == {"0": 0, "1": 1, "2": 0}


def test_a_visit_counts_once_and_a_visitor_once_a_day(visit: Visiting, ask: Asking) -> None:
    once = visit("2026-03-08 08:00", ["/thanks", "/", "/thanks"])
    visit("2026-03-08 15:00", ["/thanks"], visitor=once)
    visit("2026-03-08 16:00")
    [row] = ask(GOALS[-1]).rows
    assert (row["conversions"], row["converted_visits"], row["visitors"]) == (3, 2, 1)
    assert row["conversion_rate"] == 2 / 3


def test_revenue_is_what_events_say_in_the_goals_currency(visit: Visiting, ask: Asking) -> None:
    with visit.at_once():
        visit("2026-03-09 08:00", also=[order(value=19.99), order(after_s=8, value=0.01, currency="eur")])
        visit(
            "2026-03-09 09:00", also=[order(value=500, currency="USD"), order(after_s=8, value="12"), order(after_s=9)]
        )
        visit("2026-03-09 10:00", also=[order(value=1e300), order(after_s=8, value=-5, currency="EUR")])
    answer = ask(GOALS[1], GOALS[-1])
    assert (answer.rows[0]["revenue"], answer.rows[0]["currency"]) == (15.0, "EUR")
    assert (answer.rows[1]["revenue"], answer.rows[1]["currency"]) == (None, None)
    assert (answer.totals or {})["revenue"] == 15.0
    assert "1 conversion of “Bought” is in another currency than EUR" in answer.notes[0]


def test_whom_nobody_tells_apart_converts_but_is_in_no_rate(visit: Visiting, ask: Asking) -> None:
    visit("2026-03-09 08:00", ["/thanks"], visitor=None, also=[order(value=7)])
    visit("2026-03-09 09:00", ["/"])
    answer = ask()
    assert (by_goal(answer, "conversions")["Thanks"], by_goal(answer, "converted_visits")["Thanks"]) == (1, 0)
    assert by_goal(answer, "revenue")["Bought"] == 7
    assert answer.notes[0].startswith("2 conversions are of nobody told apart")
    assert (answer.totals or {})["conversion_rate"] == 0


def test_filters_choose_the_visits(visit: Visiting, ask: Asking) -> None:
    visit("2026-03-09 08:00", ["/", "/thanks"], referrer="www.google.com/")
    visit("2026-03-09 09:00", ["/a", "/thanks"])
    visit("2026-03-09 10:00", ["/a"])
    for words, converted, rate in (
        ({"filter": "source:is:Google"}, 1, 1.0),
        ({"filter": "path:is:/a"}, 1, 0.5),
        ({"range": "today"}, 0, None),
    ):
        [row] = ask(GOALS[-1], **words).rows
        assert (row["converted_visits"], row["conversion_rate"]) == (converted, rate), words


def test_without_goals_it_says_where_they_are_made(store: EventStore, site: SiteInfo) -> None:
    answer = run_report(report, parse_scope(site, {}, at(NOW)), store)
    assert (len(answer.rows), answer.error) == (0, None)
    assert "makes them under “Goals and funnels”" in answer.notes[0]


def test_every_report_can_be_asked_of_those_who_reached_a_goal(visit: Visiting, ask: Asking) -> None:
    visit("2026-03-09 08:00", ["/", "/thanks"])
    visit("2026-03-09 09:00", ["/blog/a", "/"])
    visit("2026-03-09 10:00", ["/thanks", "/blog/a"])
    visit("2026-03-09 11:00", ["/"])
    for said, visits in {
        "is:Thanks": 2, "is:Thanks|Blog": 3, "is_not:Thanks": 2, "contains:thank": 2, "matches:^[BN]": 2, "is:": 1,
        "is:|Blog": 3, "is_not:": 3, "contains:nothing": 0,
    }.items():  # fmt: skip
        answer = ask(of=overview.report, filter=f"goal:{said}")
        assert (answer.totals or {})["visits"] == visits, said
    answer = ask(of=overview.report, filter="goal:is:Blog")
    assert (answer.totals or {})["views"] == 4
    with pytest.raises(InvalidInputError, match="did you mean Thanks"):
        ask(filter="goal:is:Thank")


def test_no_goal_is_new_where_none_was_reached_before(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/thanks"])
    answer = ask(range="7d", compare="previous")
    assert {answer.before(row) is None for row in answer.rows} == {True}
    visit("2026-03-01 10:00", ["/thanks"])
    before = {
        row["goal"]: answer.before(row) for answer in [ask(range="7d", compare="previous")] for row in answer.rows
    }
    assert [before[name]["conversions"] for name in ("Thanks", "Blog")] == [1, 0]
