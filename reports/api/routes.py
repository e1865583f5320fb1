"""The addresses of the API, each with its handler, its parameters and the shape of its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response

from reports.api import handlers
from reports.api.parameters import EXPORT, SCOPE, Parameter
from reports.api.shapes import Reports, Sites
from reports.export import EXPORTS
from reports.render.json import ReportShape


@dataclass(frozen=True)
class Route:
    """One address. `shape` is the answer's, or one line's where `media` is NDJSON."""

    rule: str
    endpoint: str
    handler: Callable[..., Response]
    shape: Any
    parameters: tuple[Parameter, ...] = ()
    media: str = "application/json"
    also: str | None = None


_SITE = "/api/v1/sites/<site_key>"
_LINES = "application/x-ndjson"

ROUTES = (
    Route("/api/v1/sites", "sites", handlers.sites, Sites),
    Route(f"{_SITE}/reports", "reports", handlers.reports, Reports),
    Route(f"{_SITE}/reports/<name>", "report", handlers.report, ReportShape, SCOPE, also="text/csv"),
    Route(f"{_SITE}/events", "events", handlers.events, EXPORTS["events"].line, EXPORT, _LINES),
    Route(f"{_SITE}/visits", "visits", handlers.visits, EXPORTS["visits"].line, EXPORT, _LINES),
)
