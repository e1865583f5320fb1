"""Words that would be more than words, and what of them became more on a page."""

import re
from html.parser import HTMLParser

from werkzeug.test import TestResponse

from tests.kit.pages import read

BACKWARDS = "\u202e"
"""Turns around what comes after it in the same element, unless that keeps its direction to itself."""
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'onmouseover='alert(1)",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    f"{BACKWARDS}gnp.exe",
    "</title></textarea></svg><svg onload=alert(1)>",
)
OWN_LINKS = ("/", "#", "?", "https://shop.example/#footfall-")
_APART = frozenset(("bdi", "code", "option", "title", "textarea", "text"))
_LINES = frozenset(("h1", "p"))


class Turned(HTMLParser):
    """Collects what turns around more than itself: no element keeps that in, nor is it a line of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if BACKWARDS in data and not _APART & set(self._open) and self._open[-1] not in _LINES:
            self.found.append(f"turned around in {self._open[-1]}: {' '.join(data.split())}")


def markup(answered: TestResponse) -> list[str]:
    """Return what on a page is not of its own making."""
    html, turned = read(answered), Turned()
    turned.feed(answered.text)
    sources = [one.get("src", "") for one in html.all("script")]
    found = [f"script {source}" for source in sources if not source.startswith("/assets/")]
    found += [f"img {one}" for one in html.all("img")]
    found += [name for _, attributes in html.tags for name in attributes if name.startswith("on")]
    hrefs = (one["href"] for one in html.all("a") if "href" in one)
    found += [href for href in hrefs if not href.startswith(OWN_LINKS)]
    found += re.findall(r".{0,20}49\{% raw", answered.text)
    return found + turned.found
