"""The heatmap of one page, as JSON."""

from flask import Response, request

from reports.api.bodies import answer
from reports.api.parameters import SCOPE, Parameter
from reports.api.problems import problem
from reports.api.texts import page
from reports.heatmap import LONGEST_PATH, SCREENS, parse_path, parse_screen, read_heatmap
from reports.run import status_of
from reports.scope import parse_scope
from tracker.gate import current_site
from tracker.house import current_house

PARAMETERS = (
    Parameter("path", "The page's path, such as /cart.", {**page(LONGEST_PATH), "default": "/"}),
    Parameter(
        "screen",
        "The class of the window by its width: below 640 px, 1024 px and 1440 px, or wider.",
        {"type": "string", "enum": ["all", *SCREENS], "default": "all"},
    ),
    *(one for one in SCOPE if one.name in ("range", "filter", "segment", "bots")),
)


def heatmap(site_key: str) -> Response:
    """Answer one page's heatmap: clicks by element and place in it, scrolling, and attention."""
    words = request.args.to_dict(flat=False)
    path = parse_path(words.pop("path", ["/"])[-1])
    screen = parse_screen(words.pop("screen", [""])[-1])
    found = read_heatmap(parse_scope(current_site(), words), path, screen, current_house().store)
    if found.error:
        return problem(status_of(found), found.error)
    return answer(found, caching="private, no-cache")
