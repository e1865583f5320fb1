"""Time to stitch: how long until a second name of a profile appeared, by hand."""

from reports import time_to_stitch
from tests.kit.store import PHONE, Visiting
from tests.reports.conftest import Asking

HOUR_MS = 3_600_000


def test_signing_in_and_another_device_by_hand(ask: Asking, visit: Visiting) -> None:
    laptop = visit("2026-03-02 10:00")
    visit("2026-03-02 12:00", visitor=laptop, login_id=7, consent="stitched")
    phone = visit("2026-03-04 10:00", user_agent=PHONE, login_id=7, consent="stitched")
    visit.tie(laptop or 0, laptop, phone)
    alone = visit("2026-03-09 20:00")
    visit.tie(alone or 0, alone)
    rows = {row["way"]: row for row in ask(time_to_stitch.report).rows}
    signed_in, other = rows["Signed in"], rows["Another device or browser"]
    assert (signed_in["profiles"], signed_in["joined"], signed_in["joined_rate"]) == (2, 1, 0.5)
    assert signed_in["median_ms"] == signed_in["p90_ms"] == 2 * HOUR_MS
    assert (signed_in["within_visit"], signed_in["within_day"], signed_in["within_week"]) == (0.0, 1.0, 1.0)
    assert (other["median_ms"], other["within_day"], other["within_week"]) == (48 * HOUR_MS, 0.0, 1.0)
    assert (rows["Any of these"]["joined"], rows["Any of these"]["median_ms"]) == (1, 2 * HOUR_MS)
    same = rows["The same kind of browser"]
    assert (same["joined"], same["median_ms"], same["within_week"]) == (0, None, 0.0)


def test_who_agreed_during_the_first_visit_is_joined_within_it(ask: Asking, visit: Visiting) -> None:
    before = visit("2026-03-02 10:00")
    after = visit("2026-03-02 10:05")
    visit.tie(before or 0, before, after)
    rows = {row["way"]: row for row in ask(time_to_stitch.report).rows}
    same = rows["The same kind of browser"]
    assert (same["joined"], same["within_visit"], same["median_ms"]) == (1, 1.0, 5 * 60_000)
    assert rows["Another device or browser"]["joined"] == 0


def test_strangers_are_only_in_the_note(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-02 10:00")
    answer = ask(time_to_stitch.report)
    assert answer.rows == []
    assert answer.notes == ["Of 1 visitors, 0 agreed to be known longer than a day; the others count as new each day."]
