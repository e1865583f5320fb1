"""Saving what a page is filtered by as a segment, renaming it, deleting it; then back to the same page."""

from urllib.parse import parse_qsl, urlsplit

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from reports.query.filters import parse_filters, texts_of
from reports.wording.links import Address
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import gettext, marked
from tracker.segments import delete_segment, rename_segment, save_segment

_GONE = marked("The segment “%(name)s” is gone already.")
_RENAMED = marked("The segment “%(name)s” is now called “%(now)s”.")


def save(site_key: str) -> Response:
    """Save the filters of the form under its name, and look at the page through them."""
    house, site = current_house(), current_site()
    filters = texts_of(parse_filters(request.form.getlist("filter")))
    with house.database.session() as session:
        saved, is_new = save_segment(session, site.id, request.form.get("name", ""), filters, current_principal().name)
    house.sites.forget()
    said = (
        gettext("The segment “%(name)s” is saved; every report can be asked of it.", name=saved.name)
        if is_new
        else gettext("The segment “%(name)s” is changed; every report can be asked of it.", name=saved.name)
    )
    flash(said)
    return redirect(str(back().having(filter=None, segment=saved.name)))


def change(site_key: str) -> Response:
    """Rename a segment, or delete it."""
    house, site = current_house(), current_site()
    name = request.form.get("segment", "")
    with house.database.session() as session:
        if request.form.get("do") == "delete":
            gone = delete_segment(session, site.id, name)
            said, now = marked("The segment “%(name)s” is deleted.") if gone else _GONE, None
        else:
            renamed = rename_segment(session, site.id, name, request.form.get("name", ""))
            said, now = (_RENAMED, renamed.name) if renamed else (_GONE, None)
    house.sites.forget()
    flash(gettext(said, name=name[:64], now=now))
    return redirect(str(back().having(segment=now)))


def back() -> Address:
    """Return the address of the page that the form stood on: one of this site's, else its overview."""
    home = url_for("dashboard.overview", site_key=current_site().key)
    parts = urlsplit(request.form.get("page", ""))
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith(home) and ".." not in parts.path
    if not is_ours:
        return Address(home)
    return Address(parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True)))
