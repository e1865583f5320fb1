"""The pixel: one view a request, the page told by `url` or by Referer."""

from urllib.parse import urlencode

import pytest

from tests.kit.collect import Knock, footprints
from tests.kit.entrance import Entrance
from tracker.sites import SiteInfo

PAGE = "https://shop.example/basket"


def ask(knock: Knock, referer: str | None = None, **query: str) -> tuple[int, str | None]:
    headers = {"Referer": referer} if referer else {}
    reply = knock("GET", f"/pixel.gif?{urlencode(query)}", headers=headers)
    assert reply.headers["content-type"] == "image/gif"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.body.startswith(b"GIF89a")
    return reply.status, reply.headers.get("x-footfall-reason")


def test_a_view_is_kept(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    told = {"url": PAGE, "title": "Basket", "referrer": "https://search.example/"}
    assert ask(knock, site=site.key, **told) == (200, None)
    (kept,) = footprints(entrance)
    (view,) = kept.events
    assert (kept.site_id, view.kind, view.url, view.title) == (site.id, "view", PAGE, "Basket")
    assert view.referrer == "search.example/"


def test_without_url_the_referer_is_the_page(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    assert ask(knock, PAGE, site=site.key) == (200, None)
    assert footprints(entrance)[0].events[0].url == PAGE


def test_two_requests_are_two_views(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    for _ in range(2):
        ask(knock, PAGE, site=site.key)
    first, second = footprints(entrance)
    assert first.events[0].id != second.events[0].id


@pytest.mark.parametrize(
    ("referer", "query", "answer"),
    [
        (None, {"url": PAGE}, (422, "schema")),
        (None, {"site": "SITE"}, (422, "schema")),
        (None, {"site": "nosuchsite", "url": PAGE}, (404, "unknown_site")),
        (None, {"site": "SITE", "url": "https://evil.example/"}, (403, "origin")),
        ("https://evil.example/", {"site": "SITE", "url": PAGE}, (403, "origin")),
        (None, {"site": "SITE", "url": "https://shop.example/" + "a" * 5000}, (422, "schema")),
        (None, {"site": "SITE", "url": PAGE, "title": "a" * 20_000}, (413, "too_large")),
        (None, {"site": "SITE", "url": "javascript:alert(1)"}, (403, "origin")),
    ],
)
def test_refused(
    referer: str | None,
    query: dict[str, str],
    answer: tuple[int, str],
    knock: Knock,
    entrance: Entrance,
    site: SiteInfo,
) -> None:
    given = {name: site.key if value == "SITE" else value for name, value in query.items()}
    assert ask(knock, referer, **given) == answer
    assert sum(entrance.refusals.take().values()) == 1
    assert footprints(entrance) == []


@pytest.mark.parametrize("query", ["", "%", "site=%ff", "site=a&" * 30, "&&==;;", "site[]=1", "url=%00"])
def test_no_query_makes_a_5xx(query: str, knock: Knock) -> None:
    assert knock("GET", f"/pixel.gif?{query}", headers={}).status in (400, 404, 422)
