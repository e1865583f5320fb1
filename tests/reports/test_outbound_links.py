"""Outbound links and downloads, counted by address."""

from reports import outbound_links
from tests.kit.store import Visiting, link
from tests.reports.conftest import Asking


def test_addresses_by_hand(ask: Asking, visit: Visiting) -> None:
    guide = "shop.example/guide.pdf"
    once = {"element_text": "Elsewhere", "clicks": 1, "visitors": 1, "pages": 1}
    visit("2026-03-08 10:00", ["/", "/a"], also=[link(), link(after_s=9), link(view=1), link(guide, download=True)])
    visit("2026-03-09 10:00", ["/a"], also=[link(), link(guide, after_s=7)])
    answer = ask(outbound_links.report)
    assert answer.rows == [
        {
            "href": "other.example/page",
            "what": "link",
            "element_text": "Elsewhere",
            "clicks": 4,
            "visitors": 2,
            "pages": 2,
            "path": "/",
        },
        {"href": guide, "what": "download", **once, "path": "/"},
        {"href": guide, "what": "link", **once, "path": "/a"},
    ]
    assert answer.totals == {"clicks": 6, "visitors": 2}


def test_of_equally_frequent_pages_the_first_by_name_stands(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/b", "/a"], also=[link(), link(view=1)])
    [row] = ask(outbound_links.report).rows
    assert (row["pages"], row["path"]) == (2, "/a")


def test_links_are_chosen_by_page_and_by_element(ask: Asking, visit: Visiting) -> None:
    visit("2026-03-08 10:00", ["/a", "/b"], also=[link(element="a.one"), link("elsewhere.example/", view=1)])

    def found(chosen: str) -> set[object]:
        return {row["href"] for row in ask(outbound_links.report, filter=[chosen]).rows}

    assert found("path:is:/a") == found("element:is:a.one") == {"other.example/page"}
    assert (
        found("element_text:contains:else")
        == found("device:is:desktop")
        == {"other.example/page", "elsewhere.example/"}
    )
