"""Reads what a site's server sends: events as JSON or as NDJSON, gzipped or not, each by itself."""

import re
from collections.abc import Sequence

import msgspec
from msgspec import Raw, Struct
from msgspec.json import Decoder

from collectors.answer import RefusedError
from collectors.decoding import decode, locate, unzipped, without_nul
from tracker.sent_event import MOST_BYTES, MOST_EVENTS, Fault, SentEvent

_JSON = "application/json"
_LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl")
_UNKNOWN = re.compile(r"unknown field `(\w+)`")


class _Wrapped(Struct):
    events: list[Raw]


_wrapped = Decoder(_Wrapped)
_list = Decoder(list[Raw])
_event = Decoder(SentEvent)


def read_batch(
    body: bytes, content_type: str | None, encoding: str | None
) -> tuple[list[tuple[int, SentEvent]], list[Fault]]:
    """Return the good events with their places, and the faults of the others; RefusedError when it is no batch."""
    media = (content_type or _JSON).partition(";")[0].strip().lower()
    if media != _JSON and media not in _LINES:
        raise RefusedError(415, "content_type")
    raws = _split(_unpack(body, encoding), lines=media in _LINES)
    if not 0 < len(raws) <= MOST_EVENTS:
        raise RefusedError(422, "schema", field="events", problem=f"must be 1 to {MOST_EVENTS:,} events")
    events: list[tuple[int, SentEvent]] = []
    faults: list[Fault] = []
    for index, raw in enumerate(raws):
        try:
            events.append((index, _event.decode(raw)))
        except msgspec.ValidationError as error:
            faults.append(_fault(index, error))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            faults.append(Fault(index, "", "is no JSON object"))
    return events, faults


def _unpack(body: bytes, encoding: str | None) -> bytes:
    """Return the body as it was before it was packed."""
    if encoding is None or encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() != "gzip":
        raise RefusedError(415, "content_encoding")
    return unzipped(body, MOST_BYTES)


def _split(body: bytes, *, lines: bool) -> Sequence[bytes | Raw]:
    """Return the events of a body, each still in JSON."""
    if lines:
        return [line for line in without_nul(body).splitlines() if line.strip()]
    if body.lstrip()[:1] == b"[":
        return decode(body, _list, "events")
    return decode(body, _wrapped, "events").events


def _fault(index: int, error: msgspec.ValidationError) -> Fault:
    field, problem = locate(error)
    unknown = _UNKNOWN.search(problem)
    if unknown:
        return Fault(index, unknown[1], "is no field of an event")
    return Fault(index, field, problem)
