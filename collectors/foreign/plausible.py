"""Plausible's events: `POST /api/event`, JSON, one event a request, for one domain or several."""

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

from collectors import loose
from collectors.answer import Answer, Outcome
from collectors.collector import Reading
from collectors.decoding import decode, needed
from collectors.foreign import common
from collectors.incoming import Incoming
from tracker.event import Event

PATHS = ("/api/event",)
METHODS = ("POST",)
BODY_BYTES = common.BODY_BYTES
ALLOWS = b"content-type"
WITH_COOKIES = True

_WHOLE_PAGE = 100
_MOST_DOMAINS = 10


class _Sent(Struct, rename={"price": "$"}):
    """Each field by its short name and by its long one."""

    n: str | None = None
    name: str | None = None
    u: str | None = None
    url: str | None = None
    d: str | None = None
    domain: str | None = None
    r: str | None = None
    referrer: str | None = None
    p: Any = None
    props: Any = None
    m: Any = None
    meta: Any = None
    h: Any = None
    w: Any = None
    e: Any = None
    sd: Any = None
    price: Any = None
    revenue: Any = None


_sent = Decoder(_Sent)
_object = Decoder(dict[str, Any])


def read(incoming: Incoming) -> Reading:
    """Read an event; without a domain the address's host is the site's name."""
    sent = decode(incoming.body, _sent)
    name = needed(sent.n or sent.name, "n")
    url = needed(sent.u or sent.url, "u")
    host = common.whence(incoming, url)
    domains = (sent.d or sent.domain or host or "").split(",")[:_MOST_DOMAINS]
    return common.as_one(
        common.make_reading(
            "plausible", ("d", domain.strip()), host, common.make_footprint(incoming, [_event(sent, name, url)])
        )
        for domain in domains
    )


def word(outcome: Outcome, incoming: Incoming) -> Answer:
    """Answer `ok`, also for what is dropped; 400 with the errors for what is no event."""
    if common.is_fault(outcome):
        errors = {outcome.field or "request": [outcome.problem or "Unable to parse request body as json"]}
        body = msgspec.json.encode({"errors": errors})
        return Answer(400, body, common.headers_of(outcome, incoming, b"application/json"))
    headers = common.headers_of(outcome, incoming, b"text/plain; charset=utf-8")
    if common.is_quiet(outcome) or outcome.reason == "unknown_id":
        dropped = ((b"x-plausible-dropped", b"1"),) if outcome.reason else ()
        return Answer(202, b"ok", headers + dropped)
    return Answer(outcome.status, b"", headers)


def _event(sent: _Sent, name: str, url: str) -> Event:
    url = _with_fragment(url) if sent.h in (1, "1", True) else url
    if name == "engagement":
        depth = loose.number(sent.sd)
        return common.make_event(
            "engagement",
            url,
            engaged_ms=loose.spent_ms(sent.e),
            scroll_permille=int(10 * depth) if depth is not None and 0 <= depth <= _WHOLE_PAGE else None,
        )
    referrer = sent.r or sent.referrer
    if name == "pageview":
        return common.make_event("view", url, referrer=referrer)
    return common.make_event("custom", url, referrer=referrer, name=name, properties=_properties(sent))


def _properties(sent: _Sent) -> dict[str, Any]:
    """Return a custom event's properties, with what it was worth."""
    given = sent.m or sent.meta or sent.p or sent.props
    if isinstance(given, str):
        try:
            given = _object.decode(given)
        except (msgspec.DecodeError, RecursionError):
            given = None
    worth = sent.price or sent.revenue
    told: dict[str, Any] = {}
    if isinstance(worth, dict) and (amount := loose.number(worth.get("amount"))) is not None:
        told = {"revenue": amount, "currency": worth.get("currency")}
    return {**told, **(given if isinstance(given, dict) else {})}


def _with_fragment(url: str) -> str:
    """Return an address with its fragment as a part of the path, as pages are told apart in hash mode."""
    page, _, fragment = url.partition("#")
    path, mark, query = page.partition("?")
    return f"{path.rstrip('/')}/{fragment.lstrip('/')}{mark}{query}" if fragment else url
