"""Profiles are summed up from all events of who is held together."""

from dataclasses import replace

import pytest

from reports.bulk.room import NoRoomError, room
from reports.bulk.taking import lines, taking
from tests.kit.store import Visiting
from tests.reports.bulk.conftest import Take
from tracker.sites import SiteInfo
from tracker.store.duckdb import DuckStore


def test_a_profile_is_who_is_held_together(take: Take, visit: Visiting, site: SiteInfo) -> None:
    one = visit("2026-03-01 10:00", ["/a"])
    other = visit("2026-03-02 10:00", ["/a", "/b"])
    visit("2026-03-02 11:00")
    visit.tie(17, one, other)
    found = {line["profile_id"]: line for line in take("profiles")}
    assert len(found) == 2
    assert (found["17"]["visitors"], found["17"]["visits"], found["17"]["views"]) == (2, 2, 3)
    assert found["17"]["first_seen_at"] < found["17"]["last_seen_at"]
    assert len(take("profiles", site=replace(site, privacy_mode="cookieless"))) == 3


def test_profiles_are_summed_up_where_there_is_room(duckdb_store: DuckStore, site: SiteInfo) -> None:
    with room(), room():
        assert taking(duckdb_store, site, "profiles")
        for words in ({"limit": 3}, {}):
            with pytest.raises(NoRoomError):
                lines(duckdb_store, taking(duckdb_store, site, "profiles", **words))
