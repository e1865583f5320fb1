"""What no route answers under /api: addresses where there is nothing, and methods that an address does not know."""

from functools import cache

from flask import Response, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, MapAdapter

from reports.api.routes import ROUTES
from tracker.routing import LateRule

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY")


@cache
def _known() -> MapAdapter:
    rules = (LateRule(route.rule, endpoint=route.rule, methods=(route.method,)) for route in ROUTES)
    return Map(list(rules)).bind("")


def unknown(rest: str) -> Response:
    """Say which methods this address knows, or that there is nothing."""
    methods = _methods_of(request.path)
    if not methods:
        raise NotFound("There is nothing at this address; /api/openapi.json tells what there is.")
    if request.method == "OPTIONS":
        return Response(status=204, headers={"Allow": ", ".join(methods)})
    raise MethodNotAllowed(methods, description=f"This address knows {' and '.join(methods)} alone.")


def _methods_of(path: str) -> list[str]:
    """Return the methods of the route that says most of a path: profiles/find is no profile."""
    rules: dict[str, list[str]] = {}
    for method in sorted(_known().allowed_methods(path)):
        rule, _ = _known().match(path, method)
        rules.setdefault(rule, []).append(method)
    return rules[min(rules, key=lambda rule: rule.count("<"))] if rules else []
