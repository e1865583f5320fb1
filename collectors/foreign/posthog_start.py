"""What PostHog's script asks before it sends: its settings, in which all is off that would not be taken."""

import json

from flask import Blueprint, Response, request

from collectors.origin import host_of
from tracker.house import current_house

blueprint = Blueprint("posthog", __name__)

_SETTINGS: dict[str, object] = {
    "supportedCompression": ["gzip", "gzip-js"],
    "hasFeatureFlags": False,
    "isAuthenticated": False,
    "toolbarParams": {},
    "siteApps": [],
    "autocapture_opt_out": True,
    "autocaptureExceptions": False,
    "captureDeadClicks": False,
    "capturePerformance": False,
    "heatmaps": False,
    "sessionRecording": False,
    "surveys": False,
    "defaultIdentifiedOnly": True,
    "elementsChainAsString": True,
}
_NO_FLAGS: dict[str, object] = {
    "flags": {},
    "featureFlags": {},
    "featureFlagPayloads": {},
    "errorsWhileComputingFlags": False,
}


@blueprint.get("/array/<token>/config")
def settings(token: str) -> Response:
    """Return the settings of a site's script as JSON; 404 for a token that nobody has."""
    if not _is_known(token):
        return _answer("{}", "application/json", 404)
    return _answer(json.dumps({"token": token, **_SETTINGS}), "application/json")


@blueprint.get("/array/<token>/config.js")
def settings_script(token: str) -> Response:
    """Return the same as a script."""
    if not _is_known(token):
        return _answer("", "text/javascript", 404)
    told = json.dumps({"config": {"token": token, **_SETTINGS}, "siteApps": []})
    name = "window._POSTHOG_REMOTE_CONFIG"
    return _answer(f"{name} = {name} || {{}};\n{name}[{json.dumps(token)}] = {told};\n", "text/javascript")


@blueprint.post("/flags/")
@blueprint.post("/decide/")
def flags() -> Response:
    """Answer that no feature is on, whoever asks: there are none here."""
    return _answer(json.dumps({**_SETTINGS, **_NO_FLAGS}), "application/json")


def _is_known(token: str) -> bool:
    return current_house().sites.by_foreign_id("posthog", token) is not None


def _answer(text: str, mimetype: str, status: int = 200) -> Response:
    origin = request.headers.get("Origin")
    is_ours = origin is not None and current_house().sites.owner_of(host_of(origin)) is not None
    headers = {
        "Access-Control-Allow-Origin": origin if origin and is_ours else "*",
        **({"Access-Control-Allow-Credentials": "true"} if is_ours else {}),
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Origin",
        "Cache-Control": "no-store",
    }
    return Response(text, status, headers, mimetype=mimetype)
