"""What each route may answer, for the OpenAPI document: statuses, media types, headers, kinds of problem."""

from inspect import getdoc
from typing import Any

import msgspec

from reports.api.routes import ROUTES, Route
from reports.api.shapes import Problem
from tracker.access import ACTIONS, Rule
from tracker.permissions import PERMISSIONS
from tracker.problems import BY_STATUS, KINDS

_JSON = ("application/json", "application/x-ndjson")
_ALWAYS = (414, 429, 500, 503)
_SAID = {200: "The answer.", 201: "It is a new one.", 202: "It was begun, and goes on.", 304: "Nothing changed."}

HEADERS: dict[str, dict[str, Any]] = {
    "RateLimit-Policy": {
        "description": "How many calls (q) may come in how many seconds (w); absent where there is no limit.",
        "schema": {"type": "string", "pattern": r'^"calls";q=\d+;w=\d+$', "examples": ['"calls";q=600;w=60']},
    },
    "RateLimit": {
        "description": "How many calls are left (r), and in how many seconds all may come again (t).",
        "schema": {"type": "string", "pattern": r'^"calls";r=\d+;t=\d+$', "examples": ['"calls";r=598;t=1']},
    },
    "ETag": {
        "description": "Names this state of the answer; send it as If-None-Match.",
        "required": True,
        "schema": {"type": "string", "pattern": '^W/".+"$'},
    },
    "Retry-After": {
        "description": "After how many seconds to try again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {"description": "How to say who asks.", "required": True, "schema": {"type": "string"}},
}
_EACH = ("RateLimit-Policy", "RateLimit")
_OF_PROBLEM = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


def rule_of(route: Route) -> Rule:
    """Return who may ask a route."""
    return ACTIONS[PERMISSIONS[route.permission or f"api.{route.endpoint}"].action]


def statuses(route: Route) -> list[int]:
    """Return every status that a route may answer with."""
    asks = rule_of(route).people != "anyone"
    changes = route.method != "GET"
    found = {*route.gives, *route.fails, *_ALWAYS}
    found |= {401, 403} if asks else set()
    found |= {404} if "<" in route.rule else set()
    found |= {400} if changes else set()
    found |= {413, 415, 422} if route.takes else set()
    found |= {422} if route.parameters else set()
    found |= {304} if route.kept else set()
    return sorted(found)


def answers(route: Route) -> dict[str, Any]:
    """Return the responses of a route's operation."""
    return {str(status): _answer(route, status) for status in statuses(route)}


def problems() -> dict[str, Any]:
    """Return the answer that each status of a problem gives, by the name that `answers` refers to."""
    found = {}
    for status in sorted({status for route in ROUTES for status in statuses(route) if status in BY_STATUS}):
        kinds = [kind for kind in KINDS if kind.status == status]
        shown = {
            kind.name: {"value": {"type": kind.type, "title": kind.title, "status": status, "detail": kind.help}}
            for kind in kinds
        }
        found[_name(status)] = {
            "description": "; or ".join(kind.when for kind in kinds),
            "headers": _headers(*_EACH, *_OF_PROBLEM.get(status, ())),
            "content": {"application/problem+json": {"schema": reference(Problem), "examples": shown}},
        }
    return found


def reference(shape: Any) -> dict[str, str]:
    """Refer to the schema of a shape."""
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _answer(route: Route, status: int) -> dict[str, Any]:
    if status not in (*route.gives, 304):
        return {"$ref": f"#/components/responses/{_name(status)}"}
    own = {one.name: {"description": one.help, "required": True, "schema": one.schema} for one in route.sends}
    headers = _headers(*(_EACH if route.counted else ()), *(("ETag",) if route.kept else ()))
    if status == 304:
        return {"description": _SAID[status], "headers": headers}
    said = _SAID[status] if len(route.gives) > 1 or not isinstance(route.shape, type(msgspec.Struct)) else ""
    return {
        "description": said or getdoc(route.shape) or _SAID[status],
        "headers": {**headers, **own},
        "content": {media: _content(route, media) for media in (route.media, *route.also)},
    }


def _content(route: Route, media: str) -> dict[str, Any]:
    if media == "application/json":
        return {"schema": reference(route.shape)}
    if media in _JSON and route.media == media:
        # 3.1 has no word for the schema of a line.
        return {"schema": {"type": "string"}, "x-line": reference(route.shape)}
    if media.startswith("text/") or media in _JSON:
        return {"schema": {"type": "string"}}
    return {"schema": {"type": "string", "format": "binary"}}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _name(status: int) -> str:
    return f"Problem{status}"
