"""Errors of the API, as problem details (RFC 9457)."""

from http import HTTPStatus

import msgspec
import structlog
from flask import Blueprint, Response, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestURITooLarge

from reports.api.limiting import TooManyCallsError, count_call
from reports.api.shapes import Problem
from reports.bulk.room import TRY_AGAIN_S, NoRoomError
from reports.run import AWAY, TOO_LONG, TOO_MUCH
from tracker.access import ForbiddenError, UnauthenticatedError
from tracker.errors import ConflictError, InvalidInputError
from tracker.gate import current_principal
from tracker.house import current_house
from tracker.problems import BY_NAME, BY_STATUS, Kind
from tracker.store.base import QueryMemoryError, QueryTimeoutError
from tracker.stores_down import STORES_DOWN, is_down, note_store_down
from tracker.turning_away import TurnedAway, forbidden, nobody

LONGEST_ADDRESS = 65_536
"""Bytes of path and query: as many as the server lets through."""
_log = structlog.get_logger(__name__)


def register(blueprint: Blueprint) -> None:
    """Answer every error under the API's addresses with a problem."""
    blueprint.before_request(_check_address)
    blueprint.errorhandler(UnauthenticatedError)(_unauthenticated)
    blueprint.errorhandler(ForbiddenError)(_forbidden)
    blueprint.errorhandler(InvalidInputError)(lambda error: problem(422, f"{error}.", error.field))
    blueprint.errorhandler(ConflictError)(lambda error: problem(409, f"{error}.", error.field))
    blueprint.errorhandler(TooManyCallsError)(_too_many)
    blueprint.errorhandler(QueryMemoryError)(lambda _error: problem(504, TOO_MUCH))
    blueprint.errorhandler(QueryTimeoutError)(lambda _error: problem(504, TOO_LONG))
    for error in STORES_DOWN:
        blueprint.errorhandler(error)(_away)
    blueprint.errorhandler(NoRoomError)(lambda error: problem(503, f"{error}.".capitalize()))
    blueprint.errorhandler(CSRFError)(_no_token)
    blueprint.errorhandler(HTTPException)(_http)
    blueprint.errorhandler(Exception)(_broken)


def problem(
    status: int, detail: str, field: str | None = None, *, kind: Kind | None = None, scope: str | None = None
) -> Response:
    """Answer with a problem, of the usual kind for its status unless another is given."""
    kind = kind or BY_STATUS.get(status)
    if kind is None:
        body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, field=field)
    else:
        body = Problem(type=kind.type, title=kind.title, status=status, detail=detail, field=field, scope=scope)
    answer = Response(msgspec.json.encode(body), status, mimetype="application/problem+json")
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = str(TRY_AGAIN_S)
    return answer


def _check_address() -> None:
    if len(request.full_path) > LONGEST_ADDRESS:
        raise RequestURITooLarge(f"This address is longer than {LONGEST_ADDRESS} bytes.")


def _unauthenticated(_error: UnauthenticatedError) -> Response:
    if wait_s := count_call():
        return _too_many(TooManyCallsError(wait_s))
    with current_house().database.session() as session:
        return _turned_away(nobody(session, request.headers.get("Authorization", "")))


def _forbidden(error: ForbiddenError) -> Response:
    return _turned_away(forbidden(current_principal(), str(error)))


def _turned_away(why: TurnedAway) -> Response:
    answer = problem(why.kind.status, why.detail, kind=why.kind, scope=why.scope)
    if why.challenge is not None:
        answer.headers["WWW-Authenticate"] = why.challenge
    return answer


def _too_many(error: TooManyCallsError) -> Response:
    answer = problem(429, f"Too many calls; try again in {error.wait_s} s.")
    answer.headers["Retry-After"] = str(error.wait_s)
    return answer


def store_away() -> Response:
    """Answer that a store cannot be asked just now."""
    return problem(503, AWAY, kind=BY_NAME["store-away"])


def _away(error: Exception) -> Response:
    if not is_down(error):
        return _broken(error)
    note_store_down(error, request.path)
    return store_away()


def _no_token(error: CSRFError) -> Response:
    return problem(400, error.description or "The form token is missing.", kind=BY_NAME["form-token"])


def _http(error: HTTPException) -> Response:
    answer = problem(error.code or 500, error.description or "This did not work.")
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


def _broken(error: Exception) -> Response:
    _log.error("api failed", path=request.path, exc_info=error)
    return problem(500, "This failed; the server's log says why.")
