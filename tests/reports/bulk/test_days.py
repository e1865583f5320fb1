"""Files of days: one for each of the site's days with events, which settles once the day is closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from reports.bulk.days import day_file, find_days, is_closed, read_day, state_of
from tests.kit.ground import at
from tests.kit.store import Visiting
from tracker.settings import Settings
from tracker.sites import SiteInfo
from tracker.store.base import EventStore, Trace

DAY = date(2026, 3, 2)
Reading = Callable[[], list[str]]


@pytest.fixture
def paths(store: EventStore, site: SiteInfo, settings: Settings, tmp_path: Path) -> Reading:
    """Read the paths in the file of DAY."""

    def read() -> list[str]:
        settings.batch_folder.mkdir(exist_ok=True)
        file = tmp_path / "day.parquet"
        file.write_bytes(b"".join(day_file(store, site, DAY, settings.batch_folder)))
        found = duckdb.sql(f"SELECT path FROM read_parquet('{file}') ORDER BY occurred_at").fetchall()
        return [path for (path,) in found]

    return read


def test_each_event_is_in_the_file_of_its_own_day(
    store: EventStore, site: SiteInfo, visit: Visiting, paths: Reading
) -> None:
    visit("2026-03-01 22:59", ["/sunday"])
    visit("2026-03-01 23:00", ["/midnight", "/monday"])
    visit("2026-03-02 23:00", ["/tuesday"])
    now = at("2026-03-04 00:30")
    assert [(day.day.isoformat(), day.events, day.closed) for day in find_days(store, site, now)] == [
        ("2026-03-01", 1, True),
        ("2026-03-02", 2, True),
        ("2026-03-03", 1, False),
    ]
    assert paths() == ["/midnight", "/monday"]
    assert find_days(store, replace(site, id=site.id + 1), now) == []


def test_a_day_is_closed_when_no_beacon_can_add_to_it(site: SiteInfo) -> None:
    assert not is_closed(site, DAY, at("2026-03-03 23:59"))
    assert is_closed(site, DAY, at("2026-03-04 00:01"))


def test_a_file_is_another_when_an_event_comes_or_goes(
    store: EventStore, site: SiteInfo, visit: Visiting, paths: Reading
) -> None:
    visitor = visit("2026-03-02 10:00", ["/a"])
    visit("2026-03-02 11:00", ["/b"])
    states = [state_of(store, site, DAY)]
    visit("2026-03-03 10:00", ["/elsewhere"])
    assert state_of(store, site, DAY) == states[0]
    visit("2026-03-02 12:00", ["/late"])
    states.append(state_of(store, site, DAY))
    assert paths() == ["/a", "/b", "/late"]
    forever = at("2000-01-01").replace(tzinfo=None), at("2100-01-01").replace(tzinfo=None)
    store.erase_traces(site.id, site.tzinfo, [Trace(visitor or 0, *forever)])
    states.append(state_of(store, site, DAY))
    assert paths() == ["/b", "/late"]
    states += [state_of(store, replace(site, privacy_mode="count"), DAY), state_of(store, site, date(2026, 3, 1))]
    assert len(set(states)) == len(states)


def test_days_as_they_are_written() -> None:
    assert read_day("2026-03-02") == DAY
    for text in ("2026-3-2", "20260302", "2026-02-30", "yesterday", "1900-01-01", "", "2026-W10-1"):
        assert read_day(text) is None
