"""From which day on a site keeps what it has."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.kit.ground import at
from tests.kit.store import stored
from tracker.errors import InvalidInputError
from tracker.retention import MONTHS, kept_from, period_in_words, retention_of
from tracker.sites import SiteInfo


def test_days_are_the_sites_own_and_today_is_one_of_them(site: SiteInfo) -> None:
    for days, now, first in (
        (1, "2026-03-10 12:00", "2026-03-09 23:00"),
        (2, "2026-03-10 12:00", "2026-03-08 23:00"),
        (2, "2026-03-10 23:30", "2026-03-09 23:00"),  # in Warsaw the next day has begun
        (10, "2026-04-02 12:00", "2026-03-23 23:00"),  # the clocks went forward in between
        (4, "2026-04-02 12:00", "2026-03-29 22:00"),
    ):
        assert kept_from(replace(site, retention_days=days), at(now)) == stored(first)
    assert kept_from(site, at("2026-03-10 12:00")) is None


@pytest.mark.parametrize(("months", "days"), MONTHS.items())
def test_months_are_never_longer_than_in_the_calendar(months: int, days: int) -> None:
    spans = []
    for offset in range(365 * 4):
        begin = date(2025, 1, 1) + timedelta(days=offset)
        if begin.day > 28:
            continue
        later = begin.month - 1 + months
        spans.append((begin.replace(year=begin.year + later // 12, month=later % 12 + 1) - begin).days)
    assert days == min(spans)


def test_a_choice_is_a_number_of_days_or_for_ever() -> None:
    assert retention_of("ever") is None
    assert retention_of("758") == 758
    assert retention_of("days", " 30 ") == 30
    for wrong in (("days", "0"), ("days", ""), ("days", "-3"), ("days", "4000"), ("days", "३"), ("x", ""), ("", "9")):
        with pytest.raises(InvalidInputError, match="retention"):
            retention_of(*wrong)


def test_periods_are_said_in_words() -> None:
    said = [period_in_words(days) for days in (None, 89, 181, 393, 758, 1, 30, 1000)]
    assert said == ["without end", "3 months", "6 months", "13 months", "25 months", "1 day", "30 days", "1,000 days"]


def test_nothing_kept_is_ever_older_than_was_said(site: SiteInfo) -> None:
    for hour in range(0, 24 * 400, 7):
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
        first = kept_from(replace(site, retention_days=30), now)
        assert first
        assert now.replace(tzinfo=None) - first <= timedelta(days=30, hours=1)  # a day at the turn of the clock has 25
