"""The pages' own style sheets and scripts, from `static/`, under addresses that change when they do."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Response, abort, request, send_file, url_for

import tracker

FOLDER = Path(tracker.__file__).parent.parent / "static"
STYLES = (
    "css/ground.css",
    "css/frame.css",
    "css/forms.css",
    "css/numbers.css",
    "css/charts.css",
    "css/cards.css",
    "css/stories.css",
    "css/signals.css",
    "css/heatmap.css",
    "css/flow.css",
    "css/privacy.css",
    "css/profiles.css",
    "css/alerts.css",
)
SCRIPTS = ("js/vendor/htmx.min.js", "js/dashboard.js")
CHART = ("js/vendor/uPlot.min.css", "js/vendor/uPlot.min.js", "js/chart.js")  # where there is a chart alone
ASSETS = STYLES + SCRIPTS + CHART
_A_YEAR_S = 31_536_000


def asset(name: str) -> Response:
    """Send one of ASSETS; kept by the browser for ever when asked for by its version."""
    if name not in ASSETS:
        abort(404)
    named = request.args.get("v") == version(name)
    response = send_file(FOLDER / name, max_age=_A_YEAR_S if named else 0)
    if named:
        response.cache_control.immutable = True
    return response


def asset_url(name: str) -> str:
    """Return the address of an asset as it is now."""
    return url_for("dashboard.asset", name=name, v=version(name))


@cache
def version(name: str) -> str:
    """Return what changes whenever the file does."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
