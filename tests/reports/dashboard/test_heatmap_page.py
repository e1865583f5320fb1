"""The heatmap's page: every layer of it whole, drawn by the server alone, leading only to the site itself."""

import re

import pytest

from reports.dashboard import heatmaps
from reports.render import png
from reports.render.heat import LAYERS
from tests.kit.extras import needed
from tests.kit.pages import Person, dead_click, load, read, visit_of
from tests.kit.whole import assert_whole
from tests.reports.dashboard.test_hostile import HOSTILE
from tracker.house import House
from tracker.sites import SiteInfo
from tracker.store.base import QueryTimeoutError

LAMP = "https://shop.example/lamp"
WINDOWS = {"small": (390, 800), "large": (1280, 800)}


@pytest.fixture
def filled(house: House, shop: SiteInfo) -> SiteInfo:
    told = {"engaged_ms": 4000, "scroll_permille": 500, "attention_ms": [2000] * 10 + [0] * 10}
    place = {"offset_x": 300, "offset_y": 600, "page_x": 250, "page_y": 480, "url": LAMP}
    load(
        house,
        visit_of(
            shop,
            {"url": LAMP},
            dead_click("main>button", "Buy now", **place),
            dead_click("#menu", "Menu", **place, mutation_ms=30),
            dead_click("#menu", "Menu", **place, mutation_ms=30),
            {"kind": "engagement", "url": LAMP, **told},
            viewport=WINDOWS["large"],
        ),
        visit_of(shop, {"url": LAMP}, viewport=WINDOWS["large"]),
        visit_of(shop, {"url": "https://shop.example/"}, viewport=WINDOWS["small"]),
    )
    return shop


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("words", ["", "&screen=all", "&screen=wide", "&filter=country:is:PL&bots=in&range=all"])
def test_every_layer_is_whole(owner: Person, filled: SiteInfo, layer: str, words: str) -> None:
    assert_whole(owner, f"/sites/{filled.key}/heatmap?layer={layer}&path=/lamp{words}")


def test_it_is_whole_before_the_first_event(owner: Person, shop: SiteInfo) -> None:
    assert_whole(owner, f"/sites/{shop.key}/heatmap")
    assert "No footprints yet" in owner.text(f"/sites/{shop.key}/heatmap")


def test_it_begins_with_the_page_and_the_screen_of_most_views(owner: Person, filled: SiteInfo) -> None:
    page = owner.text(f"/sites/{filled.key}/heatmap")
    assert "Heatmap of <bdi>/lamp</bdi>" in page
    assert re.search(r"Screen</span> <bdi>Large", page)
    assert 'value="https://shop.example/lamp"' in page


def test_clicks_are_drawn_and_ranked(owner: Person, filled: SiteInfo) -> None:
    page = owner.text(f"/sites/{filled.key}/heatmap?path=/lamp&screen=large")
    dots = re.findall(r'<circle class="heat-(\d)" cx="(\d+)" cy="(\d+)"', page)
    assert dots == [("3", "320", "480"), ("5", "320", "480")]
    assert page.index("“Menu”") < page.index("“Buy now”")
    dead = owner.text(f"/sites/{filled.key}/heatmap?path=/lamp&screen=large&layer=dead")
    assert len(re.findall('<circle class="heat', dead)) == 1
    assert dead.index("“Buy now”") < dead.index("“Menu”")


def test_the_depths_stand_beside_the_map(owner: Person, filled: SiteInfo) -> None:
    page = owner.text(f"/sites/{filled.key}/heatmap?path=/lamp&screen=large")
    left, top, width, _ = re.search(r'class="heat map" viewBox="(\S+) (\S+) (\S+) (\S+)"', page).groups()
    assert (int(left) + int(width), top) == (1280, "0")
    assert re.search(r'<text x="-\d+" y="\d+" font-size="36" text-anchor="end">250 px</text>', page)


def test_scrolling_and_attention_have_their_tables(owner: Person, filled: SiteInfo) -> None:
    scroll = read(owner.get(f"/sites/{filled.key}/heatmap?path=/lamp&layer=scroll"))
    assert len(scroll.all("rect")) == 40 + 5, "a track and a bar for each twentieth, and the key"
    page = owner.text(f"/sites/{filled.key}/heatmap?path=/lamp&layer=attention")
    assert re.search(r'<th scope="row">45–50%</th><td class="n">2 s</td>', page)
    assert re.search(r'<th scope="row">50–55%</th><td class="n">0 s</td>', page)


@pytest.mark.parametrize("words", ["layer=colour", "screen=huge", "path=lamp", "range=never", "nonsense=1"])
def test_what_makes_no_sense_is_said(owner: Person, filled: SiteInfo, words: str) -> None:
    for page in ("heatmap", "heatmap.png"):
        assert owner.get(f"/sites/{filled.key}/{page}?{words}").status_code == 400


def test_its_form_may_lead_to_the_sites_own_pages_alone(owner: Person, filled: SiteInfo) -> None:
    policy = owner.get(f"/sites/{filled.key}/heatmap").headers["Content-Security-Policy"]
    [sources] = re.findall(r"form-action ([^;]+)", policy)
    assert sources == "'self' http://shop.example:* http://*.shop.example:*"
    assert "unsafe" not in policy


def test_pictures_are_made_of_every_layer(owner: Person, filled: SiteInfo) -> None:
    needed("resvg_py")
    for layer in LAYERS:
        sent = owner.get(f"/sites/{filled.key}/heatmap.png?path=/lamp&layer={layer}")
        assert sent.mimetype == "image/png"
        assert sent.data.startswith(b"\x89PNG")
        assert f"-{layer}-large-" in sent.headers["Content-Disposition"]


@pytest.mark.parametrize(("error", "status"), [(QueryTimeoutError("late"), 504), (ValueError("secret"), 500)])
def test_a_map_that_failed_is_told_and_drawn_nowhere(
    owner: Person, filled: SiteInfo, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def failing(*_args: object) -> None:
        raise error

    monkeypatch.setattr("reports.heatmap._clicked", failing)
    page = owner.get(f"/sites/{filled.key}/heatmap?path=/lamp")
    alerts = [one for one in read(page).all("p") if one.get("role") == "alert"]
    assert (page.status_code, len(alerts), "secret" in page.text) == (status, 1, False)
    needed("resvg_py")
    picture = owner.get(f"/sites/{filled.key}/heatmap.png?path=/lamp")
    assert (picture.status_code, picture.mimetype, "secret" in picture.text) == (status, "text/html", False)


def test_without_the_extra_the_page_says_how_to_get_pictures(
    owner: Person, filled: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(png, "can_draw", lambda: False)
    page = owner.text(f"/sites/{filled.key}/heatmap?path=/lamp")
    assert "heatmap.png" not in page
    assert "extra <code>png</code>" in page
    assert owner.get(f"/sites/{filled.key}/heatmap.png?path=/lamp").status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_visitors_stay_words(house: House, owner: Person, shop: SiteInfo, text: str) -> None:
    url = f"https://shop.example/{text}"
    load(house, visit_of(shop, {"url": url}, dead_click(f"main>{text}", text[:64], url=url)))
    for layer in LAYERS:
        answered = owner.get(f"/sites/{shop.key}/heatmap?layer={layer}")
        assert answered.status_code == 200
        html = read(answered)
        assert not html.all("img")
        assert all(one.get("src", "").startswith("/assets/") for one in html.all("script"))
        assert not [name for _, attributes in html.tags for name in attributes if name.startswith("on")]
        assert all(href.startswith(("/", "#")) for href in html.hrefs())


def test_the_api_gives_the_same(owner: Person, filled: SiteInfo) -> None:
    found = owner.get(f"/api/v1/sites/{filled.key}/heatmap?path=/lamp&screen=large&range=7d").json
    assert (found["views"], found["clicks"], [one["element"] for one in found["elements"]]) == (
        2,
        3,
        ["#menu", "main>button"],
    )
    assert found["elements"][1]["cells"] == [{"x": 6, "y": 12, "clicks": 1, "page_x": 250, "page_y": 480, "dead": 1}]
    assert (found["scrolled"][9:11], found["attention_ms"][9:11]) == ([1.0, 0.0], [2000, 0])
    for wrong in ("path=", "path=lamp", "path=/lamp&screen=huge", "path=/lamp&range=never", "path=/lamp&limit=3&x=1"):
        refused = owner.get(f"/api/v1/sites/{filled.key}/heatmap?{wrong}")
        assert refused.status_code == 422, wrong
        assert refused.mimetype == "application/problem+json"


def test_layers_of_clicks_are_numbers_of_the_elements() -> None:
    assert heatmaps.View("/", "all", "rage", (), (), ()).of_clicks
    assert not heatmaps.View("/", "all", "scroll", (), (), ()).of_clicks
