"""Bodies of requests, small JSON objects of known fields, and of answers."""

from typing import TypeVar

import msgspec
from flask import Response, abort, request
from werkzeug.exceptions import RequestEntityTooLarge

from tracker.access import Principal
from tracker.errors import InvalidInputError

LONGEST_BODY = 4096
_FORM = "application/x-www-form-urlencoded"
"""What curl says of any body, unless it is told better."""
T = TypeVar("T")


def read_body(shape: type[T], *, optional: bool = False, longest: int = LONGEST_BODY) -> T:
    """Return this request's body; InvalidInputError that names the field where it does not fit.

    413 when it has more than `longest` bytes, 415 when it says that it is no JSON. An `optional` one may be left out.
    """
    request.max_content_length = longest
    try:
        raw = request.get_data(cache=False)
    except RequestEntityTooLarge:
        abort(413, f"This is longer than {longest} bytes.")
    if raw and request.mimetype and not request.is_json and request.mimetype != _FORM:
        abort(415, f"Send JSON as application/json, not as {request.mimetype[:64]}.")
    try:
        return msgspec.json.decode(raw if raw or not optional else b"{}", type=shape)
    except msgspec.ValidationError as error:
        said, _, where = str(error).partition(" - at `$.")
        field = where.rstrip("`").partition("[")[0] or "body"
        raise InvalidInputError(field, f"does not fit: {said}") from error
    except RecursionError as error:
        raise InvalidInputError("body", "is nested far too deeply") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidInputError("body", f"must be a JSON object: {error}") from error


def answer(shape: msgspec.Struct, status: int = 200, *, caching: str | None = "no-store") -> Response:
    """Answer with a shape as JSON; `caching` says who may keep it, None nothing of that."""
    headers = {} if caching is None else {"Cache-Control": caching}
    return Response(msgspec.json.encode(shape), status, mimetype="application/json", headers=headers)


def named(principal: Principal) -> str:
    """Return by what name somebody's changes are kept."""
    return f"key {principal.name}" if principal.kind == "key" else principal.name
