"""An export holds what was asked for, and nothing beyond what the site may keep."""

from dataclasses import replace

from reports.bulk.exports import EXPORTS
from reports.query.ranges import parse_range
from tests.kit.ground import at
from tests.kit.store import Visiting
from tests.reports.bulk.conftest import Take
from tracker.sites import SiteInfo


def test_only_days_that_are_asked_for(take: Take, visit: Visiting, site: SiteInfo) -> None:
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        visit(f"{day} 22:30", [f"/{day}"])  # in the site's zone, half past eleven at night
        visit(f"{day} 23:30", [f"/after-{day}"])
    span = parse_range("2026-03-02..2026-03-02", site.tzinfo, at("2026-03-10 12:00"))
    assert [line["path"] for line in take("events", span=span)] == ["/after-2026-03-01", "/2026-03-02"]
    assert [line["entry"] for line in take("visits", span=span)] == ["/after-2026-03-01", "/2026-03-02"]
    assert len(take("profiles", span=span)) == 2


def test_nothing_beyond_the_sites_privacy_mode_leaves(take: Take, visit: Visiting, site: SiteInfo) -> None:
    visit("2026-03-01 10:00", ["/a"], login_id=99, consent=True)

    def kept(mode: str) -> tuple[bool, bool, int, int]:
        chosen = replace(site, privacy_mode=mode)
        [line], visits, profiles = (take(what, site=chosen) for what in ("events", "visits", "profiles"))
        return "visitor_id" in line, "login_id" in line, len(visits), len(profiles)

    assert kept("stitched") == (True, True, 1, 1)
    assert kept("consented") == (True, False, 1, 1)
    assert kept("cookieless") == (True, False, 1, 1)
    assert kept("count") == (False, False, 0, 0)


def test_a_lasting_id_of_before_ties_no_days_together_without_cookies(
    take: Take, visit: Visiting, site: SiteInfo
) -> None:
    lasting = visit("2026-03-01 10:00", ["/a"], consent=True)
    visit("2026-03-01 22:30", ["/a"], visitor=lasting)  # in the site's zone, half past eleven at night
    visit("2026-03-01 23:30", ["/a"], visitor=lasting)
    cookieless = replace(site, privacy_mode="cookieless")
    events, visits, profiles = (take(what, site=cookieless) for what in ("events", "visits", "profiles"))
    for rows in (events, visits):
        first, evening, next_day = (row["visitor_id"] for row in rows)
        assert first == evening != next_day
        assert str(lasting) not in (first, next_day)
    assert sorted(row["visits"] for row in profiles) == [1, 2]
    assert {row["profile_id"] for row in profiles} == {row["visitor_id"] for row in visits}
    other = replace(cookieless, identity_key=b"another")
    assert take("events", site=other)[0]["visitor_id"] != events[0]["visitor_id"]


def test_of_another_site_nothing_is_told(take: Take, visit: Visiting, site: SiteInfo) -> None:
    visit("2026-03-01 10:00", ["/a"])
    for what in EXPORTS:
        assert take(what)
        assert take(what, site=replace(site, id=site.id + 1)) == []
