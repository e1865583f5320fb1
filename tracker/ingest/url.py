"""Cleans what a page says of itself before it is written down: urls, titles, texts."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from tracker.event import MAX_URL, Event, Footprint
from tracker.ingest.arrival import Arrival, Drop
from tracker.ingest.context import IngestContext
from tracker.ingest.secrets import clean_agent, clean_path, clean_text
from tracker.ingest.source import CAMPAIGN_PARAMETERS
from tracker.sites import SiteInfo

_AGENT_CAP = 512
_CACHEABLE = 400  # longer texts are rare and would fill memory
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,4}")


def clean_texts(footprint: Footprint, arrival: Arrival, site: SiteInfo, house: IngestContext) -> Drop | None:
    """Clean every text of the footprint; an event whose url is none of the web's, or too long then, is left out.

    When no event is left, the footprint ends here, for the reason `url`.
    """
    if footprint.user_agent:
        footprint.user_agent = _tidy_agent(footprint.user_agent[:_AGENT_CAP])
    if footprint.language and not _LANGUAGE.fullmatch(footprint.language):
        footprint.language = None
    kept = [event for event in footprint.events if _clean_event(event, site.query_parameters)]
    if len(kept) != len(footprint.events):
        footprint.events = kept
    return None if kept else Drop("url")


def tidy(text: str) -> str:
    """`clean_text`, remembered."""
    return _tidy(text) if len(text) <= _CACHEABLE else clean_text(text)


def tidy_url(url: str, parameters: frozenset[str]) -> str | None:
    """Return a url without user, fragment, secrets and all query but the campaign's and `parameters`.

    None for what is no http(s) url with a host.
    """
    return _tidy_url(url, parameters) if len(url) <= _CACHEABLE else _clean_url(url, parameters)


def tidy_referrer(referrer: str) -> str | None:
    """Return a referrer's host and path, cleaned; None for what is neither of the web nor of an app."""
    return _tidy_referrer(referrer) if len(referrer) <= _CACHEABLE else _clean_referrer(referrer)


def host_and_path(url: str, schemes: tuple[str, ...]) -> tuple[str, str, str] | None:
    """Return (scheme, host with its port, cleaned path), None when there is no such host or scheme."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in schemes or not host or not host.isprintable():
        return None
    if ":" in host:
        host = f"[{host}]"
    return parts.scheme, f"{host}:{port}" if port else host, clean_path(parts.path) or "/"


def _clean_event(event: Event, parameters: frozenset[str]) -> bool:
    url = tidy_url(event.url, parameters)
    if url is None or len(url) > MAX_URL:  # percent signs make it longer; then the loader could not read it
        return False
    event.url = url
    if event.referrer is not None:
        referrer = tidy_referrer(event.referrer)
        event.referrer = referrer if referrer is None or len(referrer) <= MAX_URL else None
    if event.title is not None:
        event.title = tidy(event.title)
    if event.element is not None:
        event.element = tidy(event.element)
    if event.element_text is not None:
        event.element_text = tidy(event.element_text)
    if event.name is not None:
        event.name = tidy(event.name)
    return True


def _clean_url(url: str, parameters: frozenset[str]) -> str | None:
    place = host_and_path(url, ("http", "https"))
    if place is None:
        return None
    scheme, host, path = place
    kept = [
        (name, clean_text(value))
        for name, value in _query(url)
        if value and (name in CAMPAIGN_PARAMETERS or name in parameters)
    ]
    return f"{scheme}://{host}{path}" + (f"?{urlencode(kept)}" if kept else "")


def _clean_referrer(referrer: str) -> str | None:
    place = host_and_path(referrer, ("http", "https", "android-app"))
    return None if place is None else f"{place[1]}{place[2]}"


def _query(url: str) -> list[tuple[str, str]]:
    query = urlsplit(url.strip()).query
    return parse_qsl(query, max_num_fields=None, errors="replace") if query else []


_tidy_agent = lru_cache(maxsize=4096)(clean_agent)
_tidy = lru_cache(maxsize=8192)(clean_text)
_tidy_url = lru_cache(maxsize=8192)(_clean_url)
_tidy_referrer = lru_cache(maxsize=4096)(_clean_referrer)
