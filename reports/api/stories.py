"""Examples of struggles, and their stories, in JSON."""

import re
from datetime import datetime

import msgspec
from flask import Response, abort, request

from reports.api.parameters import SCOPE, Parameter
from reports.examples import check_place, find_examples
from reports.scope import parse_scope
from reports.story import find_story
from tracker.gate import current_site
from tracker.house import current_house
from tracker.ingest.columns import view_id
from tracker.signal_book import SIGNALS

_EVENT_ID = re.compile(r"[0-9a-f]{16}-[0-9]{1,5}")
_SIGNAL_NAMES = [signal.name for signal in SIGNALS]
_PLACE = ("signal", "path", "element")

EXAMPLES = (
    Parameter("signal", "Which signal.", {"type": "string", "enum": _SIGNAL_NAMES, "default": _SIGNAL_NAMES[0]}),
    Parameter("path", "On which page; without it, on any.", {"type": "string"}),
    Parameter("element", "On which element, by its path in the page; without it, on any.", {"type": "string"}),
    *(one for one in SCOPE if one.name in ("range", "bots", "limit")),
)
STORY = (
    Parameter("signal", "Which of the signals that begin with this event.", {"type": "string", "enum": _SIGNAL_NAMES}),
)


class ExampleLine(msgspec.Struct, frozen=True):
    """One incident; `id` asks for its story, `trail` holds the pages up to it."""

    id: str
    signal: str
    at: datetime
    path: str | None
    element: str | None
    element_text: str | None
    trail: list[str]
    device: str | None
    country: str | None
    views_after: int | None


class Examples(msgspec.Struct, frozen=True):
    """The newest incidents of a struggle."""

    examples: list[ExampleLine]


class MomentLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that happened, `offset_ms` after the struggle; `evidence` holds delays in ms after a click."""

    at: datetime
    offset_ms: int
    kind: str
    path: str | None = None
    title: str | None = None
    navigation: str | None = None
    element: str | None = None
    element_text: str | None = None
    name: str | None = None
    disabled: bool = False
    engaged_ms: int = 0
    watched_ms: int | None = None
    moved_anyway: bool = False
    evidence: dict[str, int] = {}
    properties: dict[str, str | int | float | bool | None] = {}
    signals: list[str] = []
    is_it: bool = False


class StoryShape(msgspec.Struct, frozen=True):
    """A struggle in its visit; `about` is empty where visitors are not told apart."""

    id: str
    signal: str
    at: datetime
    path: str | None
    element: str | None
    element_text: str | None
    repetitions: int
    duration_ms: int
    detail: str | None
    about: dict[str, str | int | None]
    moments: list[MomentLine]
    stayed_ms: int
    cut: bool


def examples(site_key: str) -> Response:
    """List the newest examples of a struggle."""
    given = request.args.to_dict(flat=False)
    words = {word: values for word, values in given.items() if word not in _PLACE}
    scope = parse_scope(current_site(), {"limit": ["20"], **words})
    place = check_place(
        request.args.get("signal", _SIGNAL_NAMES[0]), request.args.get("path"), request.args.get("element")
    )
    found = find_examples(current_house().store, scope, place, scope.limit)
    return _json(Examples([msgspec.convert(one, ExampleLine, from_attributes=True) for one in found]))


def story(site_key: str, event_id: str) -> Response:
    """Tell the story of the struggle that begins with an event."""
    if not _EVENT_ID.fullmatch(event_id):
        abort(404, "An event's id is 16 hex digits, a dash and a number.")
    signal = request.args.get("signal")
    found = find_story(current_house().store, current_site(), view_id(event_id), int(event_id[17:]), signal)
    if found is None:
        abort(404, "No struggle begins with this event.")
    told = {name: getattr(found, name) for name in StoryShape.__struct_fields__ if name not in ("signal", "moments")}
    moments = [msgspec.convert(one, MomentLine, from_attributes=True) for one in found.moments]
    return _json(StoryShape(signal=found.signal.name, moments=moments, **told))


def _json(shape: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(shape), mimetype="application/json", headers={"Cache-Control": "no-store"})
