"""A shop that was visited."""

import pytest

from tests.kit.pages import dead_click, load, visit_of
from tracker.house import House
from tracker.sites import SiteInfo


@pytest.fixture
def busy_shop(house: House, shop: SiteInfo) -> SiteInfo:
    """The shop, and a dead click on its lamp, who came from a search engine, and who is only counted."""
    lamp = f"https://{shop.hosts[0]}/lamp"
    load(
        house,
        visit_of(shop, {}, {"url": lamp}, dead_click("main>button", "Buy now", url=lamp), country="PL"),
        visit_of(shop, {"referrer": "duckduckgo.com/"}, {"kind": "engagement", "engaged_ms": 4000}),
        visit_of(shop, {}, visitor_id=None),
    )
    return shop
