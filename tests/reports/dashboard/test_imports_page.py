"""The page that lists imports, and what the other pages tell once there is one."""

from datetime import date
from html import unescape

import pytest

from tests.kit.pages import Person, member
from tracker.house import House
from tracker.imports.book import ImportInfo, WantedImport, keep
from tracker.imports.counts import Count, Numbers
from tracker.sites import SiteInfo

DAY = date(2026, 2, 9)
RANGE = "range=2026-02-08..2026-02-10"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def imported(house: House, shop: SiteInfo) -> ImportInfo:
    """A day of Plausible's, with a source that is hostile."""
    counts = [
        Count("days", DAY, "", Numbers(visitors=6, visits=8, views=9, bounces=2)),
        Count("sources", DAY, HOSTILE, Numbers(visits=5)),
        Count("sources", DAY, "", Numbers(visits=3)),
        Count("countries", DAY, "PL", Numbers(visits=8)),
    ]
    made = keep(house.database, shop.id, WantedImport("plausible", f"{HOSTILE}.zip", "ann@example.org"), counts)
    house.sites.forget()
    return made


def test_a_site_without_imports_is_told_how_to_take_one_in(owner: Person, shop: SiteInfo) -> None:
    page = owner.text(f"/sites/{shop.key}/imports")
    assert f"footfall import plausible export.zip --site {shop.key}" in page
    assert "Nothing was imported" in owner.text(f"/sites/{shop.key}/reports/imported")
    assert "/reports/imported" not in owner.text(f"/sites/{shop.key}/")


def test_an_import_is_listed_and_removed(owner: Person, shop: SiteInfo, imported: ImportInfo) -> None:
    address = f"/sites/{shop.key}/imports"
    page = owner.text(address)
    assert "4 counts of 9 Feb 2026." in page
    assert HOSTILE not in page
    assert HOSTILE in unescape(page)
    gone = owner.send(address, {"number": str(imported.number)}, follow_redirects=True).text
    assert "What Plausible counted is removed." in gone
    assert "4 counts" not in gone
    again = owner.send(address, {"number": str(imported.number)}, follow_redirects=True)
    assert "That was removed already." in again.text
    told = owner.text(f"/sites/{shop.key}/audit")
    assert "removed what another product counted" in told


def test_only_who_may_change_a_site_sees_its_imports(
    house: House, owner: Person, app, shop: SiteInfo, imported: ImportInfo
) -> None:
    viewer = member(house, app, shop, "viewer")
    assert viewer.get(f"/sites/{shop.key}/imports").status_code in {403, 404}
    assert viewer.send(f"/sites/{shop.key}/imports", {"number": str(imported.number)}).status_code in {403, 404}
    assert "4 counts" in owner.text(f"/sites/{shop.key}/imports")


def test_the_overview_draws_it_apart_and_says_so(owner: Person, shop: SiteInfo, imported: ImportInfo) -> None:
    page = owner.text(f"/sites/{shop.key}/?{RANGE}")
    assert "Counted by Plausible" in page
    assert 'class="imported"' in page
    assert "What was counted before Footfall, as a table" in page
    assert "Up to 9 Feb 2026, Plausible counted: that is told apart, and in no total." in page


def test_its_report_names_things_as_ours_do_and_leads_from_kind_to_kind(
    owner: Person, shop: SiteInfo, imported: ImportInfo
) -> None:
    address = f"/sites/{shop.key}/reports/imported?{RANGE}"
    assert "9 Feb 2026" in owner.text(address)
    sources = owner.text(f"{address}&imported=sources")
    assert "Direct or unknown" in sources
    assert HOSTILE not in sources
    assert HOSTILE in unescape(sources)
    countries = owner.text(f"{address}&imported=countries")
    assert "Poland" in countries
    assert "imported=sources" in unescape(countries)
    assert owner.get(f"{address}&imported=colours").status_code == 400


def test_an_answer_that_was_kept_is_told_anew_once_something_was_imported(
    owner: Person, shop: SiteInfo, house: House
) -> None:
    address = f"/api/v1/sites/{shop.key}/reports/overview?{RANGE}"
    before = owner.get(address)
    assert before.json["imported"] == []
    keep(house.database, shop.id, WantedImport("ga4", "a", "b"), [Count("days", DAY, "", Numbers(visits=8))])
    house.sites.forget()
    after = owner.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert [row["visits"] for row in after.json["imported"]] == [8]
