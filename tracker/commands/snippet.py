"""Looks whether a page carries a tag of ours that works."""

import re
import urllib.request
from collections.abc import Sequence
from typing import Any

from tracker.settings import Settings

_TAG = re.compile(r"<script\b[^>]*\bfootfall[^>]*>", re.IGNORECASE)
_SITE = re.compile(r"""\bdata-site\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_MOST_BYTES = 2 << 20


def examine_page(settings: Settings, url: str, sites: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return a doctor's finding about the tag on the page at `url`."""
    if not url.startswith(("http://", "https://")):
        return _finding("bad", f"{url} is no web address; begin with https://")
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "Footfall doctor"})  # noqa: S310 - http(s) only
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310  # nosec B310
            page = response.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError as error:
        return _finding("bad", f"{url} cannot be read: {error}")
    return judge_page(settings, url, page, sites)


def judge_page(settings: Settings, url: str, page: str, sites: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return the finding about a page's text."""
    tag = _TAG.search(page)
    if tag is None:
        return _finding("bad", f"{url} has no tag; `footfall site list` shows the key to put there")
    key, source = _SITE.search(tag[0]), _SOURCE.search(tag[0])
    known = {site["key"]: site for site in sites}
    if key is None or key[1] not in known:
        return _finding("bad", f"the tag on {url} names the site {key[1] if key else '(none)'}, which is not here")
    if source is None or not source[1].startswith(settings.address):
        return _finding(
            "warning", f"the tag on {url} loads {source[1] if source else 'nothing'}, not from {settings.address}"
        )
    return _finding("ok", f"the tag on {url} is that of {known[key[1]]['name']}")


def _finding(state: str, text: str) -> dict[str, str]:
    return {"state": state, "about": "page", "text": text}
