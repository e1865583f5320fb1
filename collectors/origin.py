"""Where a browser says that a request comes from, and the headers that let the page there read the answer."""

from functools import lru_cache
from urllib.parse import urlsplit

from collectors.answer import Headers
from collectors.incoming import Incoming
from tracker.event import MAX_URL

_PREFLIGHT_S = 7200  # the longest that Chromium obeys


def host_of(url: str) -> str | None:
    """Return the host of an http(s) url, None for "null" and all that is no such url."""
    return _host_of_short(url) if len(url) <= 256 else _host_of(url)


def claimed_host(incoming: Incoming) -> str | None:
    """Return the host in Origin or, for browsers that send none, in Referer."""
    if incoming.origin is not None:
        return host_of(incoming.origin)
    return host_of(incoming.referer) if incoming.referer else None


def cors_headers(origin: str | None) -> Headers:
    """Return what lets the page of `origin` read an answer.

    Refusals too: a tag that may not tell "unknown site" from "offline" would knock for ever.
    No answer holds more than a count or a reason, and none depends on a cookie.
    """
    return _cors_headers(origin) if origin is not None and len(origin) <= 256 else _VARY


def credential_headers(origin: str | None) -> Headers:
    """Return what lets the page of `origin` read an answer, cookies sent along or not.

    Some trackers will not do without: nobody looks at them.
    """
    headers = cors_headers(origin)
    return headers if headers is _VARY else (*headers, (b"access-control-allow-credentials", b"true"))


def preflight_headers(origin: str, allows: bytes, *, with_cookies: bool) -> Headers:
    """Return what answers a browser that asks before it sends; `allows` names the headers that it may send."""
    return (
        *(credential_headers(origin) if with_cookies else cors_headers(origin)),
        (b"access-control-allow-methods", b"POST"),
        (b"access-control-allow-headers", allows),
        (b"access-control-max-age", b"%d" % _PREFLIGHT_S),
    )


_VARY: Headers = ((b"vary", b"origin"),)


@lru_cache(maxsize=1024)
def _cors_headers(origin: str) -> Headers:
    if host_of(origin) is None or not origin.isascii() or not origin.isprintable():
        return _VARY
    return (
        *_VARY,
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-expose-headers", b"retry-after, x-footfall-reason"),
    )


def _host_of(url: str) -> str | None:
    try:
        parts = urlsplit(url[:MAX_URL])
        host = parts.hostname
    except ValueError:
        return None
    return host.rstrip(".") if host and parts.scheme in ("http", "https") else None


_host_of_short = lru_cache(maxsize=4096)(_host_of)
