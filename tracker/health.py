"""What supervisors and monitoring ask: is it alive, can it do its two jobs, and what has it counted."""

from ipaddress import ip_address

from flask import Blueprint, Response, abort, jsonify, request

from tracker.gate import current_principal
from tracker.house import current_house
from tracker.metrics import render
from tracker.readiness import ingest_problem, reports_problem

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez")
def livez() -> Response:
    """Answer as long as the process can answer at all."""
    return jsonify({"alive": True})


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Tell both halves apart: a store that is down leaves the collector at work."""
    house = current_house()
    problems = {"ingest": ingest_problem(house), "reports": reports_problem(house)}
    halves = {half: "ready" if problem is None else problem for half, problem in problems.items()}
    ready = not any(problems.values())
    return jsonify({"ready": ready, **halves}), 200 if ready else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the counters in Prometheus's text format, to this machine and to keys that may read every site."""
    if not _is_near() and not _may_read_all():
        abort(403, "Ask from this machine, or with an API key that may read all sites.")
    return Response(render(current_house()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_near() -> bool:
    """Tell whether a program on this machine asks, and not a proxy for somebody else."""
    try:
        near = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        near = False
    return near and not {"X-Forwarded-For", "Forwarded", "Via", "X-Real-Ip"} & set(request.headers.keys())


def _may_read_all() -> bool:
    principal = current_principal()
    return principal.owner or ("read" in principal.scopes and principal.key_site_id is None)
