"""The list of struggles: ranked, each fault once, with its history, its examples and the visits that it cost."""

import pytest

from reports import struggles
from reports.report import Row
from reports.struggle.story import event_id_of, find_story
from tests.kit.store import PHONE, Visiting, click, dead, failed, failure, hunt, slow, worked
from tests.reports.conftest import Asking
from tracker.ingest.columns import view_id
from tracker.sites import SiteInfo
from tracker.store.base import EventStore


def named(rows: list[Row]) -> list[tuple[object, object]]:
    return [(row["signal"], row["element"] or row["path"]) for row in rows]


def test_one_fault_by_hand(ask: Asking, visit: Visiting, store: EventStore, site: SiteInfo) -> None:
    with visit.at_once():
        visit("2026-01-05 10:00", ["/shop"], [dead("#buy")])
        visit("2026-02-01 10:00", ["/shop"], [worked("#buy")])
        visit("2026-03-08 10:00", ["/", "/shop"], [dead("#buy", 1), dead("#buy", 1, after_s=15)])
        visit("2026-03-09 10:00", ["/shop", "/"], [dead("#buy", element_text="Buy")])
    [row] = ask(struggles.report, range="7d").rows
    examples = row.pop("examples")
    assert row == {
        "signal": "dead",
        "element": "#buy",
        "element_text": "Buy",
        "script_error": None,
        "path": "/shop",
        "visitors": 2,
        "visits": 2,
        "incidents": 3,
        "views": 2,
        "struck_view_rate": 1.0,
        "struck_view_rate_low": pytest.approx(0.3424, abs=1e-4),
        "struck_view_rate_high": 1.0,
        "trend": None,
        "struck_view_rate_before": None,
        "days": [0, 0, 0, 0, 2, 1, 0],
        "since": "2026-01-05T11:00:05.000+01:00",
        "last_seen": "2026-03-09T11:00:05.000+01:00",
        "visits_lost": None,
        "visits_lost_low": None,
        "visits_lost_high": None,
        "raging_visitors": 0,
        "score": pytest.approx(50),
        "impact": pytest.approx(1.0),
        "trail": ["/shop"],
    }
    assert isinstance(examples, list) and len(examples) == 2
    stories = [find_story(store, site, str(one)) for one in examples]
    assert [story and story.element for story in stories] == ["#buy", "#buy"]
    assert event_id_of({"view_id": view_id(str(examples[0])), "seq": int(str(examples[0])[17:])}) == examples[0]


def test_the_gravest_come_first(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        for hour in range(10, 16):
            visit(f"2026-03-09 {hour}:00", ["/", "/a"], [slow("#slow")], [hunt(view=1)])
        for hour in range(10, 14):
            visit(f"2026-03-08 {hour}:00", ["/"], [failed("#failed"), dead("#dead", after_s=25)])
        visit("2026-03-07 10:00", ["/"], [dead("#once", after_s=n) for n in (5, 15, 25, 35, 45)])
    assert named(list(ask(struggles.report).rows)) == [
        ("error_click", "#failed"),
        ("dead", "#dead"),
        ("slow", "#slow"),
        ("scroll_hunt", "/a"),
        ("dead", "#once"),
    ]


def test_habits_count_the_less_the_rarer_they_are(ask: Asking, visit: Visiting) -> None:
    plain = click("#photo", after_s=15, affordance="none")
    with visit.at_once():
        for n in range(60):
            clicks = [*([dead("#dead")] if n < 2 else []), *([plain] if n < 3 else [])]
            visit(f"2026-03-09 {8 + n // 6:02}:{n % 6}0", ["/"], clicks, [hunt()] if n < 4 else [])
    rows = ask(struggles.report).rows
    assert named(list(rows)) == [("dead", "#dead"), ("scroll_hunt", "/"), ("false_affordance", "#photo")]
    assert [row["visitors"] for row in rows] == [2, 4, 3]
    assert [row["impact"] for row in rows] == [
        pytest.approx(2 * 0.5),
        pytest.approx(4 * 0.2 * (4 / 60) / 0.1),
        pytest.approx(3 * 0.3 * (3 / 60) / 0.1),
    ]


def test_rage_is_told_of_its_cause(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        for hour in range(10, 13):
            visit(f"2026-03-09 {hour}:00", ["/"], [dead("#buy", after_s=5 + n / 5) for n in range(4)])
        visit("2026-03-09 14:00", ["/"], [dead("#buy")])
        for hour in range(10, 13):
            visit(f"2026-03-08 {hour}:00", ["/"], [worked("#like", after_s=5 + n / 5) for n in range(5)])
        visit("2026-03-08 14:00", ["/"], [dead("#like")])
    rows = {(row["signal"], row["element"]): row for row in ask(struggles.report).rows}
    assert set(rows) == {("dead", "#buy"), ("rage", "#like"), ("dead", "#like")}
    assert rows["dead", "#buy"]["raging_visitors"] == 3
    assert rows["dead", "#like"]["raging_visitors"] == 0, "one dead click does not explain the rage of three"


def test_a_script_error_is_told_of_the_click_that_brings_it(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        for hour in (10, 11):
            visit(f"2026-03-09 {hour}:00", ["/"], [failed("#pay")], [failure("pay is null", after_s=5.1)])
            visit(f"2026-03-08 {hour}:00", ["/"], also=[failure("ad is null")])
    rows = {row["signal"]: row for row in ask(struggles.report).rows}
    assert set(rows) == {"error_click", "script_error"}
    assert str(rows["error_click"]["script_error"]).startswith("pay is null")
    assert str(rows["script_error"]["script_error"]).startswith("ad is null")


def test_clicks_in_vain_on_plain_content_need_three_visitors(ask: Asking, visit: Visiting) -> None:
    plain = click("#price", affordance="none")
    visit("2026-03-09 10:00", clicks=[plain])
    visit("2026-03-09 11:00", clicks=[plain])
    assert ask(struggles.report).rows == []
    visit("2026-03-09 12:00", clicks=[plain])
    assert named(list(ask(struggles.report).rows)) == [("false_affordance", "#price")]


def test_trends(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        for hour in range(8, 20):
            before = [slow("#same"), *([dead("#better", after_s=15)] if hour < 18 else [])]
            visit(f"2026-02-20 {hour:02}:00", ["/"], before)
            visit(
                f"2026-03-05 {hour:02}:00",
                ["/"],
                [slow("#same"), dead("#worse", after_s=15), failed("#new", after_s=30)],
            )
        visit("2026-02-20 20:00", ["/"], [dead("#worse")])
        visit("2026-03-05 20:00", ["/"], [dead("#better")])
    rows = ask(struggles.report, range="2026-03-01..2026-03-10").rows
    assert {row["element"]: row["trend"] for row in rows} == {
        "#same": "same",
        "#worse": "worse",
        "#better": "better",
        "#new": "new",
    }


def test_a_long_range_is_drawn_in_few_points(ask: Asking, visit: Visiting) -> None:
    visit("2025-12-15 10:00", clicks=[dead("#x")])
    visit("2026-03-10 10:00", clicks=[dead("#x")])
    [row] = ask(struggles.report, range="91d").rows
    days = row["days"]
    assert isinstance(days, list)
    assert (len(days), sum(map(int, days)), days[-1]) == (46, 2, 1)


def test_visits_lost_are_those_that_ended_there_more_often_than_similar_ones(ask: Asking, visit: Visiting) -> None:
    struck, alone = dead("#x", 1), ["/", "/a"]
    with visit.at_once():
        for n in range(10):
            hour = f"{8 + n:02}:00"
            # desktops: 8 of 10 struck end there, and 5 of 10 others; phones: 10 of 10 and 0 of 10
            visit(f"2026-03-02 {hour}", alone if n < 8 else [*alone, "/b"], [struck])
            visit(f"2026-03-03 {hour}", alone if n < 5 else [*alone, "/b"])
            visit(f"2026-03-04 {hour}", alone, [struck], user_agent=PHONE)
            visit(f"2026-03-05 {hour}", [*alone, "/b"], user_agent=PHONE)
            # a search brought these, and nobody else
            visit(f"2026-03-06 {hour}", alone, [struck], referrer="www.google.com/")
    [row] = ask(struggles.report).rows
    assert (row["visits"], row["visits_lost"]) == (30, pytest.approx(3 + 10))
    low, high = row["visits_lost_low"], row["visits_lost_high"]
    assert isinstance(low, float) and isinstance(high, float) and 0 < low < 13 < high


def test_where_visits_go_on_more_often_nothing_was_lost(ask: Asking, visit: Visiting) -> None:
    with visit.at_once():
        for hour in range(8, 18):
            visit(f"2026-03-02 {hour:02}:00", ["/", "/a"], [dead("#x")])
            visit(f"2026-03-03 {hour:02}:00", ["/"])
    [row] = ask(struggles.report).rows
    assert (row["visits_lost"], row["visits_lost_low"]) == (0, 0)


def test_count_mode_has_incidents_but_nobody(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", clicks=[dead("#x")], visitor=None)
    [row] = ask(struggles.report).rows
    assert (row["incidents"], row["visitors"], row["visits"], row["trail"]) == (1, 0, 0, [])
    assert row["examples"]
