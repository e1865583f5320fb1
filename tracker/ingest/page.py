"""Splits an event's url into the host and the path that reports group by."""

from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from tracker.event import Footprint
from tracker.ingest.rows import Row
from tracker.ingest.source import CAMPAIGN_PARAMETERS
from tracker.sites import SiteInfo


def find_page(footprint: Footprint, rows: list[Row], site: SiteInfo) -> None:
    """Set `host` and `path`; the site's own query parameters belong to the path, a campaign's do not."""
    for event, row in zip(footprint.events, rows, strict=True):
        row["host"], row["path"] = split_page(event.url)


@lru_cache(maxsize=8192)
def split_page(url: str) -> tuple[str | None, str]:
    """Return (host, path) of a cleaned url."""
    parts = urlsplit(url)
    own = [(name, value) for name, value in parse_qsl(parts.query) if name not in CAMPAIGN_PARAMETERS]
    path = parts.path or "/"
    return parts.hostname, f"{path}?{urlencode(own)}" if own else path
