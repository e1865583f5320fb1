"""Examples of struggles, and their stories, in JSON."""

import msgspec
from flask import Response, abort, request

from reports.api.bodies import answer
from reports.api.parameters import SCOPE, Parameter
from reports.query.words import nearest
from reports.scope import parse_scope
from reports.struggle.examples import Example, check_place, find_examples
from reports.struggle.story import find_story
from tracker.errors import InvalidInputError
from tracker.gate import current_site
from tracker.house import current_house
from tracker.signal_book import SIGNALS

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


class Examples(msgspec.Struct, frozen=True):
    """The newest incidents of a struggle."""

    examples: list[Example]


def examples(site_key: str) -> Response:
    """List the newest examples of a struggle."""
    given = request.args.to_dict(flat=False)
    words = {word: values for word, values in given.items() if word not in _PLACE}
    scope = parse_scope(current_site(), {"limit": ["20"], **words})
    place = check_place(
        request.args.get("signal", _SIGNAL_NAMES[0]), request.args.get("path"), request.args.get("element")
    )
    found = find_examples(current_house().store, scope, place, scope.limit)
    return answer(Examples(found))


def story(site_key: str, event_id: str) -> Response:
    """Tell the story of the struggle that begins with an event."""
    signal = request.args.get("signal")
    if signal is not None and signal not in _SIGNAL_NAMES:
        raise InvalidInputError("signal", f"unknown; {nearest(signal, _SIGNAL_NAMES)}")
    found = find_story(current_house().store, current_site(), event_id, signal)
    if found is None:
        abort(404, "No struggle begins with this event; examples give the ids of those that do.")
    return answer(found)
