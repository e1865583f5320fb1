"""Every page has pictures of its own, and every picture a page."""

from tests.pictures.names import by_name, of_no_page
from tracker.sites import SiteInfo


def test_no_two_pages_have_one_picture(site: SiteInfo) -> None:
    of_site = [f"/sites/{site.key}/", f"/sites/{site.key}/reports/pages?filter=device:is:desktop"]
    shared = ["/share/Ab-1/", "/share/Cd-2/", "/share/Ab-1/reports/struggles"]
    named = by_name([*of_site, *shared], site)
    assert list(named) == ["overview", "reports-pages", "share", "share-2", "share-reports-struggles"]
    assert list(named.values()) == [*of_site, *shared]


def test_a_picture_of_a_page_that_is_gone_is_found() -> None:
    files = ["live.dark.webp", "live.rtl.webp", "old.dark.webp", "live.watch.webp"]
    assert of_no_page(files, ["live", "flow"]) == ["live.watch.webp", "old.dark.webp"]
