"""PostHog's events: `/e/`, `/batch/` and their like, JSON in one of four wrappings."""

import binascii
from base64 import b64decode
from typing import Any

from msgspec import Raw, Struct
from msgspec.json import Decoder

from collectors import loose
from collectors.answer import Answer, Outcome, RefusedError
from collectors.collector import Reading
from collectors.decoding import decode, needed, pairs, unzipped
from collectors.foreign import common
from collectors.incoming import Incoming
from tracker.clock import now_ms
from tracker.event import Event

PATHS = ("/e/", "/e", "/i/v0/e/", "/i/v0/e", "/batch/", "/batch", "/capture/", "/capture", "/s/")
METHODS = ("POST",)
BODY_BYTES = common.BODY_BYTES
ALLOWS = b"content-type"
WITH_COOKIES = True

_UNPACKED_BYTES = 256 * 1024
_NOT_TAKEN = {
    "$autocapture": "autocapture",
    "$copy_autocapture": "autocapture",
    "$pageleave": "pageleave",
    "$web_vitals": "vitals",
    "$snapshot": "recording",
    "$exception": "exception",
    "$$heatmap": "heatmap",
    "survey shown": "survey",
    "survey dismissed": "survey",
    "survey abandoned": "survey",
    "survey sent": "survey",
}
_ITS = ("$", "utm_")  # so begin the properties that its script adds: the last campaign among them
_NOT_PROPERTIES = ("token", "distinct_id")


class _Event(Struct):
    event: str
    properties: dict[str, Any] | None = None
    distinct_id: Any = None
    timestamp: Any = None
    offset: Any = None
    uuid: Any = None
    api_key: str | None = None
    token: str | None = None


class _Peek(Struct):
    batch: Raw = Raw()


class _Sent(Struct):
    batch: list[_Event]
    api_key: str | None = None
    token: str | None = None
    sent_at: Any = None


_many = Decoder(_Sent)
_list = Decoder(list[_Event])
_one = Decoder(_Event)
_peek = Decoder(_Peek)


def read(incoming: Incoming) -> Reading:
    """Read the events of a request; each visitor of them is a reading of its own."""
    sent = _decode(_unpack(incoming.body))
    if not 0 < len(sent.batch) <= common.MAX_EVENTS:
        raise RefusedError(422, "schema", field="batch", problem=f"must have 1 to {common.MAX_EVENTS} events")
    now, sent_at = now_ms(), loose.moment(sent.sent_at)
    of_all = sent.api_key or sent.token
    return common.as_one(
        _read_event(one, of_all or _key(one), incoming, now if sent_at is None else sent_at) for one in sent.batch
    )


def word(outcome: Outcome, incoming: Incoming) -> Answer:
    """Answer as PostHog: 200 with a status, 401 for a key that nobody has, 400 for what is no event."""
    if common.is_quiet(outcome):
        return Answer(200, b'{"status":"Ok"}', common.headers_of(outcome, incoming, b"application/json"))
    headers = common.headers_of(outcome, incoming, b"text/plain; charset=utf-8")
    if outcome.reason == "unknown_id":
        return Answer(401, b"API key is not valid: no site is known by it", headers)
    if common.is_fault(outcome):
        return Answer(400, b"failed to parse request", headers)
    return Answer(outcome.status, b"", headers)


def _key(sent: _Event) -> str | None:
    return sent.api_key or sent.token or loose.text((sent.properties or {}).get("token"))


def _unpack(body: bytes) -> bytes:
    """Return the JSON in a body: as it is, gzipped, in a form, in base 64, or the last in the one before."""
    if body[:2] == b"\x1f\x8b":
        return unzipped(body, _UNPACKED_BYTES)
    if body[:1] in (b"{", b"["):
        return body
    try:
        data = pairs(body.decode()).get("data", "") if body.startswith(b"data=") else body.decode()
        return b64decode(data.replace(" ", "+"))
    except (binascii.Error, ValueError):
        raise RefusedError(400, "malformed") from None


def _decode(body: bytes) -> _Sent:
    if body.lstrip()[:1] == b"[":
        return _Sent(decode(body, _list))
    if bytes(decode(body, _peek).batch):
        return decode(body, _many)
    return _Sent([decode(body, _one)])


def _read_event(sent: _Event, key: str | None, incoming: Incoming, sent_at: int) -> Reading:
    told = sent.properties or {}
    url = common.place(incoming, loose.text(told.get("$current_url")) or "/")
    event = _event(sent, url, sent_at)
    device = told.get("$device_id")
    named = sent.distinct_id or told.get("distinct_id")
    login = told.get("$user_id") or (named if told.get("$is_identified") and named != device else None)
    footprint = common.make_footprint(
        incoming,
        [event] if event else [],
        user_agent=loose.text(told.get("$raw_user_agent")),
        language=told.get("$browser_language"),
        zone=told.get("$timezone"),
        viewport=(told.get("$viewport_width"), told.get("$viewport_height")),
        automated=told.get("$browser_type") == "bot",
        sent_at=sent_at,
    )
    return common.make_reading(
        "posthog",
        ("api_key", key),
        common.whence(incoming, url),
        footprint,
        not_taken=None if event else _NOT_TAKEN.get(sent.event, "other"),
        device=device,
        login=login,
    )


def _event(sent: _Event, url: str, sent_at: int) -> Event | None:
    """Return our event of one of theirs, None for what is not taken. Times are the sender's clock's."""
    offset, at = loose.number(sent.offset), loose.moment(sent.timestamp)
    if at is None:
        at = sent_at - int(offset) if offset is not None else sent_at
    key = f"posthog {sent.uuid}" if loose.text(sent.uuid) else None
    told = sent.properties or {}
    if sent.event == "$pageview":
        referrer = told.get("$referrer")
        title = loose.text(told.get("title"))
        return common.make_event(
            "view", url, key=key, at=at, title=title, referrer=None if referrer == "$direct" else loose.text(referrer)
        )
    if sent.event == "$identify":
        return common.make_event("engagement", url, key=key, at=at)
    if sent.event.startswith("$") or sent.event in _NOT_TAKEN:
        return None
    own = {name: value for name, value in told.items() if not name.startswith(_ITS) and name not in _NOT_PROPERTIES}
    return common.make_event("custom", url, key=key, at=at, name=needed(sent.event, "event"), properties=own)
