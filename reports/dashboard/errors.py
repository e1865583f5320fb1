"""The pages for what went wrong: what happened, and what to do now."""

from urllib.parse import urlsplit, urlunsplit

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from reports.run import AWAY, TOO_LONG, lateness
from tracker.access import ForbiddenError, UnauthenticatedError
from tracker.errors import InvalidInputError
from tracker.imports.receiving import FORM_BYTES, MIB
from tracker.languages import gettext, marked
from tracker.store.base import QueryTimeoutError
from tracker.stores_down import STORES_DOWN, is_down, note_store_down

Answer = Response | tuple[str, int] | HTTPException

# What each status says to a person: what happened, and what they can do.
WORDS = {
    400: (marked("This was not understood"), marked("Something in the address or the form makes no sense here.")),
    403: (
        marked("This is not yours to see"),
        marked("Your account has no right to it. Ask the owner of this Footfall for a role."),
    ),
    404: (marked("There is nothing here"), marked("The address may be mistyped, or what it named is gone.")),
    405: (marked("This cannot be asked like that"), marked("Go back and use the buttons of the page.")),
    410: (marked("This is over"), marked("The link was used already or is too old.")),
    413: (marked("That was too much at once"), marked("A form has %(size)s MB at most. Send less.")),
    500: (
        marked("Something broke on our side"),
        marked("It was written to the log. What you collected is not touched by it."),
    ),
    503: (marked("Not ready at this moment"), marked("Footfall is starting, stopping or full. Try again in a minute.")),
    504: (marked("This took too long"), TOO_LONG),
}


def register(blueprint: Blueprint) -> None:
    """Answer every error outside the API with a page."""
    blueprint.app_errorhandler(UnauthenticatedError)(unauthenticated)
    blueprint.app_errorhandler(ForbiddenError)(forbidden)
    blueprint.app_errorhandler(CSRFError)(old_form)
    blueprint.app_errorhandler(InvalidInputError)(invalid)
    blueprint.app_errorhandler(QueryTimeoutError)(lambda error: _page(504, said=lateness(error)))
    for error in STORES_DOWN:
        blueprint.app_errorhandler(error)(away)
    blueprint.app_errorhandler(HTTPException)(any_error)
    blueprint.app_errorhandler(Exception)(broken)


def unauthenticated(_error: UnauthenticatedError) -> Answer:
    """Ask to sign in, and come back after it."""
    if request.method == "GET":
        return redirect(url_for("dashboard.sign_in", next=request.full_path.rstrip("?")))
    flash(gettext("You were signed out meanwhile, and nothing was saved. Sign in, then send it once more."))
    return redirect(url_for("dashboard.sign_in", next=_page_of_form()))


def _page_of_form() -> str | None:
    """Return the page on which the form stood that was sent, if it is one of ours."""
    there = urlsplit(request.referrer or "")
    return urlunsplit(("", "", there.path, there.query, "")) if there.netloc == request.host else None


def forbidden(_error: ForbiddenError) -> Answer:
    """Say that it is not theirs."""
    return _page(403)


def old_form(_error: CSRFError) -> Answer:
    """Say that the form is too old, or was sent by another site."""
    return _page(
        400,
        gettext("This form was not sent from here"),
        gettext("It may be too old. Go back, load the page again, send again."),
    )


def invalid(error: InvalidInputError) -> Answer:
    """Say which word of the address or the form is wrong; it is a name for programs, and the same in all languages."""
    return _page(400, said=Markup("<code>{}</code>: {}.").format(error.field, error.problem))


def away(error: Exception) -> Answer:
    """Say that a store does not answer."""
    if not is_down(error):
        return broken(error)
    note_store_down(error, _path())
    return _page(503, said=gettext(AWAY))


def any_error(error: HTTPException) -> Answer:
    """Dress an HTTP error; an answer that a handler made itself stays as it is."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    return _page(error.code if error.code in WORDS else (500 if error.code >= 500 else 400), status=error.code)


def broken(error: Exception) -> Answer:
    """Log what nobody expected, and tell no stranger of it."""
    structlog.get_logger("footfall.pages").error("page failed", path=_path(), exc_info=error)
    return _page(InternalServerError.code)


def _path() -> str:
    """Return the path for the log, in which no address stands that is a key."""
    return str(request.url_rule) if "token" in (request.view_args or {}) else request.path


def _page(code: int, title: str | None = None, said: str | None = None, status: int | None = None) -> tuple[str, int]:
    words = WORDS[code]
    title, said = title or gettext(words[0]), said or gettext(words[1], size=FORM_BYTES // MIB)
    return render_template("error.html", code=code, title=title, explained=said), status or code
