"""New and returning: by hand, for those who are known and those who are strangers every day."""

import pytest

from reports import new_and_returning
from tests.kit.store import PHONE, Visiting, dead
from tests.reports.conftest import Asking


def by_day(ask: Asking, *names: str, **words: str) -> dict[str, list[object]]:
    """Return some numbers of the days that have any visit."""
    rows = ask(new_and_returning.report, **words).rows
    return {str(row["time"])[:10]: [row[name] for name in names] for row in rows if row["visits"]}


def test_who_comes_back_is_new_once_and_returning_from_then_on(ask: Asking, visit: Visiting) -> None:
    anna = visit("2026-03-02 10:00")
    visit("2026-03-02 15:00", visitor=anna)
    visit("2026-03-04 10:00", visitor=anna)
    visit.tie(anna or 0, anna)
    visit("2026-03-04 11:00")
    assert by_day(ask, "profiles", "new", "came_back", "came_back_rate", "known") == {
        "2026-03-02": [1, 1, 0, 0.0, 1],
        "2026-03-04": [2, 1, 1, 0.5, 1],
    }
    answer = ask(new_and_returning.report)
    assert answer.totals == {
        "profiles": 2,
        "visits": 4,
        "struggles_per_profile": 0.0,
        "new": 2,
        "came_back": 1,  # new in the range, and back in it
        "came_back_rate": 0.5,
        "known": 1,
        "signed_in_rate": 0.0,
    }
    assert answer.notes == ["Of 2 visitors, 1 agreed to be known longer than a day; the others count as new each day."]


def test_two_browsers_of_one_person_are_one_profile(ask: Asking, visit: Visiting) -> None:
    laptop, phone = visit("2026-03-02 10:00"), visit("2026-03-03 10:00", user_agent=PHONE)
    assert by_day(ask, "new", "came_back") == {"2026-03-02": [1, 0], "2026-03-03": [1, 0]}
    visit.tie(laptop or 0, laptop, phone)
    assert by_day(ask, "new", "came_back") == {"2026-03-02": [1, 0], "2026-03-03": [0, 1]}


def test_a_shared_device_is_of_whom_it_was_at_the_time(ask: Asking, visit: Visiting) -> None:
    shared = visit("2026-03-02 10:00")
    visit("2026-03-03 10:00", visitor=shared)
    visit.tie(501, shared, until="2026-03-03 00:00")
    visit.tie(502, shared, since="2026-03-03 00:00")
    assert by_day(ask, "new", "came_back") == {"2026-03-02": [1, 0], "2026-03-03": [1, 0]}


def test_who_came_before_the_range_is_returning_whatever_is_filtered_by(ask: Asking, visit: Visiting) -> None:
    anna = visit("2026-01-02 10:00", ["/"])
    visit("2026-03-04 10:00", ["/shop"], visitor=anna)
    assert by_day(ask, "new", "came_back", "known") == {"2026-03-04": [0, 1, 1]}
    assert by_day(ask, "new", "came_back", filter="path:is:/shop") == {"2026-03-04": [0, 1]}


def test_a_long_range_is_told_by_weeks_from_monday_on(ask: Asking, visit: Visiting) -> None:
    anna = visit("2026-03-02 10:00")
    visit("2026-03-08 22:30", visitor=anna)  # Sunday night in Warsaw
    visit("2026-03-08 23:30", visitor=anna)  # Monday already
    visit.tie(anna or 0, anna)
    assert by_day(ask, "profiles", "new", "visits", range="91d") == {"2026-03-02": [1, 1, 2], "2026-03-09": [1, 0, 1]}


def test_struggles_and_sign_ins_are_told_for_each_profile(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-02 10:00", clicks=[dead("#a", after_s=1), dead("#b", after_s=9)], login_id=7, consent="stitched")
    visit("2026-03-02 11:00", clicks=[dead("#a")])
    totals = ask(new_and_returning.report).totals
    assert totals is not None
    assert totals["struggles_per_profile"] == pytest.approx(3 / 2)
    assert totals["signed_in_rate"] == 0.5
