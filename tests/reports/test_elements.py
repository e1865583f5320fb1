"""Elements: one row an element of a page, with how it serves those who click it."""

from reports import elements
from tests.kit.store import Visiting, click, dead, failed, slow, worked
from tests.reports.conftest import Asking


def test_one_page_by_hand(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/shop"], [dead("#buy", element_text="Buy"), worked("#buy", after_s=15)])
    visit("2026-03-09 10:00", ["/shop"], [slow("#buy"), failed("#buy", after_s=20), worked("#menu", after_s=30)])
    visit("2026-03-09 11:00", ["/other"], [click("#film", exempt="video")])
    rows = {(row["path"], row["element"]): row for row in ask(elements.report).rows}
    assert rows["/shop", "#buy"] == {
        "path": "/shop",
        "element": "#buy",
        "element_text": "Buy",
        "exempt": None,
        "clicks": 4,
        "share_of_clicks": 0.8,
        "visitors": 2,
        "dead": 1,
        "rage": 0,
        "slow": 1,
        "error": 1,
    }
    assert rows["/shop", "#menu"]["share_of_clicks"] == 0.2
    assert (rows["/other", "#film"]["exempt"], rows["/other", "#film"]["dead"]) == ("video", 0)
    assert [row["element"] for row in ask(elements.report).rows] == ["#buy", "#film", "#menu"]


def test_a_burst_of_angry_clicks_is_one(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/shop"], [dead("#buy", after_s=5 + n / 5) for n in range(5)])
    [row] = ask(elements.report).rows
    assert (row["clicks"], row["rage"]) == (5, 1)


def test_what_hurts_most_can_come_first(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/"], [worked("#a"), worked("#a", after_s=9), dead("#b", after_s=20)])
    assert [row["element"] for row in ask(elements.ranked("dead")).rows] == ["#b", "#a"]


def test_a_filter_on_the_page_narrows_rage_too(ask: Asking, visit: Visiting) -> None:
    angry = [dead("#buy", after_s=5 + n / 5) for n in range(5)]
    visit("2026-03-09 10:00", ["/a"], angry)
    visit("2026-03-09 11:00", ["/b"], [worked("#buy")])
    [row] = ask(elements.report, filter=["path:is:/b"]).rows
    assert (row["clicks"], row["rage"]) == (1, 0)
