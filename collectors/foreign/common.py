"""What the collectors of other trackers share: making our events of what they send, and their usual answers."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from math import isfinite

from collectors.answer import Headers, Outcome, reason_headers
from collectors.collector import Reading
from collectors.decoding import as_event, needed
from collectors.incoming import Incoming
from collectors.loose import is_size
from collectors.origin import claimed_host, credential_headers, host_of
from tracker.clock import now_ms
from tracker.event import (
    MAX_PROPERTIES,
    MAX_TEXT,
    MAX_URL,
    MAX_WHOLE,
    MAX_WORD,
    Event,
    Footprint,
    PropertyValue,
)
from tracker.ingest.arrival import Said
from tracker.ingest.consent import DENIED

BODY_BYTES = 64 * 1024
MAX_EVENTS = 500

# Refusals of which other trackers say nothing: they answer as if all were well.
_QUIET = ("origin", "disabled_site", "secret")
# What came is at fault, and sending it again will not help.
_FAULTS = ("schema", "malformed")
_LONGEST_ID = 256
_LONGEST_NUMBER = 128  # bits; a longer number is nobody's id


def make_event(
    kind: str,
    url: str,
    *,
    key: str | None = None,
    at: int | None = None,
    properties: object = None,
    **fields: str | int | None,
) -> Event:
    """Make an event; texts that are too long for ours are cut, as most trackers do.

    `key` is what the other tracker tells it by: the same twice counts once. RefusedError when
    it cannot be one of ours all the same.
    """
    given: dict[str, object] = {name: value for name, value in fields.items() if value not in (None, "")}
    for name, longest in (("title", MAX_TEXT), ("name", MAX_WORD), ("referrer", MAX_URL)):
        if name in given:
            given[name] = str(given[name]).replace("\0", "")[:longest]
    kept = _plain_properties(properties)
    if kept:
        given["properties"] = kept
    identity = hashlib.sha256(key.encode(errors="replace")).hexdigest()[:16] if key else secrets.token_hex(8)
    told = {"id": f"{identity}-0", "kind": kind, "at": now_ms() if at is None else at, "url": url, **given}
    return as_event(told)


def make_footprint(
    incoming: Incoming,
    events: list[Event],
    *,
    user_agent: str | None = None,
    language: object = None,
    zone: object = None,
    viewport: tuple[object, object] | None = None,
    automated: bool = False,
    sent_at: int | None = None,
) -> Footprint:
    """Make a footprint; what of its facts is not as it must be is left out. `sent_at` is now by default."""
    footprint = Footprint(
        site_id=0,
        received_at=0,
        sent_at=now_ms() if sent_at is None else sent_at,
        user_agent=user_agent or incoming.user_agent,
        automated=automated,
        language=language if isinstance(language, str) else None,
        zone=zone if isinstance(zone, str) else None,
        events=events,
    )
    width, height = viewport or (None, None)
    if is_size(width) and is_size(height):
        footprint.viewport = (width, height)
    return footprint


def whence(incoming: Incoming, url: str) -> str | None:
    """Return the host that a request is from: what its browser says, else that of its address.

    "" where neither says anything, so that only the site that is meant can tell.
    """
    if incoming.origin is not None or incoming.referer:
        return claimed_host(incoming)
    return "" if url.startswith("/") else host_of(url)


def place(incoming: Incoming, path: str, host: str | None = None) -> str:
    """Return the address of a path on a host, by default on the one that the request is from."""
    if _is_web(path):
        return path
    path = path if path.startswith("/") else f"/{path}"
    found = host or claimed_host(incoming)
    return f"https://{found}{path}" if found else path


def make_reading(
    product: str,
    their_id: tuple[str, str | None],
    host: str | None,
    footprint: Footprint,
    *,
    not_taken: str | None = None,
    device: object = None,
    login: object = None,
    denied: bool = False,
    secret: str | None = None,
) -> Reading:
    """Make a reading of what a product sends.

    `their_id` is the name of the field that says which site is meant, and what stands in it; RefusedError
    when that is nothing. By `device` the product knows a browser, as no other product's id can be; what cannot
    be an id or a login is left out.
    """
    field, site = their_id
    known = device[:_LONGEST_ID] if isinstance(device, str) else ""
    return Reading(
        needed(site, field),
        host,
        footprint,
        product=product,
        secret=secret,
        not_taken=(not_taken,) if not_taken else (),
        said=Said(
            consent=DENIED if denied else None,
            device=f"{product}:{known}" if known else None,
            login=login if isinstance(login, str) and 0 < len(login) <= _LONGEST_ID else None,
        ),
    )


def as_one(readings: Iterable[Reading]) -> Reading:
    """Return the first of a request's readings with the others in it, one of each visitor and site."""
    together: dict[tuple[object, ...], Reading] = {}
    for reading in readings:
        footprint = reading.footprint
        same = (reading.site, reading.host, reading.said, footprint.user_agent, footprint.language)
        known = together.setdefault(same, reading)
        if known is not reading:
            known.footprint.events.extend(footprint.events)
            known.not_taken = (*known.not_taken, *reading.not_taken)
    first, *first.more = together.values()
    return first


def is_quiet(outcome: Outcome) -> bool:
    """Tell whether the sender hears nothing of what became of its request."""
    return outcome.status < 300 or outcome.reason in _QUIET


def is_fault(outcome: Outcome) -> bool:
    """Tell whether it is what was sent that is at fault."""
    return outcome.reason in _FAULTS


def headers_of(outcome: Outcome, incoming: Incoming, content_type: bytes) -> Headers:
    """Return the headers of an answer that the page may read, cookies sent along or not."""
    return (
        (b"content-type", content_type),
        (b"cache-control", b"no-store"),
        (b"cross-origin-resource-policy", b"cross-origin"),
        *credential_headers(incoming.origin),
        *reason_headers(outcome),
    )


def _is_web(url: str) -> bool:
    return url[:8].lower().startswith(("http://", "https://"))


def _plain_properties(given: object) -> dict[str, PropertyValue]:
    """Return those properties of an object that have one value each, cut to what an event can hold."""
    kept: dict[str, PropertyValue] = {}
    for name, value in given.items() if isinstance(given, Mapping) else ():
        plain = _plain(value)
        if plain is not None and len(kept) < MAX_PROPERTIES:
            kept[str(name).replace("\0", "")[:MAX_WORD]] = plain
    return kept


def _plain(value: object) -> PropertyValue:
    if isinstance(value, str):
        return value.replace("\0", "")[:MAX_TEXT]
    if isinstance(value, float):
        return value if isfinite(value) else None
    if not isinstance(value, int):
        return None
    if abs(value) <= MAX_WHOLE:
        return value
    return str(value) if value.bit_length() <= _LONGEST_NUMBER else None
