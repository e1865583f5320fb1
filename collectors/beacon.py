"""The snippet's beacon: `POST /collect`, JSON, up to 100 events that share a page load's facts."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from collectors.answer import Answer, Headers, Outcome, RefusedError, reason_headers
from collectors.collector import Reading
from collectors.decoding import broken_schema, locate, without_nul
from collectors.incoming import Incoming
from collectors.origin import claimed_host, cors_headers
from tracker.event import ClientMs, Event, Footprint, Size
from tracker.ingest.arrival import NOTHING_SAID, Said

PATHS = ("/collect",)
METHODS = ("POST",)
BODY_BYTES = 48 * 1024
ALLOWS = b"content-type"
WITH_COOKIES = False
MAX_EVENTS = 100

_CONTENT_TYPES = (None, "text/plain", "application/json")
_HEADERS: Headers = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


class _Shared(Struct):
    site: Annotated[str, Meta(max_length=64)]
    sent_at: ClientMs | None = None
    zone: Annotated[str, Meta(max_length=64)] | None = None
    language: Annotated[str, Meta(max_length=64)] | None = None
    viewport: tuple[Size, Size] | None = None
    automated: bool = False
    # read by themselves: what is wrong with them must not cost the events
    consent: Raw = Raw()
    login: Raw = Raw()
    fingerprint: Raw = Raw()


class Beacon(_Shared, kw_only=True):
    """The wire format, when all of it is well-formed."""

    events: Annotated[list[Event], Meta(min_length=1, max_length=MAX_EVENTS)]


class _LooseBeacon(_Shared, kw_only=True):
    events: Annotated[list[Raw], Meta(min_length=1, max_length=MAX_EVENTS)]


_Value = Annotated[str, Meta(max_length=256)] | Annotated[int, Meta(ge=-(2**53), le=2**53)]
_SAID: dict[str, Decoder[Any]] = {
    "consent": Decoder(Annotated[str, Meta(max_length=64)]),
    "login": Decoder(Annotated[str, Meta(min_length=1, max_length=256)]),
    "fingerprint": Decoder(
        Annotated[dict[Annotated[str, Meta(pattern=r"^[a-z_]{1,32}$(?!\n)")], _Value], Meta(max_length=32)]
    ),
}
_strict = Decoder(Beacon)
_loose = Decoder(_LooseBeacon)
_event = Decoder(Event)


def read(incoming: Incoming) -> Reading:
    """Decode a beacon. Events that break the schema are left out as long as one is good."""
    if len(incoming.body) > BODY_BYTES:
        raise RefusedError(413, "too_large")
    content_type = incoming.content_type
    if content_type is not None and content_type.partition(";")[0].strip().lower() not in _CONTENT_TYPES:
        raise RefusedError(415, "content_type")
    beacon, events, rejected = _decode(without_nul(incoming.body))
    footprint = Footprint(
        site_id=0,
        received_at=0,
        sent_at=beacon.sent_at,
        user_agent=incoming.user_agent,
        automated=beacon.automated,
        language=beacon.language,
        zone=beacon.zone,
        viewport=beacon.viewport,
        events=events,
    )
    return Reading(beacon.site, claimed_host(incoming), footprint, rejected, *_said(beacon))


def word(outcome: Outcome, incoming: Incoming) -> Answer:
    """Answer in JSON: counts when taken, else the reason and, for the schema's, the field."""
    headers = _HEADERS + cors_headers(incoming.origin)
    if outcome.reason is None:
        body = b'{"accepted":%d,"rejected":%d}' % (outcome.accepted, outcome.rejected)
        return Answer(outcome.status, body, headers)
    said: dict[str, object] = {"reason": outcome.reason}
    if outcome.status < 300:
        said |= {"accepted": outcome.accepted, "rejected": outcome.rejected}
    if outcome.field is not None:
        said |= {"field": outcome.field, "problem": outcome.problem}
    return Answer(outcome.status, msgspec.json.encode(said), headers + reason_headers(outcome))


def _said(beacon: _Shared) -> tuple[Said, list[str]]:
    """Return what is said of the visitor, and the names of the fields that are not as they must be."""
    if not (beacon.consent or beacon.login or beacon.fingerprint):
        return NOTHING_SAID, []
    said: dict[str, Any] = {}
    ignored = []
    for name, decoder in _SAID.items():
        raw: Raw = getattr(beacon, name)
        if bytes(raw) in (b"", b"null"):
            continue
        try:
            said[name] = decoder.decode(raw)
        except (msgspec.DecodeError, RecursionError):
            ignored.append(name)
    return Said(**said), ignored


def _decode(body: bytes) -> tuple[_Shared, list[Event], list[str]]:
    try:
        beacon = _strict.decode(body)
    except msgspec.ValidationError:
        return _decode_loosely(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError(400, "malformed") from None
    return beacon, beacon.events, []


def _decode_loosely(body: bytes) -> tuple[_Shared, list[Event], list[str]]:
    """Decode event by event; RefusedError for the first fault when none is good."""
    try:
        beacon = _loose.decode(body)
        decoded = list(_decode_events(beacon.events))
    except msgspec.ValidationError as error:
        raise broken_schema(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError(400, "malformed") from None
    events = [event for event in decoded if isinstance(event, Event)]
    faults = [fault for fault in decoded if isinstance(fault, tuple)]
    if not events:
        field, problem = faults[0]
        raise RefusedError(422, "schema", field=field, problem=problem)
    return beacon, events, [field for field, _ in faults]


def _decode_events(raws: list[Raw]) -> Iterator[Event | tuple[str, str]]:
    for raw in raws:
        try:
            yield _event.decode(raw)
        except msgspec.ValidationError as error:
            field, problem = locate(error)
            yield f"events[].{field}".rstrip("."), problem
