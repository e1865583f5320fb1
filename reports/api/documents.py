"""The OpenAPI 3.1 document, made from the routes, their parameters and the shapes of their answers."""

from functools import cache
from inspect import getdoc
from re import sub
from typing import Any

import msgspec
from flask import Response

from reports import REPORTS
from reports.api.parameters import Parameter
from reports.api.routes import ROUTES, Route
from reports.api.shapes import Problem
from tracker import __version__

_REF = "#/components/schemas/{name}"
_PATH_PARAMETERS = {
    "site_key": {"description": "The site's key, as in its tag.", "schema": {"type": "string"}},
    "event_id": {
        "description": "An event's id, as examples give it: its view's 16 hex digits, a dash, its number.",
        "schema": {"type": "string"},
    },
    "profile_id": {
        "description": "A profile's id, a signed 64-bit number; one that was merged leads to what it is part of.",
        "schema": {"type": "string"},
    },
    "edge_id": {"description": "An edge's number.", "schema": {"type": "string"}},
    "conflict_id": {"description": "A conflict's number.", "schema": {"type": "string"}},
    "segment": {"description": "A segment's name.", "schema": {"type": "string"}},
    "name": {
        "description": "The report's name; with .csv after it the answer is CSV.",
        "schema": {"type": "string", "examples": [report.name for report in REPORTS]},
    },
}
_PROBLEMS = {
    "401": "No key, or one that is unknown or expired.",
    "403": "The key or account may not do this.",
    "404": "There is no such site or report.",
    "422": "A parameter breaks a rule; `field` names it.",
}


def openapi() -> Response:
    """Describe this API to a machine."""
    return Response(msgspec.json.encode(document()), mimetype="application/json")


@cache
def document() -> dict[str, Any]:
    """Return the whole document."""
    _, schemas = msgspec.json.schema_components([*(route.shape for route in ROUTES), Problem], ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Footfall",
            "version": __version__,
            "description": "Reports, events and visits of the sites that a key may read.",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key, ff_…"}},
            "schemas": schemas,
        },
    }


def _paths() -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(_path(route), {})[route.method.lower()] = _operation(route)
    return paths


def _path(route: Route) -> str:
    return sub(r"<(\w+)>", r"{\1}", route.rule)


def _operation(route: Route) -> dict[str, Any]:
    content = {route.media: {"schema": _reference(route.shape)}}
    if route.also:
        content[route.also] = {"schema": {"type": "string"}}
    in_path = [name for name in _PATH_PARAMETERS if f"<{name}>" in route.rule]
    return {
        "operationId": route.endpoint,
        "summary": getdoc(route.handler),
        "parameters": [
            *({"name": name, "in": "path", "required": True, **_PATH_PARAMETERS[name]} for name in in_path),
            *(_in_query(parameter) for parameter in route.parameters),
        ],
        **({"requestBody": _body(route.takes)} if route.takes else {}),
        "responses": {
            "200": {"description": getdoc(route.shape) or "The answer.", "content": content},
            **({"304": {"description": "Nothing changed since the ETag that was sent."}} if route.also else {}),
            **{
                status: {
                    "description": why,
                    "content": {"application/problem+json": {"schema": _reference(Problem)}},
                }
                for status, why in _PROBLEMS.items()
            },
        },
    }


def _body(schema: dict[str, object]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _in_query(parameter: Parameter) -> dict[str, Any]:
    found = {"name": parameter.name, "in": "query", "description": parameter.help, "schema": parameter.schema}
    return {**found, "explode": True, "style": "form"} if parameter.schema["type"] == "array" else found


def _reference(shape: Any) -> dict[str, str]:
    return {"$ref": _REF.format(name=shape.__name__)}
