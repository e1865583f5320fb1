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
    assert (rows["Either of these"]["joined"], rows["Either of these"]["median_ms"]) == (1, 2 * HOUR_MS)


def test_a_device_joined_without_signing_in_on_it_is_known_from_its_first_visit(ask: Asking, visit: Visiting) -> None:
    laptop, phone = visit("2026-03-02 10:00"), visit("2026-03-03 10:00", user_agent=PHONE)
    visit.tie(laptop or 0, laptop, phone)
    rows = {row["way"]: row for row in ask(time_to_stitch.report).rows}
    assert (rows["Another device or browser"]["median_ms"], rows["Signed in"]["joined"]) == (24 * HOUR_MS, 0)


def test_a_device_that_signs_in_later_is_known_from_then_on(ask: Asking, visit: Visiting) -> None:
    laptop = visit("2026-03-02 10:00", login_id=7, consent="stitched")
    phone = visit("2026-03-03 10:00", user_agent=PHONE)
    visit("2026-03-05 10:00", user_agent=PHONE, visitor=phone, login_id=7, consent="stitched")
    visit.tie(laptop or 0, laptop, phone)
    rows = {row["way"]: row for row in ask(time_to_stitch.report).rows}
    assert rows["Another device or browser"]["median_ms"] == 72 * HOUR_MS
    assert rows["Either of these"]["within_visit"] == 1.0


def test_a_browser_that_agreed_joins_its_own_hash_and_that_is_not_counted(ask: Asking, visit: Visiting) -> None:
    daily, agreed = visit("2026-03-02 10:00"), visit("2026-03-05 10:00")
    visit.tie(daily or 0, daily, agreed)
    rows = {row["way"]: row for row in ask(time_to_stitch.report).rows}
    assert [rows[way]["joined"] for way in ("Either of these", "Signed in", "Another device or browser")] == [0, 0, 0]


def test_strangers_are_only_in_the_note(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-02 10:00")
    answer = ask(time_to_stitch.report)
    assert answer.rows == []
    assert answer.notes == ["Of 1 visitor, 0 agreed to be known longer than a day; the others count as new each day."]
