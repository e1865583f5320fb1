"""Dead clicks: one row a struggle, with its reason, those affected, and how sure that is."""

import pytest

from reports import dead_clicks
from tests.kit.store import Visiting, click, dead, failed, worked
from tests.reports.conftest import Asking


def test_one_element_by_hand(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/shop"], [dead("#buy"), dead("#buy", after_s=15), worked("#buy", after_s=25)])
    visit("2026-03-09 10:00", ["/shop"], [dead("#buy", element_text="Buy"), worked("#other", after_s=9)])
    visit("2026-03-09 11:00", ["/shop", "/shop"])
    answer = ask(dead_clicks.report)
    [row] = answer.rows
    low, high = row.pop("share_dead_low"), row.pop("share_dead_high")
    assert row == {
        "path": "/shop",
        "element": "#buy",
        "element_text": "Buy",
        "reason": "dead",
        "dead_clicks": 3,
        "visitors": 2,
        "clicks": 4,
        "share_dead": 0.75,
        "per_100_views": 75.0,
        "first_seen": "2026-03-08T11:00:05.000+01:00",
        "last_seen": "2026-03-09T11:00:05.000+01:00",
    }
    assert (low, high) == (pytest.approx(0.3006, abs=1e-4), pytest.approx(0.9544, abs=1e-4))
    assert answer.totals is not None
    assert (answer.totals["dead_clicks"], answer.totals["clicks"]) == (3, 4)


def test_reasons(ask: Asking, visit: Visiting) -> None:
    clicks = [dead("#a"), dead("#b", disabled=True), dead("#c", affordance="pointer"), failed("#d"), worked("#e")]
    visit("2026-03-09 10:00", clicks=clicks)
    rows = ask(dead_clicks.report).rows
    assert {row["element"]: row["reason"] for row in rows} == {
        "#a": "dead",
        "#b": "disabled",
        "#c": "false affordance",
    }


def test_plain_content_counts_when_three_visitors_click_it_in_vain(ask: Asking, visit: Visiting) -> None:
    plain = click("#price", affordance="none")
    visit("2026-03-09 10:00", clicks=[plain, click("#photo", affordance="none", after_s=9)])
    visit("2026-03-09 11:00", clicks=[plain])
    assert ask(dead_clicks.report).rows == []
    visit("2026-03-09 12:00", clicks=[plain, worked("#price", after_s=9, affordance="none")])
    [row] = ask(dead_clicks.report).rows
    assert (row["element"], row["reason"], row["dead_clicks"], row["clicks"]) == ("#price", "false affordance", 3, 4)


def test_those_that_let_most_visitors_down_come_first(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", clicks=[dead("#few", after_s=second) for second in (5, 10, 15)])
    for hour in (11, 12):
        visit(f"2026-03-09 {hour}:00", clicks=[dead("#many")])
    assert [row["element"] for row in ask(dead_clicks.report).rows] == ["#many", "#few"]


def test_the_same_element_on_two_pages_is_two_struggles(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/a", "/b"], [dead("#x"), dead("#x", 1)])
    assert {(row["path"], row["element"]) for row in ask(dead_clicks.report).rows} == {("/a", "#x"), ("/b", "#x")}


def test_the_rate_is_of_all_views_also_when_an_element_is_chosen(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/", "/"], [dead("#x")])
    [row] = ask(dead_clicks.report, filter=["element:is:#x"]).rows
    assert row["per_100_views"] == 50.0


def test_clicks_of_nobody_told_apart_are_counted(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", clicks=[dead("#x")], visitor=None)
    [row] = ask(dead_clicks.report).rows
    assert (row["dead_clicks"], row["visitors"]) == (1, 0)
