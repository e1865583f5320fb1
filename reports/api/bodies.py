"""Bodies of requests: small JSON objects of known fields."""

from typing import TypeVar

import msgspec
from flask import abort, request

from tracker.access import Principal
from tracker.errors import InvalidInputError

LONGEST_BODY = 4096
T = TypeVar("T")


def read_body(shape: type[T], *, optional: bool = False, longest: int = LONGEST_BODY) -> T:
    """Return this request's body; InvalidInputError that names the field where it does not fit.

    413 when it has more than `longest` bytes. An `optional` one may be left out.
    """
    if (request.content_length or 0) > longest:
        abort(413, f"This is longer than {longest} bytes.")
    raw = request.get_data(cache=False)
    try:
        return msgspec.json.decode(raw if raw or not optional else b"{}", type=shape)
    except msgspec.ValidationError as error:
        said, _, where = str(error).partition(" - at `$.")
        field = where.rstrip("`").partition("[")[0] or "body"
        raise InvalidInputError(field, f"does not fit: {said}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidInputError("body", f"must be a JSON object: {error}") from error


def named(principal: Principal) -> str:
    """Return by what name somebody's changes are kept."""
    return f"key {principal.name}" if principal.kind == "key" else principal.name
