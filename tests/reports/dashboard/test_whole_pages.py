"""Every page in every state: whole, with its landmarks, and never more than a reader's own words in it."""

import pytest

from tests.kit.everypage import REPORT_PAGES
from tests.kit.pages import Person, read
from tests.kit.whole import assert_whole
from tracker.house import House
from tracker.sites import SiteInfo

SCOPES = (
    "",
    "?range=today",
    "?range=all",
    "?range=2026-01-01..2026-01-31&compare=year",
    "?range=7d&compare=weekday&bots=in&filter=path:is:/lamp&filter=device:is_not:mobile|tablet",
    "?filter=source:is:&filter=country:is:PL&limit=3&bots=only",
    "?measure=bounce_rate&range=yesterday&compare=none",
    "?measure=engaged_ms_per_visit&range=91d",
    "?from=2026-01-31&to=2026-02-01&bots=in",
)


OWN = (
    "",
    "tag",
    "first-event",
    "settings",
    "signals",
    "signals?silence=500",
    "heatmap",
    "examples",
    "flow",
    "visits",
    "live",
    "profiles",
    "profiles/conflicts",
    "audit",
    "goals",
    "goals/funnel",
    "alerts",
    "alerts/new",
    "schedules",
    "schedules/new",
    "shares",
    "webhooks",
    "other-trackers",
    "imports",
    "members",
    *REPORT_PAGES,
)


def pages(site: SiteInfo) -> list[str]:
    return ["/sites", "/sites/new", "/account", *(f"/sites/{site.key}/{page}" for page in OWN)]


def test_every_page_is_whole_before_the_first_event(house: House, owner: Person, shop: SiteInfo) -> None:
    for path in pages(shop):
        assert_whole(owner, path)
    empty = owner.get(f"/sites/{shop.key}/")
    assert "No footprints yet" in empty.text
    assert {f"/sites/{shop.key}/tag", f"/sites/{shop.key}/imports"} <= set(read(empty).hrefs())


def test_every_page_is_whole_with_data(owner: Person, busy_shop: SiteInfo) -> None:
    for path in pages(busy_shop):
        assert_whole(owner, path)


@pytest.mark.parametrize("scope", SCOPES)
def test_every_report_is_whole_in_every_scope(owner: Person, busy_shop: SiteInfo, scope: str) -> None:
    for page in ("", *REPORT_PAGES):
        assert_whole(owner, f"/sites/{busy_shop.key}/{page}{scope}")


def test_headers_keep_the_pages_to_themselves(owner: Person, shop: SiteInfo) -> None:
    for path in ("/sites", f"/sites/{shop.key}/", "/nowhere", "/livez"):
        headers = owner.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
    assert owner.get("/sites").headers["Cache-Control"] == "no-store"
