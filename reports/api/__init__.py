"""The JSON API under /api/v1: what each address is, who answers it and with what shape.

Who may ask stands in `tracker.permissions`; the OpenAPI document is made from `ROUTES`.
"""

from flask import Blueprint

from reports.api import documents, handlers, problems
from reports.api.routes import ROUTES

blueprint = Blueprint("api", __name__)
for route in ROUTES:
    blueprint.add_url_rule(route.rule, route.endpoint, route.handler, methods=(route.method,))
blueprint.add_url_rule("/api/openapi.json", "openapi", documents.openapi)
blueprint.add_url_rule("/api/<path:rest>", "unknown", handlers.unknown)
problems.register(blueprint)
