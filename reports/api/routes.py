"""The addresses of the API, each with its handler, its parameters and the shape of its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response

from reports.api import handlers, heatmaps, releases, signals, stories
from reports.api.parameters import EXPORT, SCOPE, Parameter
from reports.api.shapes import Reports, Sites
from reports.export import EXPORTS
from reports.heatmap import Heatmap
from reports.render.json import ReportShape
from reports.struggle.story import Story


@dataclass(frozen=True)
class Route:
    """One address. `shape` is the answer's, or one line's where `media` is NDJSON.

    `takes` is the JSON Schema of the body that it wants, if any.
    """

    rule: str
    endpoint: str
    handler: Callable[..., Response]
    shape: Any
    parameters: tuple[Parameter, ...] = ()
    media: str = "application/json"
    also: str | None = None
    method: str = "GET"
    takes: dict[str, object] | None = None


_SITE = "/api/v1/sites/<site_key>"
_LINES = "application/x-ndjson"

ROUTES = (
    Route("/api/v1/sites", "sites", handlers.sites, Sites),
    Route(f"{_SITE}/reports", "reports", handlers.reports, Reports),
    Route(f"{_SITE}/reports/<name>", "report", handlers.report, ReportShape, SCOPE, also="text/csv"),
    Route(f"{_SITE}/heatmap", "heatmap", heatmaps.heatmap, Heatmap, heatmaps.PARAMETERS),
    Route(f"{_SITE}/examples", "examples", stories.examples, stories.Examples, stories.EXAMPLES),
    Route(f"{_SITE}/stories/<event_id>", "story", stories.story, Story, stories.STORY),
    Route(f"{_SITE}/signals", "signals", signals.signals, signals.SignalsShape),
    Route(
        f"{_SITE}/signals",
        "change_signals",
        signals.change_signals,
        signals.SignalsShape,
        method="POST",
        takes=signals.CHANGE,
    ),
    Route(f"{_SITE}/signals/what-if", "try_limits", signals.try_limits, signals.WhatIfShape, signals.TRIED),
    Route(f"{_SITE}/releases", "releases", releases.releases, releases.Releases),
    Route(
        f"{_SITE}/releases",
        "mark_release",
        releases.mark,
        releases.ReleaseShape,
        method="POST",
        takes=releases.MARK,
    ),
    Route(f"{_SITE}/events", "events", handlers.events, EXPORTS["events"].line, EXPORT, _LINES),
    Route(f"{_SITE}/visits", "visits", handlers.visits, EXPORTS["visits"].line, EXPORT, _LINES),
)
