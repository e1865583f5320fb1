"""The flow between pages, as JSON."""

from flask import Response, request

from reports.api.bodies import answer
from reports.api.parameters import SCOPE, Parameter
from reports.api.problems import problem
from reports.api.texts import perhaps_page
from reports.flow.reading import (
    FEWEST_STEPS,
    MOST_BRANCHES,
    MOST_STEPS,
    OWN_WORDS,
    USUAL_BRANCHES,
    USUAL_STEPS,
    parse_flow,
    read_flow,
)
from reports.heatmap import LONGEST_PATH
from reports.query.steps import DIRECTIONS
from reports.run import status_of
from reports.scope import parse_scope
from tracker.gate import current_site
from tracker.house import current_house

PARAMETERS = (
    Parameter(
        "path",
        "The page where the flow starts, such as /cart; without it the beginning of visits, or backward their end.",
        perhaps_page(LONGEST_PATH),
    ),
    Parameter(
        "direction",
        "To what came after, or to what came before.",
        {"type": "string", "enum": list(DIRECTIONS), "default": DIRECTIONS[0]},
    ),
    Parameter(
        "steps",
        "How many steps.",
        {"type": "integer", "minimum": FEWEST_STEPS, "maximum": MOST_STEPS, "default": USUAL_STEPS},
    ),
    Parameter(
        "branches",
        "How many pages are listed of each step; the rest stand together.",
        {"type": "integer", "minimum": 1, "maximum": MOST_BRANCHES, "default": USUAL_BRANCHES},
    ),
    *(one for one in SCOPE if one.name in ("range", "filter", "segment", "bots")),
)


def flow(site_key: str) -> Response:
    """Answer the flow from a page, or from the start of visits."""
    words = request.args.to_dict(flat=False)
    asked = parse_flow({name: words.pop(name, [""])[-1] for name in OWN_WORDS})
    found = read_flow(parse_scope(current_site(), words), asked, current_house().store)
    if found.error:
        return problem(status_of(found), found.error)
    return answer(found, caching="private, no-cache")
