"""When reports are due: at the same hour of the clock all year, of periods that follow each other without a hole."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.ground import at
from tracker.schedules.rhythm import EVERY, Rhythm, last_due, next_due

ZONES = [
    "UTC", "Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca",
    "America/Santiago", "Pacific/Apia", "Pacific/Kiritimati",
]  # fmt: skip
rhythms = st.builds(
    lambda every, weekday, hour, zone, days_in: Rhythm(
        every, weekday if every == "week" else None, hour, ZoneInfo(zone), ZoneInfo(days_in)
    ),
    st.sampled_from(EVERY),
    st.integers(0, 6),
    st.integers(0, 23),
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
)
moments = st.integers(1_330_000_000, 1_940_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(rhythms, moments)
def test_now_lies_between_the_last_and_the_next(rhythm: Rhythm, now: datetime) -> None:
    before, after = last_due(rhythm, now), next_due(rhythm, now)
    assert before.at <= now < after.at
    assert next_due(rhythm, before.at) == after
    assert last_due(rhythm, after.at) == after
    assert last_due(rhythm, after.at - timedelta(microseconds=1)) == before


@given(rhythms, moments)
def test_periods_follow_each_other_and_are_over_when_they_are_due(rhythm: Rhythm, now: datetime) -> None:
    before, after = last_due(rhythm, now), next_due(rhythm, now)
    assert after.first_day == before.last_day + timedelta(days=1)
    assert before.first_day <= before.last_day < before.at.astimezone(rhythm.days_in).date()


@given(rhythms, moments)
def test_the_clock_there_shows_the_hour_or_has_just_left_it_out(rhythm: Rhythm, now: datetime) -> None:
    local = next_due(rhythm, now).at.astimezone(rhythm.zone)
    if local.hour != rhythm.hour:
        hour = timedelta(hours=1)
        assert local.utcoffset() != (local - hour).astimezone(UTC).astimezone(rhythm.zone).utcoffset() or (
            (local - 2 * hour).astimezone(rhythm.zone).utcoffset() != local.utcoffset()
        )


HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-28 12:00", "2026-03-28 07:00"),  # winter: +2
        ("2026-03-29 12:00", "2026-03-29 06:00"),  # the night's change: +3
        ("2026-10-24 12:00", "2026-10-24 06:00"),
        ("2026-10-25 12:00", "2026-10-25 07:00"),
    ],
)
def test_nine_stays_nine_when_the_clocks_change(now: str, due: str) -> None:
    assert last_due(Rhythm("day", None, 9, HELSINKI, HELSINKI), at(now)).at == at(due)


def test_an_hour_that_is_left_out_comes_after_it_and_one_that_is_twice_comes_once() -> None:
    at_three = Rhythm("day", None, 3, HELSINKI, HELSINKI)
    assert last_due(at_three, at("2026-03-29 12:00")).at == at("2026-03-29 01:00")  # 04:00 there
    assert last_due(at_three, at("2026-10-25 12:00")).at == at("2026-10-25 00:00")  # the first 03:00
    assert next_due(at_three, at("2026-10-25 00:30")).at == at("2026-10-26 01:00")


@pytest.mark.parametrize(
    ("rhythm", "days"),
    [
        (Rhythm("day", None, 9, HELSINKI, HELSINKI), "2028-02-29..2028-02-29"),
        (Rhythm("week", 2, 9, HELSINKI, HELSINKI), "2028-02-23..2028-02-29"),
        (Rhythm("month", None, 9, HELSINKI, HELSINKI), "2028-02-01..2028-02-29"),
        (Rhythm("quarter", None, 9, HELSINKI, HELSINKI), "2027-10-01..2027-12-31"),
    ],
)
def test_the_days_that_a_report_is_about(rhythm: Rhythm, days: str) -> None:
    assert last_due(rhythm, at("2028-03-01 12:00")).range == days


def test_a_day_that_still_goes_on_where_the_site_is_has_its_turn_the_next_time() -> None:
    early = Rhythm("day", None, 0, ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Los_Angeles"))
    due = last_due(early, at("2026-06-15 13:00"))
    assert (due.at, due.range) == (at("2026-06-15 12:00"), "2026-06-14..2026-06-14")  # 05:00 of the 15th there
