"""What was searched for on the site."""

import pytest
from playwright.sync_api import Page

from tests.kit.browser import Web
from tests.snippet.further import leave, told, untold, visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("query", "body", "properties"),
    [
        ("?q=green+tea&page=2", "", {"query": "green tea"}),
        ("?szukaj=herbata%20zielona", "<p data-footfall-results=12></p>", {"query": "herbata zielona", "results": 12}),
        ("?s=tea", "<p data-footfall-results>Found 1,204 teas of 9</p>", {"query": "tea", "results": 1204}),
        ("?q=ufo", "<p data-footfall-results>0 found</p>", {"query": "ufo", "results": 0}),
        ("?q=jo@example.org+4111111111111111", "", {"query": ":id :id"}),
        ("?q=" + "ab+" * 40, "", {"query": ("ab " * 40)[:64].strip()}),
    ],
)
def test_a_search_is_read_from_the_address(
    web: Web, page: Page, query: str, body: str, properties: dict[str, object]
) -> None:
    visit(web, page, body, "/", query)
    leave(page)
    [search] = told(web, "search")
    assert {**search["properties"], "query": search["properties"]["query"].strip()} == properties
    assert search["url"] == web.url + "/"


def test_results_that_come_late_are_waited_for_in_every_view(web: Web, page: Page) -> None:
    visit(web, page, "<p id=found></p>")
    page.evaluate(
        """() => { history.pushState(0, 0, '/?q=first')
        setTimeout(() => history.pushState(0, 0, '/?q=second'), 500)
        setTimeout(() => { found.setAttribute('data-footfall-results', 7) }, 3000) }"""
    )
    first, second = told(web, "search", 2)
    assert first["properties"] == {"query": "first"}
    assert second["properties"] == {"query": "second", "results": 7}
    leave(page)


@pytest.mark.parametrize(("names", "queries"), [("", []), ("find, seek", ["b"])])
def test_the_tag_names_the_parameters(web: Web, page: Page, names: str, queries: list[str]) -> None:
    web.tag = web.tag and web.tag.replace("data-site", f'data-search="{names}" data-site')
    visit(web, page, "", "/", "?q=a&seek=b")
    leave(page)
    web.wait(lambda: web.events("engagement"))
    assert [search["properties"]["query"] for search in web.events("search")] == queries


def test_a_search_can_be_told_by_hand(web: Web, page: Page) -> None:
    visit(web, page, "")
    page.evaluate("footfall('search', { query: 'tea', results: 3 })")
    leave(page)
    assert told(web, "search")[0]["properties"] == {"query": "tea", "results": 3}


def test_nothing_is_searched_for_elsewhere(web: Web, page: Page) -> None:
    visit(web, page, "", "/", "?page=2&utm_source=a")
    leave(page)
    assert untold(web, "search")
