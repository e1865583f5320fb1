"""The OpenAPI 3.1 document, made from the routes, their parameters and the shapes of their answers."""

from functools import cache
from inspect import getdoc
from re import findall, sub
from typing import Any

import msgspec
from flask import Response

from reports import REPORTS
from reports.api.answers import HEADERS, answers, problems, rule_of
from reports.api.exports import MEDIA
from reports.api.parameters import Parameter
from reports.api.routes import ROUTES, Route
from reports.api.shapes import Problem
from reports.api.texts import ID
from tracker import __version__
from tracker.problems import KINDS
from tracker.sent_event import SentEvent

_REF = "#/components/schemas/{name}"
_TEXT: dict[str, object] = {"type": "string", "minLength": 1}
_PATH_PARAMETERS: dict[str, tuple[str, dict[str, object]]] = {
    "site_key": ("The site's key, as in its tag.", _TEXT),
    "event_id": (
        "An event's id, as examples give it: its view's 16 hex digits, a dash, its number.",
        {"type": "string", "pattern": "^[0-9a-f]{16}-[0-9]+$"},
    ),
    "profile_id": ("A profile's id, a signed 64-bit number; one that was merged leads to what it is part of.", ID),
    "edge_id": ("An edge's number.", ID),
    "conflict_id": ("A conflict's number.", ID),
    "segment": ("A segment's name.", _TEXT),
    "goal": ("A goal's name.", _TEXT),
    "funnel": ("A funnel's name.", _TEXT),
    "delivery": ("A delivery's id, as the list gives it.", _TEXT),
    "number": ("A tracker's or a webhook's number, as the list gives it.", {"type": "string", "pattern": "^[0-9]+$"}),
    "form": ("How the answer is written.", {"type": "string"}),
    "day": ("A day of the site's own, as 2026-03-01.", {"type": "string", "format": "date"}),
    "name": ("The report's name.", {"type": "string", "enum": [report.name for report in REPORTS]}),
    "kind": ("The name of a kind of problem.", {"type": "string", "enum": [kind.name for kind in KINDS]}),
}
_FORM_OF = {"application/json": "json", **{media: form for form, media in MEDIA.items()}}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of the answer that you have; 304 while it still holds.",
    "schema": {"type": "string"},
}
_TAGS = {
    "sites": "The sites that a key may read.",
    "questions": "Any measures by any dimensions: docs/api/query.md.",
    "reports": "Reports, the heatmap, the flow between pages, and what goes on now.",
    "struggles": "What counts as a struggle, and the stories of those that happened.",
    "profiles": "Who came, by what they are known as one, and what may be kept of them.",
    "ingest": "What a site's own server tells of its visitors: docs/api/ingest.md.",
    "exports": "All that is stored, to take away: docs/api/exports.md.",
    "settings": "What a site knows by name: releases, segments, goals, funnels, other trackers, webhooks, alerts.",
    "problems": "What the type of a problem means.",
}
_TAG_OF = {
    "query": "questions",
    "schema": "questions",
    "live": "reports",
    "heatmap": "reports",
    "flow": "reports",
    "signals": "struggles",
    "check": "struggles",
    "examples": "struggles",
    "stories": "struggles",
    "edges": "profiles",
    "conflicts": "profiles",
    "events": "exports",
    "visits": "exports",
    "days": "exports",
}
_VERBS = ("try", "export")


def openapi() -> Response:
    """Describe this API to a machine."""
    return Response(msgspec.json.encode(document()), mimetype="application/json")


@cache
def document() -> dict[str, Any]:
    """Return the whole document."""
    shapes = [route.shape for route in ROUTES if issubclass(route.shape, msgspec.Struct)]
    _, schemas = msgspec.json.schema_components([*shapes, SentEvent, Problem], ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Footfall",
            "version": __version__,
            "summary": "Reports, events and visits of the sites that a key may read, and what their servers send.",
            "description": "Send a key as `Authorization: Bearer ff_…`. Each operation names the scope that it needs. "
            "Problems are those of RFC 9457; their `type` leads to what helps. "
            "OPTIONS tells which methods an address knows, and HEAD answers as GET does, without the body.",
        },
        "servers": [{"url": "/"}],
        "security": [{"key": ["read"]}],
        "tags": [{"name": name, "description": said} for name, said in _TAGS.items()],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key, ff_…"}},
            "schemas": schemas,
            "headers": HEADERS,
            "responses": problems(),
        },
    }


def operation_id(route: Route) -> str:
    """Return the name that programs made of the document give a route: what it does, then to what."""
    does = route.method != "GET" or route.endpoint.partition("_")[0] in _VERBS
    return route.endpoint if does else f"get_{route.endpoint}"


def _paths() -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(sub(r"<(\w+)>", r"{\1}", route.rule), {})[route.method.lower()] = _operation(route)
    return paths


def _operation(route: Route) -> dict[str, Any]:
    said = " ".join((route.summary or getdoc(route.handler) or "").split())
    rule = rule_of(route)
    needs = f" Needs the scope `{rule.scope}`." if rule.scope else " Needs no key."
    return {
        "operationId": operation_id(route),
        "tags": [_tag(route)],
        "summary": said.partition(".")[0].partition(";")[0],
        "description": said + needs,
        "security": [{"key": [rule.scope]}] if rule.scope else [],
        "parameters": [
            *(_in_path(name, route) for name in findall(r"<(\w+)>", route.rule)),
            *(_in_query(parameter) for parameter in route.parameters),
            *([_IF_NONE_MATCH] if route.kept else []),
        ],
        **({"requestBody": _body(route, route.takes)} if route.takes else {}),
        "responses": answers(route),
    }


def _tag(route: Route) -> str:
    """Return the tag of a route: `ingest` where a collector answers, else what its address after the site's says.

    Those that no tag is named after are `settings`.
    """
    if route.handler is None:
        return "ingest"
    words = route.rule.removeprefix("/api/v1/").removeprefix("sites/<site_key>/").replace("/", ".").split(".")
    return _TAG_OF.get(words[0], words[0] if words[0] in _TAGS else "settings")


def _body(route: Route, schema: dict[str, object]) -> dict[str, Any]:
    needed = bool(schema.get("required") or schema.get("minItems"))
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    # 3.1 has no word for the schema of a line.
    content |= {media: {"schema": {"type": "string"}} for media in route.bodies if media not in content}
    return {"required": needed, "content": content}


def _in_path(name: str, route: Route) -> dict[str, Any]:
    said, schema = _PATH_PARAMETERS[name]
    if name == "form":
        schema = {**schema, "enum": [_FORM_OF[media] for media in (route.media, *route.also)]}
    return {"name": name, "in": "path", "required": True, "description": said, "schema": schema}


def _in_query(parameter: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {"name": parameter.name, "in": "query", "description": parameter.help}
    found |= {"required": True} if parameter.required else {}
    found |= {"explode": True, "style": "form"} if parameter.schema["type"] == "array" else {}
    return {**found, "schema": parameter.schema}
