"""Umami's events: `POST /api/send`, JSON, one event a request."""

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

from collectors import loose
from collectors.answer import Answer, Outcome
from collectors.collector import Reading
from collectors.decoding import decode
from collectors.foreign import common
from collectors.incoming import Incoming
from tracker.event import Event

PATHS = ("/api/send",)
METHODS = ("POST",)
BODY_BYTES = common.BODY_BYTES
ALLOWS = b"content-type, x-umami-cache"
WITH_COOKIES = True


class _Payload(Struct, rename={"user_agent": "userAgent"}):
    website: str
    hostname: str | None = None
    url: str | None = None
    referrer: str | None = None
    title: str | None = None
    language: str | None = None
    name: str | None = None
    data: Any = None
    id: Any = None
    vid: Any = None
    timestamp: Any = None
    user_agent: str | None = None


class _Sent(Struct):
    payload: _Payload
    type: str = "event"


_sent = Decoder(_Sent)


def read(incoming: Incoming) -> Reading:
    """Read an event; an address that is a path is on `hostname`, else on the page that sends it."""
    sent = decode(incoming.body, _sent)
    payload = sent.payload
    url = common.place(incoming, payload.url or "/", payload.hostname)
    event = _event(sent.type, payload, url)
    return common.make_reading(
        "umami",
        ("payload.website", payload.website),
        common.whence(incoming, url),
        common.make_footprint(
            incoming,
            [event] if event else [],
            user_agent=payload.user_agent,
            language=payload.language,
        ),
        not_taken=None if event else "performance" if sent.type == "performance" else "other",
        device=payload.vid,
        login=payload.id,
    )


def word(outcome: Outcome, incoming: Incoming) -> Answer:
    """Answer with what its script wants to send along next time: nothing. 400 for what is no event or no website."""
    headers = common.headers_of(outcome, incoming, b"application/json")
    if common.is_quiet(outcome):
        return Answer(200, b'{"cache":"","sessionId":"","visitId":""}', headers)
    if outcome.reason == "unknown_id":
        return Answer(400, b'{"error":{"message":"Website not found.","code":"bad-request","status":400}}', headers)
    if common.is_fault(outcome):
        said = f"{outcome.field}: {outcome.problem}" if outcome.field else "Bad request"
        error = {"message": said, "code": "bad-request", "status": 400}
        return Answer(400, msgspec.json.encode({"error": error}), headers)
    return Answer(outcome.status, b"{}", headers)


def _event(kind: str, payload: _Payload, url: str) -> Event | None:
    """Return our event of one of theirs, None for what is not taken."""
    if kind == "identify":
        return common.make_event("engagement", url)
    if kind != "event":
        return None
    seconds = loose.number(payload.timestamp)
    at = int(seconds * 1000) if seconds is not None else None
    if payload.name:
        return common.make_event("custom", url, at=at, name=payload.name, title=payload.title, properties=payload.data)
    return common.make_event("view", url, at=at, title=payload.title, referrer=payload.referrer)
