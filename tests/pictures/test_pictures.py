"""Pages look as they did when somebody last looked at them.

The suite looks at some. `make pictures` looks at all, `make pictures WITH=renew` keeps what it sees as the new ones:
look at them before they are committed.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Browser

from tests.kit.everypage import every_page
from tests.kit.ground import at
from tests.kit.pages import Person
from tests.pictures.likeness import HIGHEST, keep, reduced, unlike
from tests.pictures.looks import LOOKS, Look, drawn, reader
from tests.pictures.names import by_name, file_of, of_no_page
from tracker.clock import utc_now
from tracker.house import House
from tracker.sample import create_sample
from tracker.sites import SiteInfo

REFERENCES = Path(__file__).parent / "references"
FONTS = REFERENCES / "fonts.webp"
WITH = os.environ.get("PICTURES", "")
"""all: look at every page; renew: keep what is seen."""
SOME = ("overview", "live", "flow", "reports-dead-clicks", "schedules-new", "alerts", "settings")
MOST_UNLIKE = 0.04
NOW = at("2026-03-04 15:00")
CARD = """<body style="font: 20px system-ui, sans-serif; width: 600px">Visitors 12,345 <b>Struggles</b> <i>Łódź</i>
<code>main>button</code> <p dir="rtl" lang="fa">بازدیدکنندگان ۱۲٬۳۴۵</p></body>"""

pytestmark = pytest.mark.browser


@pytest.fixture
def moment() -> Iterator[None]:
    """The moment at which all pictures are taken, however long that lasts."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sample(moment: None, house: House) -> SiteInfo:
    """Four weeks of sample data up to that moment."""
    site = create_sample(house.database, house.spool.submit, utc_now())
    assert house.loader.drain(60)
    return site


@pytest.mark.timeout(900)
def test_pages_look_as_they_did(
    sample: SiteInfo,
    house: House,
    owner: Person,
    pages_url: str,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reports.dashboard.live.TIMEOUT_S", 60.0)  # a busy machine shows the same
    paths = by_name(every_page(house, sample), sample)
    _no_other_pictures(paths)
    asked = {name: path for name, path in paths.items() if WITH or name in SOME}
    assert len(asked) == len(paths if WITH else SOME)
    _same_fonts(browser)
    cookie = owner.client.get_cookie("footfall")
    assert cookie
    otherwise = [
        one
        for locale, looks in LOOKS.items()
        for one in _otherwise(browser, pages_url, locale, looks, (cookie.key, cookie.value), asked)
    ]
    assert not otherwise, "\n".join(("look at them; as they should be? make pictures WITH=renew", *otherwise))


def _otherwise(
    browser: Browser, url: str, locale: str, looks: Sequence[Look], cookie: tuple[str, str], asked: dict[str, str]
) -> Iterator[str]:
    """Yield the pages that look otherwise than they did."""
    with reader(browser, url, locale, cookie, NOW) as page:
        for name, path in asked.items():
            page.goto(path)
            for look, png in drawn(page, looks, HIGHEST):
                picture, file = reduced(png), REFERENCES / file_of(name, look)
                if WITH == "renew":
                    keep(picture, file)
                elif not file.exists():
                    yield f"{name}, {look.name}: nobody has looked at it yet"
                elif (share := unlike(picture, file)) > MOST_UNLIKE:
                    yield f"{name}, {look.name}: {share:.0%} looks otherwise"


def _no_other_pictures(names: Iterable[str]) -> None:
    """Let no picture stay of a page that is there no more."""
    left = of_no_page((file.name for file in REFERENCES.iterdir() if file != FONTS), names)
    if WITH == "renew":
        for name in left:
            (REFERENCES / name).unlink()
    else:
        assert left == [], "pictures of no page"


def _same_fonts(browser: Browser) -> None:
    """Skip where letters have other shapes than where the pictures were kept: every line would stand elsewhere."""
    page = browser.new_page()
    page.set_content(CARD)
    card, file = reduced(page.locator("body").screenshot()), FONTS
    page.close()
    if WITH == "renew":
        keep(card, file)
    elif unlike(card, file) > MOST_UNLIKE:
        pytest.skip("the fonts here are not those of the kept pictures: make pictures WITH=renew keeps your own")
