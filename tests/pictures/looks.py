"""The looks in which pages are drawn."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from playwright.sync_api import Browser, Page

PATIENCE_MS = 120_000


@dataclass(frozen=True)
class Look:
    """How somebody sees a page: on which screen, in which colours."""

    name: str
    width: int = 1280
    height: int = 900
    scheme: Literal["light", "dark"] = "light"

    def put_on(self, page: Page) -> None:
        """Have a page that is there look so."""
        page.emulate_media(color_scheme=self.scheme)
        page.set_viewport_size({"width": self.width, "height": self.height})


# By the language that they are seen in: a page is asked once for all looks of its language.
LOOKS = {
    "en-GB": (Look("light"), Look("dark", scheme="dark"), Look("phone", width=390, height=800)),
    "fa-IR": (Look("rtl"),),
}


_READY = """async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode()));
}"""


@contextmanager
def reader(browser: Browser, url: str, locale: str, cookie: tuple[str, str], now: datetime) -> Iterator[Page]:
    """Open a browser of somebody who is signed in, in which nothing moves: neither what is drawn, nor the time."""
    context = browser.new_context(base_url=url, locale=locale, timezone_id="UTC", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    name, value = cookie
    context.add_cookies([{"name": name, "value": value, "url": url}])
    context.clock.install(time=now)
    context.clock.pause_at(now)  # nor does a page ask for anything anew after a while
    yield context.new_page()
    context.close()


def drawn(page: Page, looks: Sequence[Look], highest: int) -> Iterator[tuple[Look, bytes]]:
    """Yield the beginning of a page in each look, as PNG of at most so many px in height."""
    for look in looks:
        look.put_on(page)
        page.evaluate(_READY)
        height = page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": look.width, "height": min(height, highest)}
        yield look, page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")
