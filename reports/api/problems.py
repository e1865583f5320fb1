"""Errors of the API, as problem details (RFC 9457)."""

from http import HTTPStatus

import msgspec
import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from reports.api.shapes import Problem
from tracker.access import ForbiddenError, UnauthenticatedError
from tracker.errors import InvalidInputError

_log = structlog.get_logger(__name__)


def register(blueprint: Blueprint) -> None:
    """Answer every error under the API's addresses with a problem."""
    blueprint.errorhandler(UnauthenticatedError)(_unauthenticated)
    blueprint.errorhandler(ForbiddenError)(lambda _error: problem(403, "This key or account may not do this."))
    blueprint.errorhandler(InvalidInputError)(lambda error: problem(422, f"{error}.", error.field))
    blueprint.errorhandler(HTTPException)(_http)
    blueprint.errorhandler(Exception)(_broken)


def problem(status: int, detail: str, field: str | None = None) -> Response:
    """Answer with a problem."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, field=field)
    return Response(msgspec.json.encode(body), status, mimetype="application/problem+json")


def _unauthenticated(_error: UnauthenticatedError) -> Response:
    answer = problem(401, "Send an API key that is known and not expired: Authorization: Bearer ff_….")
    answer.headers["WWW-Authenticate"] = 'Bearer realm="footfall"'
    return answer


def _http(error: HTTPException) -> Response:
    return problem(error.code or 500, error.description or "This did not work.")


def _broken(error: Exception) -> Response:
    _log.error("api failed", path=request.path, exc_info=error)
    return problem(500, "This failed; the server's log says why.")
