"""The addresses of the API, each with its handler, its parameters and the shape of its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response

from reports.api import edges, handlers, heatmaps, profiles, releases, rights, segments, signals, stories
from reports.api.parameters import EXPORT, SCOPE, Parameter
from reports.api.shapes import Reports, Sites
from reports.export import EXPORTS
from reports.heatmap import Heatmap
from reports.profiles.shapes import ProfileShape, Timeline
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
    Route(f"{_SITE}/profiles", "profiles", profiles.profiles, profiles.Profiles, profiles.LISTED),
    Route(f"{_SITE}/profiles/<profile_id>", "profile", profiles.profile, ProfileShape),
    Route(f"{_SITE}/profiles/<profile_id>/timeline", "timeline", profiles.timeline, Timeline, profiles.BEFORE),
    Route(
        f"{_SITE}/profiles/find",
        "find_profile",
        profiles.find,
        profiles.FoundShape,
        method="POST",
        takes=profiles.FIND,
    ),
    Route(
        f"{_SITE}/profiles/links",
        "make_links",
        profiles.make_links,
        profiles.LinksShape,
        method="POST",
        takes=profiles.LINKS,
    ),
    Route(
        f"{_SITE}/profiles/merge",
        "merge_profiles",
        edges.merge,
        edges.ChangedShape,
        method="POST",
        takes=edges.MERGE,
    ),
    Route(f"{_SITE}/profiles/<profile_id>/export", "export_person", rights.export, rights.PersonShape),
    Route(
        f"{_SITE}/profiles/<profile_id>/erase",
        "erase_person",
        rights.erase,
        rights.ErasedShape,
        method="POST",
        takes=rights.ERASE,
    ),
    Route(f"{_SITE}/edges", "edges", edges.edges, edges.Edges, edges.OF_PROFILE),
    Route(
        f"{_SITE}/edges/<edge_id>/take-back",
        "take_back_edge",
        edges.take_back,
        edges.ChangedShape,
        method="POST",
        takes=edges.TAKE_BACK,
    ),
    Route(f"{_SITE}/edges/<edge_id>/put-back", "put_back_edge", edges.put_back, edges.ChangedShape, method="POST"),
    Route(f"{_SITE}/conflicts", "conflicts", edges.conflicts, edges.Conflicts, edges.DECIDED),
    Route(
        f"{_SITE}/conflicts/<conflict_id>",
        "decide_conflict",
        edges.decide,
        edges.DecidedShape,
        method="POST",
        takes=edges.DECIDE,
    ),
    Route(f"{_SITE}/segments", "segments", segments.segments, segments.Segments),
    Route(
        f"{_SITE}/segments",
        "save_segment",
        segments.save,
        segments.SegmentShape,
        method="POST",
        takes=segments.SAVE,
    ),
    Route(f"{_SITE}/segments/<segment>", "delete_segment", segments.delete, segments.Segments, method="DELETE"),
    Route(f"{_SITE}/events", "events", handlers.events, EXPORTS["events"].line, EXPORT, _LINES),
    Route(f"{_SITE}/visits", "visits", handlers.visits, EXPORTS["visits"].line, EXPORT, _LINES),
)
