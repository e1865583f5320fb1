"""A site's settings, its keys, what its door refused, and its end."""

from zoneinfo import available_timezones

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.dashboard.outcomes import outcomes
from reports.dashboard.privacy_telling import tell_privacy
from tracker.access import SCOPES, create_key, may
from tracker.erasure import erase_site
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.privacy_words import added_in_words, consent_in_words
from tracker.site_changes import change_site, keys_of, revoke_key
from tracker.sites import SiteInfo

Answer = str | Response | tuple[str, int]


def settings(site_key: str) -> Answer:
    """Show a site's settings; POST changes them."""
    site, problem = current_site(), None
    if request.method == "POST":
        form = request.form
        house = current_house()
        try:
            with house.database.session() as store:
                change_site(
                    store,
                    site.id,
                    name=form.get("name", ""),
                    hosts=form.get("hosts", "").replace(",", " ").split(),
                    zone=form.get("zone", ""),
                    query_parameters=form.get("query_parameters", "").replace(",", " ").split(),
                )
            house.sites.forget()
            flash("Saved.")
            return redirect(url_for("dashboard.settings", site_key=site_key))
        except InvalidInputError as error:
            problem = error
    return settings_page(site, problem=problem), 400 if problem else 200


def make_key(site_key: str) -> Answer:
    """Make a key for this site and show it, this once."""
    site = current_site()
    try:
        with current_house().database.session() as store:
            token = create_key(store, request.form.get("key_name", ""), request.form.getlist("scopes"), site.id)
    except InvalidInputError as error:
        field = "key_name" if error.field == "name" else error.field
        return settings_page(site, problem=InvalidInputError(field, error.problem)), 400
    return settings_page(site, new_key=token)


def revoke(site_key: str, key_id: int) -> Response:
    """End a key."""
    with current_house().database.session() as store:
        gone = revoke_key(store, current_site().id, key_id)
    flash("The key is revoked; whoever uses it is refused from now on." if gone else "That key was gone already.")
    return redirect(url_for("dashboard.settings", site_key=site_key, _anchor="keys"))


def delete(site_key: str) -> Answer:
    """Delete a site with everything that was kept of it, if its name was typed."""
    site = current_site()
    if request.form.get("confirm", "").strip() != site.name:
        return settings_page(
            site, problem=InvalidInputError("confirm", "is not the site's name; nothing was deleted")
        ), 400
    erase_site(current_house(), site.id)
    flash(f"{site.name} is deleted, with everything that was kept of it.")
    return redirect(url_for("dashboard.site_list"))


def settings_page(site: SiteInfo, problem: InvalidInputError | None = None, new_key: str | None = None) -> str:
    """Write the page; `problem` is what was wrong with a form on it, `new_key` is shown this once."""
    house = current_house()
    with house.database.session() as store:
        keys = keys_of(store, site.id) if may(current_principal(), site.id, "manage-keys") else []
    return render_template(
        "settings.html",
        site=site,
        form=request.form if request.endpoint == "dashboard.settings" else {},
        problem=problem,
        new_key=new_key,
        keys=keys,
        scopes=SCOPES,
        outcomes=outcomes(house.store, site.id),
        zones=sorted(available_timezones()),
        told_privacy=tell_privacy(site),
        added_in_words=added_in_words,
        consent_in_words=consent_in_words,
    )
