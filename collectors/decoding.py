"""Decodes what senders wrote, JSON and queries, packed or not, and says of what is wrong in which field it is."""

import re
import zlib
from typing import TypeVar
from urllib.parse import parse_qs

import msgspec
from msgspec.json import Decoder

from collectors.answer import RefusedError
from tracker.event import Event

_MOST_PAIRS = 250
_GZIP = 31  # zlib's word for a gzip header
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)(?:\\u0000)+")
_MISSING = re.compile(r"missing required field `(\w+)`")
T = TypeVar("T")


def decode(body: bytes, decoder: Decoder[T], whole: str = "") -> T:
    """Decode JSON; RefusedError says what is wrong with it, and calls all of it `whole`."""
    try:
        return decoder.decode(without_nul(body))
    except msgspec.ValidationError as error:
        raise broken_schema(error, whole) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError(400, "malformed") from None


def unzipped(body: bytes, most: int) -> bytes:
    """Unpack what was gzipped; RefusedError when it is broken or cut, or has more than `most` bytes.

    However much there is, no more of it is unpacked than that.
    """
    unzip = zlib.decompressobj(_GZIP)
    try:
        unpacked = unzip.decompress(body, most + 1)
    except zlib.error:
        raise RefusedError(400, "malformed") from None
    if len(unpacked) > most:
        raise RefusedError(413, "too_large")
    if not unzip.eof or unzip.unused_data:
        raise RefusedError(400, "malformed")
    return unpacked


def pairs(text: str, most: int = _MOST_PAIRS) -> dict[str, str]:
    """Read names and values as they stand in a query, the first of each name; RefusedError when it is none."""
    try:
        given = parse_qs(text, max_num_fields=most, errors="strict")
    except ValueError:
        raise RefusedError(400, "malformed") from None
    return {name: values[0].replace("\0", "") for name, values in given.items()}


def needed(value: str | None, field: str) -> str:
    """Return a text that must be there; RefusedError names its field when it is not."""
    if not value:
        raise RefusedError(422, "schema", field=field, problem="missing")
    return value


def as_event(told: dict[str, object]) -> Event:
    """Turn fields of ours into an event; RefusedError names the one that cannot be."""
    try:
        return msgspec.convert(told, Event)
    except msgspec.ValidationError as error:
        raise broken_schema(error) from None


def broken_schema(error: msgspec.ValidationError, whole: str = "") -> RefusedError:
    """Return the refusal of what does not have the shape that it must."""
    field, problem = locate(error)
    return RefusedError(422, "schema", field=field or whole, problem=problem)


def without_nul(body: bytes) -> bytes:
    """Return JSON without escaped NULs: every parser lets them pass and the store would not."""
    return _NUL.sub(rb"\1", body) if b"\\u0000" in body else body


def locate(error: msgspec.ValidationError) -> tuple[str, str]:
    """Return (field, problem) of a validation error; the field without its indices, "" for the whole."""
    problem, _, path = str(error).partition(" - at `$")
    field = re.sub(r"\[[^\]]*\]", "[]", path.rstrip("`")).lstrip(".")
    missing = _MISSING.search(problem)
    if missing:
        field = f"{field}.{missing.group(1)}".lstrip(".")
    return field, problem
