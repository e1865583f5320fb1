"""The heatmap's numbers: clicks by element and place in it, scrolling and attention by twentieths of the page."""

from typing import Any

import pytest

from reports.heatmap import MOST_ELEMENTS, Heatmap, parse_path, parse_screen, read_heatmap
from reports.scope import parse_scope
from tests.kit.ground import at
from tests.kit.store import Visiting, click, dead, stay, worked
from tests.reports.conftest import NOW
from tracker.errors import InvalidInputError
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

LARGE, SMALL = (1280, 800), (390, 800)


@pytest.fixture
def read(store: EventStore, site: SiteInfo) -> Any:
    def reading(path: str = "/shop", screen: str = "all", **words: list[str]) -> Heatmap:
        found = read_heatmap(parse_scope(site, words, at(NOW)), path, screen, store)
        assert found.error is None
        return found

    return reading


def test_clicks_hang_on_elements_in_a_grid(read: Any, visit: Visiting) -> None:
    corner = {"offset_x": 0, "offset_y": 0, "page_x": 100, "page_y": 300}
    far = {"offset_x": 1000, "offset_y": 999, "page_x": 200, "page_y": 340}
    with visit.at_once():
        visit("2026-03-09 10:00", ["/shop"], [dead("#buy", **corner), worked("#buy", after_s=9, **corner)])
        visit("2026-03-09 11:00", ["/shop"], [worked("#buy", element_text="Buy", **far)])
        visit("2026-03-09 12:00", ["/shop"], [click("#bar", fixed=True, offset_x=500, offset_y=50)])
        visit("2026-03-09 13:00", ["/else"], [dead("#buy", **corner)])
    found = read()
    assert (found.views, found.clicks, found.elements_clicked) == (3, 4, 2)
    buy, bar = found.elements
    assert (buy.element, buy.text, buy.fixed, buy.clicks, buy.visitors, buy.dead) == ("#buy", "Buy", False, 3, 2, 1)
    cells = [(cell.x, cell.y, cell.clicks, cell.dead, cell.page_x, cell.page_y) for cell in buy.cells]
    assert cells == [(0, 0, 2, 1, 100, 300), (19, 19, 1, 0, 200, 340)]
    assert (bar.fixed, [(cell.x, cell.y) for cell in bar.cells]) == (True, [(10, 1)])


def test_clicks_whose_place_was_not_told_stand_in_the_middle(read: Any, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/shop"], [worked("#buy")])
    [buy] = read().elements
    assert [(cell.x, cell.y, cell.clicks) for cell in buy.cells] == [(10, 10, 1)]


def test_a_burst_stands_where_it_began(read: Any, visit: Visiting) -> None:
    angry = [dead("#buy", after_s=5 + n / 5, offset_x=110, offset_y=510) for n in range(4)]
    visit("2026-03-09 10:00", ["/shop"], angry)
    [buy] = read().elements
    assert (buy.rage, buy.clicks) == (1, 4)
    assert [(cell.x, cell.y, cell.rage) for cell in buy.cells] == [(2, 10, 1)]


def test_screens_are_told_apart(read: Any, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/shop"], [worked("#a")], viewport=LARGE)
    visit("2026-03-09 11:00", ["/shop", "/shop"], [worked("#b")], viewport=SMALL)
    assert [one.element for one in read(screen="large").elements] == ["#a"]
    small = read(screen="small")
    assert ([one.element for one in small.elements], small.views) == (["#b"], 2)
    assert read(screen="wide").views == 0
    assert read().clicks == 2


def test_clicks_on_the_page_itself_are_of_the_empty_element(read: Any, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/shop"], [click("", affordance="none", page_x=500, page_y=90)])
    [page] = read().elements
    assert (page.element, page.cells[0].page_y) == ("", 90)


def test_scrolling_is_the_share_of_views_that_saw_each_twentieth(read: Any, visit: Visiting) -> None:
    with visit.at_once():
        visit("2026-03-09 10:00", ["/shop"], also=[stay(5, [], scroll_permille=1000)])
        visit("2026-03-09 11:00", ["/shop"], also=[stay(5, [], scroll_permille=500), stay(9, [], scroll_permille=300)])
        visit("2026-03-09 12:00", ["/shop"], also=[stay(5, [], scroll_permille=51)])
        visit("2026-03-09 13:00", ["/shop"])
    found = read()
    assert (found.views, found.views_scrolled) == (4, 3)
    expected = [1.0, 1.0] + 8 * [2 / 3] + 10 * [1 / 3]
    assert found.scrolled == pytest.approx(expected)


def test_attention_is_the_mean_time_of_each_twentieth(read: Any, visit: Visiting) -> None:
    with visit.at_once():
        visit("2026-03-09 10:00", ["/shop"], also=[stay(5, [4000] * 10 + [0] * 10), stay(9, [1000] * 20)])
        visit("2026-03-09 11:00", ["/shop"], also=[stay(5, [1000] * 20)])
        visit("2026-03-09 12:00", ["/shop"], also=[stay(5, [])])
    found = read()
    assert found.views_attended == 2
    assert found.attention_ms == 10 * [3000] + 10 * [1000]


def test_nothing_is_nothing(read: Any) -> None:
    found = read()
    assert (found.views, found.clicks, found.elements, found.scrolled, found.attention_ms) == (0, 0, [], [], [])


def test_the_answer_is_bounded_and_says_what_it_leaves_out(read: Any, visit: Visiting) -> None:
    clicks = [worked(f"#e{n}", after_s=n / 4) for n in range(MOST_ELEMENTS + 20)]
    visit("2026-03-09 10:00", ["/shop"], clicks)
    found = read()
    assert (len(found.elements), found.elements_clicked) == (MOST_ELEMENTS, MOST_ELEMENTS + 20)
    assert found.clicks == MOST_ELEMENTS + 20


def test_filters_hold(read: Any, visit: Visiting) -> None:
    visit("2026-03-09 10:00", ["/shop"], [worked("#a")], country="PL")
    visit("2026-03-09 11:00", ["/shop"], [worked("#b")], country="DE")
    assert [one.element for one in read(filter=["country:is:PL"]).elements] == ["#a"]
    assert read(range=["2026-03-01..2026-03-08"]).views == 0


@pytest.mark.parametrize("path", ["", "shop", "/" + "x" * 3000, "/a\nb"])
def test_a_path_is_one(path: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_path(path)


def test_screens_have_names() -> None:
    assert [parse_screen(text) for text in ("", "all", "wide")] == ["all", "all", "wide"]
    with pytest.raises(InvalidInputError):
        parse_screen("huge")
