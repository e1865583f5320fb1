"""The JSON API under /api/v1: what each address is, who answers it and with what shape.

Who may ask stands in `tracker.permissions`; the OpenAPI document is made from `ROUTES`.
"""

from flask import Blueprint

from reports.api import documents, fallback, limiting, problems
from reports.api.routes import ROUTES

blueprint = Blueprint("api", __name__)
for route in ROUTES:
    if route.handler is not None:
        blueprint.add_url_rule(
            route.rule, route.endpoint, route.handler, methods=(route.method,), provide_automatic_options=False
        )
blueprint.add_url_rule("/api/openapi.json", "openapi", documents.openapi)
blueprint.add_url_rule(
    "/api/<path:rest>", "unknown", fallback.unknown, methods=fallback.METHODS, provide_automatic_options=False
)
limiting.register(blueprint)
problems.register(blueprint)
