"""Who is there now, and what went wrong for them."""

import re

from tests.kit.pages import Person, dead_click, load, visit_of
from tracker.house import House
from tracker.sites import SiteInfo


def test_the_live_view_tells_who_is_there_and_what_went_wrong(house: House, owner: Person, shop: SiteInfo) -> None:
    assert "Nothing in the last half hour" in owner.text(f"/sites/{shop.key}/live")
    events = (
        {"url": "https://shop.example/<b>"},
        dead_click("main>button", "Buy <i>now</i>", url="https://shop.example/<b>"),
    )
    load(house, visit_of(shop, *events))
    page = owner.text(f"/sites/{shop.key}/live")
    assert re.search(r"<strong>1</strong>\s+visitor in the last five minutes", page)
    assert "“Buy &lt;i&gt;now&lt;/i&gt;” button</bdi> on" in page
    assert "Dead click</span>" in page
    assert "1 visitor now" in owner.text(f"/sites/{shop.key}/")
    answered = owner.get(f"/api/v1/sites/{shop.key}/live").json
    assert (answered["visitors"], answered["happened"][0]["signal"]) == (1, "dead")
