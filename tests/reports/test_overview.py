"""The overview: totals, a series without holes, clocks that change, comparison and count mode."""

from reports import overview
from tests.kit.store import Visiting, dead
from tests.reports.conftest import Asking


def test_a_day_without_anybody_is_a_row_of_zeros(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-04 10:00")
    answer = ask(overview.report, range="7d")
    assert [row["time"] for row in answer.rows][:2] == ["2026-03-04T00:00:00+01:00", "2026-03-05T00:00:00+01:00"]
    assert [row["visits"] for row in answer.rows] == [1, 0, 0, 0, 0, 0, 0]
    assert answer.rows[1]["bounce_rate"] is None


def test_days_begin_at_the_sites_midnight(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 22:59")
    visit("2026-03-08 23:00")
    answer = ask(overview.report, range="2026-03-08..2026-03-10")
    assert [row["visits"] for row in answer.rows] == [1, 1, 0]


def test_hours_of_the_day_so_far(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-10 09:59")
    answer = ask(overview.report, now="2026-03-10 10:30", range="today")
    assert [row["visits"] for row in answer.rows] == [0] * 10 + [1, 0]
    assert answer.rows[10]["time"] == "2026-03-10T10:00:00+01:00"


def test_an_hour_that_clocks_repeat_is_two(ask: Asking, visit: Visiting) -> None:
    visit("2026-10-25 00:30")
    visit("2026-10-25 01:30")
    answer = ask(overview.report, now="2026-10-27 12:00", range="2026-10-25..2026-10-25")
    assert len(answer.rows) == 25
    assert [row["time"] for row in answer.rows if row["visits"]] == [
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
    ]


def test_days_on_both_sides_of_a_change_of_clocks(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-28 22:30")  # 23:30 in winter
    visit("2026-03-28 23:30")  # 00:30 on the 29th
    visit("2026-03-29 21:30")  # 23:30 in summer
    visit("2026-03-29 22:30")  # 00:30 on the 30th
    answer = ask(overview.report, now="2026-04-10 12:00", range="2026-03-28..2026-03-30")
    assert [row["visits"] for row in answer.rows] == [1, 2, 1]


def test_visits_stand_under_their_start_and_views_under_their_own_time(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 22:50", ["/", "/a", "/b"], step_s=480)
    answer = ask(overview.report, range="2026-03-08..2026-03-10")
    assert [(row["visits"], row["views"]) for row in answer.rows] == [(1, 2), (0, 1), (0, 0)]


def test_visitors_of_several_days_are_the_sum_of_the_days(ask: Asking, visit: Visiting) -> None:
    one = visit("2026-03-08 10:00")
    visit("2026-03-08 15:00", visitor=one)
    visit("2026-03-09 10:00", visitor=one)
    answer = ask(overview.report)
    assert answer.totals is not None
    assert (answer.totals["visitors"], answer.totals["visits"]) == (2, 3)
    assert "sum of the days" in answer.notes[0]


def test_the_comparison_is_the_same_of_the_range_before(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-03 10:00", ["/", "/a"])
    visit("2026-03-09 10:00", clicks=[dead("#x")])
    answer = ask(overview.report, range="7d", compare="previous")
    assert answer.totals is not None and answer.comparison is not None and answer.comparison.totals is not None
    assert (answer.totals["views"], answer.totals["dead_clicks"]) == (1, 1)
    assert (answer.comparison.totals["views"], answer.comparison.totals["dead_clicks"]) == (2, 0)


def test_views_of_nobody_are_said(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", visitor=None)
    visit("2026-03-09 11:00")
    answer = ask(overview.report)
    assert answer.totals is not None
    assert (answer.totals["views"], answer.totals["visits"]) == (2, 1)
    assert "Of 2 views, 1 is of nobody told apart; it is in no visit." in answer.notes
