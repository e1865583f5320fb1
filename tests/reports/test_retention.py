"""Retention and cohorts: by hand, with days that are not over."""

import pytest

from reports import cohorts, retention
from tests.kit.store import Visiting
from tests.reports.conftest import Asking

# It is Tuesday, 10 March 2026, 13:00 in Warsaw.


def known(visit: Visiting, *moments: str, **told: object) -> int:
    """Somebody known longer than a day, at some moments."""
    who = visit(moments[0], **told) or 0
    for moment in moments[1:]:
        visit(moment, visitor=who)
    visit.tie(who, who)
    return who


def test_who_comes_back_is_told_with_how_many_could_have(ask: Asking, visit: Visiting) -> None:
    known(visit, "2026-03-02 10:00", "2026-03-02 18:00", "2026-03-03 09:00", "2026-03-05 09:00")
    known(visit, "2026-03-02 11:00")
    known(visit, "2026-03-09 11:00", "2026-03-10 08:00")
    answer = ask(retention.report)
    told = [[row[name] for name in ("day", "profiles", "back", "back_rate", "back_by_then")] for row in answer.rows]
    assert told == [
        [0, 3, 1, 1 / 3, None],
        [1, 2, 1, 1 / 2, 1 / 2],  # the third's day 1 is this day
        [2, 2, 0, 0.0, 1 / 2],
        [3, 2, 1, 1 / 2, 1 / 2],
        [7, 2, 0, 0.0, 1 / 2],
    ]
    assert answer.rows[1]["back_rate_low"] == pytest.approx(0.0945, abs=1e-4)
    assert answer.rows[1]["back_rate_high"] == pytest.approx(0.9055, abs=1e-4)
    assert "Day 14 and those after it are not over yet for any of them." in answer.notes


def test_strangers_are_in_no_retention_but_in_its_note(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-02 10:00")
    known(visit, "2026-03-02 10:00")
    answer = ask(retention.report)
    assert answer.rows[0]["profiles"] == 1
    assert answer.notes[0].startswith("Of 2 visitors, 1 agreed")


def test_who_was_there_before_the_range_is_not_new_in_it(ask: Asking, visit: Visiting) -> None:
    known(visit, "2026-01-02 10:00", "2026-03-02 10:00", "2026-03-03 10:00")
    assert ask(retention.report).rows == []


def test_filters_choose_by_the_first_visit_and_any_later_one_counts(ask: Asking, visit: Visiting) -> None:
    from_google = known(visit, "2026-03-02 10:00", "2026-03-03 10:00", referrer="www.google.com/")
    direct = known(visit, "2026-03-02 12:00")
    visit("2026-03-04 12:00", visitor=direct, referrer="www.google.com/")
    assert from_google != direct
    rows = ask(retention.report, filter="source:is:Google").rows
    assert [(row["profiles"], row["back"]) for row in rows[:3]] == [(1, 0), (1, 1), (1, 0)]


def test_after_a_range_that_is_over_they_may_still_come_back(ask: Asking, visit: Visiting) -> None:
    known(visit, "2026-03-02 10:00", "2026-03-09 10:00")
    rows = ask(retention.report, range="2026-03-01..2026-03-03").rows
    assert [(row["day"], row["back"]) for row in rows] == [(0, 0), (1, 0), (2, 0), (3, 0), (7, 1)]


def test_cohorts_stand_in_rows_and_what_is_not_over_is_left_out(ask: Asking, visit: Visiting) -> None:
    known(visit, "2026-02-17 10:00", "2026-02-24 10:00", "2026-03-03 10:00")  # a Tuesday
    known(visit, "2026-02-18 10:00", "2026-02-18 15:00")
    known(visit, "2026-02-25 10:00", "2026-03-08 10:00")
    answer = ask(cohorts.report)
    told = [[str(row["time"])[:10], row["profiles"], *(row[f"after_{n}"] for n in range(4))] for row in answer.rows]
    assert told == [
        ["2026-02-16", 2, 0.5, 0.5, None, None],  # the third week of the one who came on the 18th is not over
        ["2026-02-23", 1, 0.0, None, None, None],
    ]
    assert answer.notes[1] == "The columns are weeks after the first visit; what is not over is left out."


def test_of_a_short_range_cohorts_are_days(ask: Asking, visit: Visiting) -> None:
    known(visit, "2026-03-06 10:00", "2026-03-07 10:00")
    known(visit, "2026-03-07 10:00")
    rows = ask(cohorts.report, range="7d").rows
    assert [[str(row["time"])[:10], *(row[f"after_{n}"] for n in range(5))] for row in rows] == [
        ["2026-03-06", 0.0, 1.0, 0.0, 0.0, None],
        ["2026-03-07", 0.0, 0.0, 0.0, None, None],
    ]
