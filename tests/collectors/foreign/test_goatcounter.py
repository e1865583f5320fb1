"""GoatCounter's pixel, parameter by parameter, and its answers."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.kit.collect import HEADERS, Knock, Reply, footprints
from tests.kit.entrance import Entrance
from tests.kit.foreign import know
from tracker.sites import SiteInfo

IMAGE = {"Referer": "https://www.shop.example/", "User-Agent": HEADERS["User-Agent"]}


@pytest.fixture(autouse=True)
def known(entrance: Entrance, site: SiteInfo) -> None:
    know(entrance, site, "goatcounter")


def ask(knock: Knock, method: str = "GET", headers: dict[str, str] = IMAGE, code: str = "shop", **told: Any) -> Reply:
    return knock(
        method, f"/count/{code}?{urlencode({'p': '/', 's': '1920,1080,1', 'rnd': 'x', **told})}", headers=headers
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_view_is_of_the_page_that_shows_the_picture(method: str, knock: Knock, entrance: Entrance) -> None:
    reply = ask(knock, method, p="/lamps", t="Lamps", r="https://x.org/b")
    assert (reply.status, reply.headers["content-type"]) == (200, "image/gif")
    assert reply.body.startswith(b"GIF89a")
    [view] = footprints(entrance)[0].events
    assert (view.kind, view.url, view.title) == ("view", "https://www.shop.example/lamps", "Lamps")
    assert view.referrer == "x.org/b"


def test_without_a_referer_it_is_of_the_site(knock: Knock, entrance: Entrance) -> None:
    assert ask(knock, headers={}, p="lamps").status == 200
    assert footprints(entrance)[0].events[0].url == "https://shop.example/lamps"


@pytest.mark.parametrize("path", ["/lamps", "/lamps?page=2"])
def test_campaigns_come_with_the_path_or_beside_it(path: str, knock: Knock, entrance: Entrance) -> None:
    told = {"p": f"{path}&utm_source=letter"} if "?" in path else {"p": path, "q": "?utm_source=letter"}
    ask(knock, **told)
    assert footprints(entrance)[0].events[0].url == "https://www.shop.example/lamps?utm_source=letter"


def test_an_event_has_its_name_in_the_place_of_the_path(knock: Knock, entrance: Entrance) -> None:
    ask(knock, p="buy-now", e="true", t="Buy now")
    [event] = footprints(entrance)[0].events
    assert (event.kind, event.name, event.title) == ("custom", "buy-now", "Buy now")


def test_a_browser_that_a_program_drives_is_labelled(knock: Knock, entrance: Entrance) -> None:
    for mark in ("0", "153"):
        ask(knock, b=mark)
    assert [kept.automated for kept in footprints(entrance)] == [False, True]


@pytest.mark.parametrize(("told", "said"), [({"code": "other"}, "no site"), ({"p": ""}, "not valid: p")])
def test_what_is_wrong_stands_in_a_header(told: dict[str, str], said: str, knock: Knock, entrance: Entrance) -> None:
    reply = ask(knock, **told)
    assert reply.status == 400 and reply.headers["x-goatcounter"].startswith(said)
    assert footprints(entrance) == []


def test_without_a_code_there_is_nothing(knock: Knock) -> None:
    assert [knock("GET", path, headers=IMAGE).status for path in ("/count", "/count/", "/count/a/b")] == [404] * 3
