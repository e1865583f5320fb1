"""The pixel for pages without script: `GET /pixel.gif?site=…&url=…`, one view, or one custom event, a request."""

import secrets
from base64 import b64decode

from collectors.answer import Answer, Headers, Outcome, RefusedError, reason_headers
from collectors.collector import Reading
from collectors.decoding import as_event, pairs
from collectors.incoming import Incoming
from collectors.origin import host_of
from tracker.clock import now_ms
from tracker.event import Footprint

PATHS = ("/pixel.gif",)
METHODS = ("GET",)
BODY_BYTES = 0
ALLOWS = b""
WITH_COOKIES = False

GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")  # one transparent pixel
_HEADERS: Headers = (
    (b"content-type", b"image/gif"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_TEXTS = ("title", "referrer", "name")
_MAX_QUERY = 16 * 1024
_MOST_PAIRS = 20


def read(incoming: Incoming) -> Reading:
    """Read a view from the query, a custom event when it has a `name`; the page's url is the Referer's without `url`.

    The event's id is made here: a browser fetches a picture once, there is no retry to recognise.
    """
    if len(incoming.query) > _MAX_QUERY:
        raise RefusedError(413, "too_large")
    given = pairs(incoming.query, most=_MOST_PAIRS)
    if "site" not in given:
        raise RefusedError(422, "schema", field="site", problem="missing")
    url = given.get("url") or incoming.referer
    if not url:
        raise RefusedError(422, "schema", field="url", problem="missing, and the browser sent no Referer")
    fields = {name: given[name] for name in _TEXTS if name in given}
    kind = "custom" if "name" in given else "view"
    event = as_event({"id": f"{secrets.token_hex(8)}-1", "kind": kind, "at": now_ms(), "url": url, **fields})
    footprint = Footprint(site_id=0, received_at=0, user_agent=incoming.user_agent, events=[event])
    return Reading(given["site"], host_of(incoming.referer or url), footprint)


def word(outcome: Outcome, incoming: Incoming) -> Answer:
    """Answer with a transparent picture, whatever the status."""
    return Answer(outcome.status if outcome.reason else 200, GIF, _HEADERS + reason_headers(outcome))
