"""What was taken in of other products' counts: the list, how to add to it, and the way to let one go."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.imports import book
from tracker.imports.titles import title_of
from tracker.languages import dates, gettext


def imports(site_key: str) -> str:
    """List a site's imports."""
    site = current_site()
    lines = [
        (one, title_of(one.product), dates.full_day(one.first_day), dates.full_day(one.last_day))
        for one in reversed(site.imports)
    ]
    return render_template("imports.html", site=site, asked=None, lines=lines)


def remove_import(site_key: str) -> Response:
    """Let an import go, with all that it counted."""
    house = current_house()
    try:
        gone = book.remove(house.database, current_site().id, request.form.get("number", ""), current_principal().name)
    except InvalidInputError:
        flash(gettext("That was removed already."))
    else:
        flash(gettext("What %(product)s counted is removed.", product=title_of(gone.product)))
    house.sites.forget()
    return redirect(url_for("dashboard.imports", site_key=site_key))
