"""A site's days are those of its wall clock, in every zone and over every change of the clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import DateTime, column, select, text

from tests.kit.store import stored
from tracker.store.base import EventStore
from tracker.store.local import day_span, day_start, local_time, site_day

ZONES = [
    "UTC",
    "Europe/Warsaw",
    "America/New_York",
    "America/Santiago",  # skips midnight
    "America/Havana",  # has a midnight twice
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # half an hour
    "Africa/Casablanca",
    "Pacific/Apia",
    "Asia/Tehran",
]


@pytest.mark.parametrize("zone", ZONES)
def test_the_engine_finds_the_day_and_the_wall_clock_that_python_finds(store: EventStore, zone: str):
    info = ZoneInfo(zone)
    start, end = stored("2021-12-28 00:00"), stored("2023-01-05 00:00")
    at = column("at_time", DateTime)
    if store.name == "duckdb":
        times = (
            "(SELECT unnest(range(TIMESTAMP '2021-12-28', TIMESTAMP '2023-01-05', INTERVAL 30 MINUTES)) AS at_time) t"
        )
    else:
        times = (
            "(SELECT toDateTime64('2021-12-28 00:00:00', 3, 'UTC') + INTERVAL 30 * number MINUTE AS at_time "
            "FROM numbers(17904)) t"
        )
    rows = store.query(
        select(at, site_day(at, info, start, end), local_time(at, info, start, end)).select_from(text(times))
    ).rows
    assert len(rows) > 17_000
    for when, day, local in rows:
        assert day == day_start(when, info), when
        assert local == when + (when.replace(tzinfo=ZoneInfo("UTC")).astimezone(info).utcoffset() or timedelta()), when


@settings(max_examples=300, deadline=None)
@given(st.datetimes(stored("2000-01-01 00:00"), stored("2040-01-01 00:00")), st.sampled_from(ZONES))
def test_days_follow_each_other_without_gap(when: datetime, zone: str):
    info = ZoneInfo(zone)
    begin, end = day_span(when, info)
    assert begin <= when < end
    assert timedelta(hours=22) <= end - begin <= timedelta(hours=26)
    assert day_span(end, info)[0] == end
    assert day_span(begin - timedelta(seconds=1), info)[1] == begin
