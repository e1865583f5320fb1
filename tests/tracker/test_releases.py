"""Marking releases: names and times that can be, once each."""

import pytest

from tests.kit.ground import at
from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.releases import mark_release, read_moment
from tracker.sites import SiteBook, SiteInfo


def test_a_release_is_known_to_the_site_in_the_order_of_time(
    database: Database, site: SiteInfo, sites: SiteBook
) -> None:
    with database.session() as session:
        assert mark_release(session, site.id, " v2 ")[1]
        assert mark_release(session, site.id, "v1", at("2026-03-01 10:00"))[1]
    found = sites.by_key(site.key)
    assert found is not None
    assert [release.name for release in found.releases] == ["v1", "v2"]
    assert found.releases[0].at == at("2026-03-01 10:00")
    assert abs((found.releases[1].at - utc_now()).total_seconds()) < 60


def test_marking_again_keeps_the_time_unless_another_is_told(database: Database, site: SiteInfo) -> None:
    first, other = at("2026-03-01 10:00"), at("2026-03-02 10:00")
    with database.session() as session:
        mark_release(session, site.id, "v1", first)
        assert mark_release(session, site.id, "v1") == (("v1", first), False)
        assert mark_release(session, site.id, "v1", other) == (("v1", other), False)


@pytest.mark.parametrize("name", ["", "  ", "a" * 65, "a\nb", "a\0"])
def test_names_that_cannot_be(name: str, database: Database, site: SiteInfo) -> None:
    with database.session() as session, pytest.raises(InvalidInputError, match="name"):
        mark_release(session, site.id, name)


def test_a_release_cannot_be_of_the_future(database: Database, site: SiteInfo) -> None:
    with database.session() as session, pytest.raises(InvalidInputError, match="future"):
        mark_release(session, site.id, "v9", at("2096-01-01 00:00"))


@pytest.mark.parametrize("text", ["", "soon", "2026-03-01", "2026-03-01T10:00", "2026-13-01T10:00Z", "9" * 1000])
def test_times_that_cannot_be(text: str) -> None:
    with pytest.raises(InvalidInputError, match="at"):
        read_moment(text)


def test_times_with_an_offset() -> None:
    assert read_moment("2026-03-01T11:00:00+01:00") == read_moment("2026-03-01T10:00:00Z") == at("2026-03-01 10:00")
