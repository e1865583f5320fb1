"""The pixel for pages without script: `GET /pixel.gif?site=…&url=…`, one view a request."""

import secrets
from base64 import b64decode
from urllib.parse import parse_qs

import msgspec

from collectors.answer import Answer, Headers, Outcome, RefusedError, reason_headers
from collectors.beacon import locate
from collectors.collector import Reading
from collectors.incoming import Incoming
from collectors.origin import host_of
from tracker.clock import now_ms
from tracker.event import Event, Footprint

PATH = "/pixel.gif"
METHOD = "GET"
BODY_BYTES = 0

_GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")  # one transparent pixel
_HEADERS: Headers = (
    (b"content-type", b"image/gif"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_TEXTS = ("title", "referrer")
_MAX_QUERY = 16 * 1024


def read(incoming: Incoming) -> Reading:
    """Read a view from the query; the page's url is the Referer's when `url` is absent.

    The event's id is made here: a browser fetches a picture once, there is no retry to recognise.
    """
    given = _parse(incoming.query)
    if "site" not in given:
        raise RefusedError(422, "schema", field="site", problem="missing")
    url = given.get("url") or incoming.referer
    if not url:
        raise RefusedError(422, "schema", field="url", problem="missing, and the browser sent no Referer")
    fields = {name: given[name] for name in _TEXTS if name in given}
    try:
        event = msgspec.convert(
            {"id": f"{secrets.token_hex(8)}-1", "kind": "view", "at": now_ms(), "url": url, **fields}, Event
        )
    except msgspec.ValidationError as error:
        field, problem = locate(error)
        raise RefusedError(422, "schema", field=field, problem=problem) from None
    footprint = Footprint(site_id=0, received_at=0, user_agent=incoming.user_agent, events=[event])
    return Reading(given["site"], host_of(incoming.referer or url), footprint)


def word(outcome: Outcome, incoming: Incoming) -> Answer:
    """Answer with a transparent picture, whatever the status."""
    return Answer(outcome.status if outcome.reason else 200, _GIF, _HEADERS + reason_headers(outcome))


def _parse(query: str) -> dict[str, str]:
    if len(query) > _MAX_QUERY:
        raise RefusedError(413, "too_large")
    try:
        given = parse_qs(query, max_num_fields=20, errors="strict")
    except ValueError:
        raise RefusedError(400, "malformed") from None
    return {name: values[0].replace("\0", "") for name, values in given.items()}
