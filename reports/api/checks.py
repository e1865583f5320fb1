"""Checks of a release, for programs: what it made worse, page by page."""

from flask import Response, request

from reports.api.bodies import answer
from reports.api.parameters import SCOPE, Parameter
from reports.release.asking import CHOSEN, MOST_VISITS, USUAL_VISITS, parse_check
from reports.release.checking import check_release
from tracker.gate import current_site
from tracker.house import current_house

PARAMETERS = (
    Parameter("since", "The name of the release; without it, the newest.", {"type": "string"}),
    Parameter(
        "min_visits",
        "So many visits are wanted before it and after it; with fewer the verdict is `too little`.",
        {"type": "integer", "minimum": 0, "maximum": MOST_VISITS, "default": USUAL_VISITS},
    ),
    *(one for one in SCOPE if one.name in CHOSEN),
)


def check(site_key: str) -> Response:
    """Compare before with after a release: signals and web vitals, by page and of the whole site."""
    scope, release, least = parse_check(current_site(), request.args.to_dict(flat=False))
    found = check_release(scope, release, least, current_house().store)
    return answer(found)
