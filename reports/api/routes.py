"""The addresses of the API, each with its handler, its parameters and the shape of its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response

from reports.api import (
    alerts,
    checks,
    edges,
    exports,
    flows,
    funnels,
    goals,
    handlers,
    heatmaps,
    kinds,
    live,
    profiles,
    queries,
    releases,
    rights,
    segments,
    signals,
    stories,
    trackers,
    webhooks,
)
from reports.api.parameters import SCOPE, Parameter
from reports.api.shapes import Reports, Sites
from reports.bulk.shapes import LINES
from reports.flow.shapes import Flow
from reports.heatmap import Heatmap
from reports.live import Live
from reports.profiles.shapes import ProfileShape, Timeline
from reports.question.schema import Schema
from reports.question.shapes import ResultsShape
from reports.release.shapes import CheckShape
from reports.render.json import ReportShape
from reports.struggle.story import Story
from tracker.sent_event import MOST_EVENTS, SentEvent, TakenEvents


@dataclass(frozen=True)
class Route:
    """One address. `shape` is the answer's, or one line's where `media` is NDJSON.

    `takes` is the JSON Schema of the body that it wants, if any. `gives` are the statuses of good answers, and
    `fails` those of problems beside the ones that every route like it has (`reports.api.answers`). One that is
    `kept` has an ETag, and 304 while nothing changed. `sends` are headers of its own.
    Where calls are not `counted`, no answer says how many are left. `bodies` are the media types of what it takes.
    What a collector answers has no `handler` here, and is described alone: by its `summary`, and by the row of
    `tracker.permissions` that holds for it.
    """

    rule: str
    endpoint: str
    handler: Callable[..., Response] | None
    shape: Any
    parameters: tuple[Parameter, ...] = ()
    media: str = "application/json"
    also: tuple[str, ...] = ()
    method: str = "GET"
    takes: dict[str, object] | None = None
    gives: tuple[int, ...] = (200,)
    fails: tuple[int, ...] = ()
    kept: bool = False
    sends: tuple[Parameter, ...] = ()
    summary: str | None = None
    permission: str | None = None
    counted: bool = True
    bodies: tuple[str, ...] = ("application/json",)


_SITE = "/api/v1/sites/<site_key>"
_LINES = "application/x-ndjson"
_FILES = ("text/csv", queries.PARQUET)
_TAKEN = exports.TAKEN
_SAVED = (200, 201)
_SLOW = (504,)
_NOT_NOW = (409,)
_SENT: dict[str, object] = {
    "type": "array",
    "description": "Events, or an object with them as its `events`; as NDJSON, one a line. Gzip is taken as well.",
    "items": {"$ref": f"#/components/schemas/{SentEvent.__name__}"},
    "minItems": 1,
    "maxItems": MOST_EVENTS,
    "examples": [[{"kind": "custom", "name": "order", "visitor": "user-42", "revenue": 12.5, "currency": "EUR"}]],
}

ROUTES = (
    Route("/api/v1/sites", "sites", handlers.sites, Sites),
    Route(
        "/api/v1/query",
        "query",
        queries.query,
        ResultsShape,
        method="POST",
        takes=queries.QUESTION,
        fails=(404, *_SLOW),
    ),
    Route(
        "/api/v1/query.<form>",
        "query_as",
        queries.query_as,
        ResultsShape,
        queries.ASKED,
        also=("text/csv", _LINES, queries.PARQUET),
        fails=_SLOW,
        kept=True,
    ),
    Route("/api/v1/schema", "query_schema", queries.query_schema, Schema),
    Route(f"{_SITE}/reports", "reports", handlers.reports, Reports),
    Route(f"{_SITE}/reports/<name>", "report", handlers.report, ReportShape, SCOPE, fails=_SLOW, kept=True),
    Route(
        f"{_SITE}/reports/<name>.csv",
        "report_csv",
        handlers.report_csv,
        str,
        SCOPE,
        handlers.FORMS["csv"],
        fails=_SLOW,
        kept=True,
    ),
    Route(
        f"{_SITE}/reports/<name>.pdf",
        "report_pdf",
        handlers.report_pdf,
        bytes,
        (*SCOPE, handlers.LANGUAGE),
        handlers.FORMS["pdf"],
        fails=(501, *_SLOW),
        kept=True,
    ),
    Route(f"{_SITE}/live", "live", live.live, Live, fails=_SLOW),
    Route(f"{_SITE}/heatmap", "heatmap", heatmaps.heatmap, Heatmap, heatmaps.PARAMETERS, fails=_SLOW),
    Route(f"{_SITE}/flow", "flow", flows.flow, Flow, flows.PARAMETERS, fails=_SLOW),
    Route(f"{_SITE}/examples", "examples", stories.examples, stories.Examples, stories.EXAMPLES, fails=_SLOW),
    Route(f"{_SITE}/stories/<event_id>", "story", stories.story, Story, stories.STORY, fails=_SLOW),
    Route(f"{_SITE}/signals", "signals", signals.signals, signals.SignalsShape),
    Route(
        f"{_SITE}/signals",
        "change_signals",
        signals.change_signals,
        signals.SignalsShape,
        method="POST",
        takes=signals.CHANGE,
    ),
    Route(
        f"{_SITE}/signals/what-if", "try_limits", signals.try_limits, signals.WhatIfShape, signals.TRIED, fails=_SLOW
    ),
    Route(f"{_SITE}/releases", "releases", releases.releases, releases.Releases),
    Route(
        f"{_SITE}/releases",
        "mark_release",
        releases.mark,
        releases.ReleaseShape,
        method="POST",
        takes=releases.MARK,
        gives=_SAVED,
    ),
    Route(f"{_SITE}/profiles", "profiles", profiles.profiles, profiles.Profiles, profiles.LISTED, fails=_SLOW),
    Route(f"{_SITE}/profiles/<profile_id>", "profile", profiles.profile, ProfileShape, fails=_SLOW),
    Route(
        f"{_SITE}/profiles/<profile_id>/timeline", "timeline", profiles.timeline, Timeline, profiles.BEFORE, fails=_SLOW
    ),
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
        fails=_NOT_NOW,
    ),
    Route(f"{_SITE}/profiles/<profile_id>/export", "export_person", rights.export, rights.PersonShape, fails=_SLOW),
    Route(
        f"{_SITE}/profiles/<profile_id>/erase",
        "erase_person",
        rights.erase,
        rights.ErasedShape,
        method="POST",
        takes=rights.ERASE,
        gives=(202,),
    ),
    Route(f"{_SITE}/edges", "edges", edges.edges, edges.Edges, edges.OF_PROFILE, fails=_SLOW),
    Route(
        f"{_SITE}/edges/<edge_id>/take-back",
        "take_back_edge",
        edges.take_back,
        edges.ChangedShape,
        method="POST",
        takes=edges.TAKE_BACK,
        fails=_NOT_NOW,
    ),
    Route(
        f"{_SITE}/edges/<edge_id>/put-back",
        "put_back_edge",
        edges.put_back,
        edges.ChangedShape,
        method="POST",
        fails=_NOT_NOW,
    ),
    Route(f"{_SITE}/conflicts", "conflicts", edges.conflicts, edges.Conflicts, edges.DECIDED, fails=_SLOW),
    Route(
        f"{_SITE}/conflicts/<conflict_id>",
        "decide_conflict",
        edges.decide,
        edges.DecidedShape,
        method="POST",
        takes=edges.DECIDE,
        fails=_NOT_NOW,
    ),
    Route(f"{_SITE}/check", "check", checks.check, CheckShape, checks.PARAMETERS, fails=_SLOW),
    Route(f"{_SITE}/alerts", "alerts", alerts.alerts, alerts.Alerts, alerts.LISTED),
    Route(f"{_SITE}/segments", "segments", segments.segments, segments.Segments),
    Route(
        f"{_SITE}/segments",
        "save_segment",
        segments.save,
        segments.SegmentShape,
        method="POST",
        takes=segments.SAVE,
        gives=_SAVED,
        fails=_NOT_NOW,
    ),
    Route(f"{_SITE}/segments/<segment>", "delete_segment", segments.delete, segments.Segments, method="DELETE"),
    Route(f"{_SITE}/goals", "goals", goals.goals, goals.Goals),
    Route(
        f"{_SITE}/goals",
        "save_goal",
        goals.save,
        goals.GoalShape,
        method="POST",
        takes=goals.SAVE,
        gives=_SAVED,
        fails=_NOT_NOW,
    ),
    Route(f"{_SITE}/goals/<goal>", "delete_goal", goals.delete, goals.Goals, method="DELETE"),
    Route(f"{_SITE}/trackers", "trackers", trackers.trackers, trackers.Trackers),
    Route(
        f"{_SITE}/trackers",
        "add_tracker",
        trackers.add,
        trackers.TrackerShape,
        method="POST",
        takes=trackers.ADD,
        gives=(201,),
        fails=_NOT_NOW,
    ),
    Route(f"{_SITE}/trackers/<number>", "remove_tracker", trackers.remove, trackers.Trackers, method="DELETE"),
    Route(f"{_SITE}/webhooks", "webhooks", webhooks.webhooks, webhooks.Webhooks),
    Route(
        f"{_SITE}/webhooks",
        "make_webhook",
        webhooks.make,
        webhooks.WebhookShape,
        method="POST",
        takes=webhooks.MAKE,
        gives=(201,),
        fails=_NOT_NOW,
    ),
    Route(
        f"{_SITE}/webhooks/<number>",
        "change_webhook",
        webhooks.change,
        webhooks.WebhookShape,
        method="POST",
        takes=webhooks.CHANGE,
        fails=_NOT_NOW,
    ),
    Route(f"{_SITE}/webhooks/<number>", "delete_webhook", webhooks.delete, webhooks.Webhooks, method="DELETE"),
    Route(f"{_SITE}/webhooks/<number>/rotate", "rotate_webhook", webhooks.rotate, webhooks.WebhookShape, method="POST"),
    Route(
        f"{_SITE}/webhooks/<number>/test",
        "test_webhook",
        webhooks.test,
        webhooks.DeliveryShape,
        method="POST",
        fails=_NOT_NOW,
    ),
    Route(f"{_SITE}/webhooks/<number>/deliveries", "webhook_deliveries", webhooks.deliveries, webhooks.Deliveries),
    Route(
        f"{_SITE}/webhooks/<number>/deliveries/<delivery>/again",
        "send_webhook_again",
        webhooks.again,
        webhooks.DeliveryShape,
        method="POST",
        fails=_NOT_NOW,
    ),
    Route(f"{_SITE}/funnels", "funnels", funnels.funnels, funnels.Funnels),
    Route(
        f"{_SITE}/funnels",
        "save_funnel",
        funnels.save,
        funnels.FunnelShape,
        method="POST",
        takes=funnels.SAVE,
        gives=_SAVED,
    ),
    Route(f"{_SITE}/funnels/<funnel>", "delete_funnel", funnels.delete, funnels.Funnels, method="DELETE"),
    Route(
        f"{_SITE}/events",
        "send_events",
        None,
        TakenEvents,
        method="POST",
        takes=_SENT,
        gives=(202,),
        fails=(411,),
        permission="ingest.events",
        counted=False,
        bodies=("application/json", _LINES),
        summary="Take the events that a site's server tells of, and answer once they are on disk.",
    ),
    Route(
        f"{_SITE}/events", "events", exports.events, LINES["events"], _TAKEN, _LINES, fails=_SLOW, sends=exports.SENT
    ),
    Route(
        f"{_SITE}/visits", "visits", exports.visits, LINES["visits"], _TAKEN, _LINES, fails=_SLOW, sends=exports.SENT
    ),
    Route(
        f"{_SITE}/events.<form>",
        "events_as",
        exports.events,
        LINES["events"],
        _TAKEN,
        _LINES,
        _FILES,
        fails=_SLOW,
        sends=exports.SENT,
    ),
    Route(
        f"{_SITE}/visits.<form>",
        "visits_as",
        exports.visits,
        LINES["visits"],
        _TAKEN,
        _LINES,
        _FILES,
        fails=_SLOW,
        sends=exports.SENT,
    ),
    Route(
        f"{_SITE}/profiles.<form>",
        "profiles_as",
        exports.profiles,
        LINES["profiles"],
        _TAKEN,
        _LINES,
        _FILES,
        fails=_SLOW,
        sends=exports.SENT,
    ),
    Route(f"{_SITE}/days", "days", exports.days, exports.Days, fails=_SLOW),
    Route(
        f"{_SITE}/days/<day>.parquet",
        "day",
        exports.day,
        LINES["events"],
        media=queries.PARQUET,
        fails=_SLOW,
        kept=True,
    ),
    Route("/api/v1/problems", "problem_kinds", kinds.listed, kinds.Kinds),
    Route("/api/v1/problems/<kind>", "problem_kind", kinds.explained, kinds.KindShape),
)
