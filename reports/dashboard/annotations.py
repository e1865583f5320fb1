"""What people note of a day: written down from the chart, and removed there."""

from datetime import date

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from reports.dashboard.segments import back
from tracker.annotations import annotate, remove_annotation
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import gettext


def add(site_key: str) -> Response:
    """Note what happened on the form's day, and look at the page again."""
    given = request.form.get("day", "")
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise InvalidInputError(
            "day", gettext("%(given)s is no day such as 2026-01-31", given=repr(given[:32]))
        ) from error
    with current_house().database.session() as session:
        annotate(session, current_site().id, day, request.form.get("text", ""), current_principal().name)
    flash(gettext("Noted; the chart has a flag on that day."))
    return redirect(str(back()))


def remove(site_key: str, number: int) -> Response:
    """Remove an annotation, and look at the page again."""
    with current_house().database.session() as session:
        gone = remove_annotation(session, current_site().id, number)
    flash(gettext("The note is removed.") if gone else gettext("The note is gone already."))
    return redirect(str(back()))
