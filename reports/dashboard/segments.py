"""Saving what a page is filtered by as a segment, renaming it, deleting it; then back to the same page."""

from urllib.parse import parse_qsl, urlsplit

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from reports.query.filters import parse_filters
from reports.wording.links import Address
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.segments import delete_segment, rename_segment, save_segment


def save(site_key: str) -> Response:
    """Save the filters of the form under its name, and look at the page through them."""
    house, site = current_house(), current_site()
    filters = [str(one) for one in parse_filters(request.form.getlist("filter"))]
    with house.database.session() as session:
        saved, is_new = save_segment(session, site.id, request.form.get("name", ""), filters, current_principal().name)
    house.sites.forget()
    flash(f"The segment “{saved.name}” is {'saved' if is_new else 'changed'}; every report can be asked of it.")
    return redirect(str(_back().having(filter=None, segment=saved.name)))


def change(site_key: str) -> Response:
    """Rename a segment, or delete it."""
    house, site = current_house(), current_site()
    name = request.form.get("segment", "")
    with house.database.session() as session:
        if request.form.get("do") == "delete":
            gone = delete_segment(session, site.id, name)
            said, now = ("deleted" if gone else "gone already"), None
        else:
            renamed = rename_segment(session, site.id, name, request.form.get("name", ""))
            said, now = (f"now called “{renamed.name}”", renamed.name) if renamed else ("gone already", None)
    house.sites.forget()
    flash(f"The segment “{name[:64]}” is {said}.")
    return redirect(str(_back().having(segment=now)))


def _back() -> Address:
    """Return the address of the page that the form stood on: one of this site's, else its overview."""
    home = url_for("dashboard.overview", site_key=current_site().key)
    parts = urlsplit(request.form.get("page", ""))
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith(home) and ".." not in parts.path
    if not is_ours:
        return Address(home)
    return Address(parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True)))
