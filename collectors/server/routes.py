"""The door for a site's own servers: `POST /api/v1/sites/{site}/events`, with a key of the scope `ingest`.

A Flask route and no part of the lane: a request brings up to a thousand events, so that what a
thread costs is shared by them, and the gate before every Flask handler knows keys.
"""

import logging
from typing import cast

import msgspec
from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from collectors.answer import RefusedError
from collectors.problems import problem_of, turned_away
from collectors.proxies import network_of
from collectors.rates import Rates
from collectors.routes import read_body
from collectors.server.batch import read_batch
from collectors.server.footprints import make_batch
from tracker.access import ForbiddenError, UnauthenticatedError
from tracker.clock import utc_now
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.sent_event import MOST_BYTES, SentEvent, TakenEvents
from tracker.spool import SpoolRefusedError
from tracker.turning_away import forbidden, nobody

_log = logging.getLogger(__name__)
_NO_DATABASE_S = 5

blueprint = Blueprint("ingest", __name__)


@blueprint.post("/api/v1/sites/<site_key>/events", provide_automatic_options=False)  # the API knows its methods
def events(site_key: str) -> Response:
    """Take the events that a site's server tells of, and answer once they are on disk."""
    house, site, now = current_house(), current_site(), utc_now()
    if not site.enabled:
        raise RefusedError(404, "disabled_site")
    wait_s = _rates().wait_s(network_of(request.remote_addr or ""), site.id)
    if wait_s:
        raise RefusedError(429, "rate", retry_after_s=wait_s)
    sent, unreadable = read_batch(
        read_body(MOST_BYTES), request.headers.get("Content-Type"), request.headers.get("Content-Encoding")
    )
    batch = make_batch(sent, site, house.ingest, now)
    faults = sorted([*unreadable, *batch.faults], key=lambda fault: fault.index)
    for fault in faults:
        house.refusals.count(site.id, f"schema {_known(fault.field)}".strip())
    if not batch.bodies:
        return problem_of(RefusedError(422, "schema", field=faults[0].field, problem=faults[0].problem).outcome, faults)
    house.spool.submit_all(batch.bodies).result()
    taken = TakenEvents(batch.accepted, len(faults), faults)
    return Response(msgspec.json.encode(taken), 202, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _known(field: str) -> str:
    """Return a field's name as it is counted: what a sender made up is none."""
    name = field.partition("[")[0]
    return name if name in SentEvent.__struct_fields__ else ""


def _rates() -> Rates:
    """Return the app's limits for servers, which are those for pages."""
    extensions = current_app.extensions
    if "footfall.server_rates" not in extensions:
        settings = current_house().settings
        extensions.setdefault("footfall.server_rates", Rates(settings.address_rate, settings.site_rate))
    return cast(Rates, extensions["footfall.server_rates"])


@blueprint.errorhandler(RefusedError)
def _refused(error: RefusedError) -> Response:
    outcome = error.outcome
    reason = outcome.reason or ""
    current_house().refusals.count(current_site().id, f"{reason} {outcome.field}" if outcome.field else reason)
    return problem_of(outcome)


@blueprint.errorhandler(SpoolRefusedError)
def _not_kept(error: SpoolRefusedError) -> Response:
    return _refused(RefusedError(503, error.reason, retry_after_s=error.retry_after_s))


@blueprint.errorhandler(SQLAlchemyError)
def _no_database(_error: SQLAlchemyError) -> Response:
    _log.exception("collector: the relational store does not answer")
    return problem_of(RefusedError(503, "database", retry_after_s=_NO_DATABASE_S).outcome)


@blueprint.errorhandler(UnauthenticatedError)
def _unauthenticated(_error: UnauthenticatedError) -> Response:
    wait_s = _rates().unread_wait_s(network_of(request.remote_addr or ""))
    if wait_s:
        return problem_of(RefusedError(429, "rate", retry_after_s=wait_s).outcome)
    with current_house().database.session() as session:
        return turned_away("key", nobody(session, request.headers.get("Authorization", "")))


@blueprint.errorhandler(ForbiddenError)
def _forbidden(error: ForbiddenError) -> Response:
    return turned_away("scope", forbidden(current_principal(), str(error)))


@blueprint.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    """Word what the gate refuses: an address of no site, a form of another site's."""
    reason = "unknown_site" if error.code == 404 else "request"
    return problem_of(RefusedError(error.code or 500, reason, problem=error.description).outcome)
