"""Snowplow's tracker protocol: `POST …/tp2`, JSON, and its pixel `/i`, one event in the query."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from msgspec.json import Decoder

from collectors import loose
from collectors.answer import Answer, Outcome
from collectors.collector import Reading
from collectors.decoding import decode, pairs
from collectors.foreign import common
from collectors.incoming import Incoming
from collectors.pixel import GIF
from tracker.event import Event

PATHS = ("/com.snowplowanalytics.snowplow/tp2", "/i")
METHODS = ("GET", "POST")
BODY_BYTES = common.BODY_BYTES
ALLOWS = b"content-type, sp-anonymous"
WITH_COOKIES = True

_NOT_TAKEN = {"pp": "page ping", "ti": "order item", "ad": "ad", "ue": "form"}
_ITS = "com.snowplowanalytics."  # so begin the vendors of its own schemas
_LINK = "link_click"
_FORMS = ("change_form", "focus_form", "submit_form")  # they tell what somebody typed
Told = Mapping[str, Any]


class _Sent(Struct):
    data: Annotated[list[dict[str, Any]], Meta(min_length=1, max_length=common.MAX_EVENTS)]


_sent = Decoder(_Sent)


def read(incoming: Incoming) -> Reading:
    """Read the events of a request; each visitor and each app of them is a reading of its own."""
    events: Sequence[Told] = decode(incoming.body, _sent).data if incoming.body else [pairs(incoming.query)]
    return common.as_one(_read_event(told, incoming) for told in events)


def word(outcome: Outcome, incoming: Incoming) -> Answer:
    """Answer `ok`, or with a picture, whatever came: it is later on that Snowplow looks at it."""
    is_well = common.is_quiet(outcome) or common.is_fault(outcome) or outcome.reason == "unknown_id"
    status = 200 if is_well else outcome.status
    if incoming.body:
        return Answer(status, b"ok", common.headers_of(outcome, incoming, b"text/plain; charset=utf-8"))
    return Answer(status, GIF, common.headers_of(outcome, incoming, b"image/gif"))


def _read_event(told: Told, incoming: Incoming) -> Reading:
    url = common.place(incoming, loose.text(told.get("url")) or incoming.referer or "/")
    event = _event(told, url)
    width, _, height = str(told.get("vp", "")).partition("x")
    footprint = common.make_footprint(
        incoming,
        [event] if event else [],
        user_agent=loose.text(told.get("ua")),
        language=told.get("lang"),
        zone=told.get("tz"),
        viewport=(loose.whole(width), loose.whole(height)),
        sent_at=loose.whole(told.get("stm")),
    )
    return common.make_reading(
        "snowplow",
        ("aid", loose.text(told.get("aid"))),
        common.whence(incoming, url),
        footprint,
        not_taken=None if event else _NOT_TAKEN.get(str(told.get("e")), "other"),
        device=told.get("duid"),
        login=told.get("uid"),
    )


def _event(told: Told, url: str) -> Event | None:
    """Return our event of one of theirs, None for what is not taken."""
    eid = loose.text(told.get("eid"))
    key, at = f"snowplow {eid}" if eid else None, loose.whole(told.get("dtm"))
    match told.get("e"):
        case "pv":
            title, referrer = loose.text(told.get("page")), loose.text(told.get("refr"))
            return common.make_event("view", url, key=key, at=at, title=title, referrer=referrer)
        case "se":
            name = " / ".join(str(told[part]) for part in ("se_ca", "se_ac") if told.get(part)) or "event"
            value = loose.number(told.get("se_va"))
            own = {"label": told.get("se_la"), "property": told.get("se_pr"), "value": value}
            return common.make_event("custom", url, key=key, at=at, name=name, properties=own)
        case "tr":
            own = {"id": told.get("tr_id"), "value": loose.number(told.get("tr_tt")), "currency": told.get("tr_cu")}
            return common.make_event("custom", url, key=key, at=at, name="order", properties=own)
        case "ue":
            return _described(told, url, key, at)
    return None


def _described(told: Told, url: str, key: str | None, at: int | None) -> Event | None:
    """Return our event of one that describes itself, None for what people type into forms."""
    vendor, name, data = _self_described(told)
    if vendor.startswith(_ITS) and name in _FORMS:
        return None
    if name == _LINK:
        return common.make_event("link", url, key=key, at=at, properties={"href": data.get("targetUrl")})
    return common.make_event("custom", url, key=key, at=at, name=name, properties=data)


def _self_described(told: Told) -> tuple[str, str, Told]:
    """Return whose schema an event that describes itself has, the name in it, and its data.

    "" and "event" where it does not.
    """
    raw = loose.text(told.get("ue_pr"))
    try:
        if raw is None:
            packed = str(told.get("ue_px", ""))
            raw = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
        event = msgspec.json.decode(raw)["data"]
        vendor, name = event["schema"].removeprefix("iglu:").split("/")[:2]
        data = event["data"]
    except (msgspec.DecodeError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return "", "event", {}
    return vendor, name or "event", data if isinstance(data, Mapping) else {}
