"""A site's settings, its keys, what its door refused, and its end."""

from contextlib import suppress
from zoneinfo import available_timezones

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.dashboard.meanwhile import check_unchanged, mark_of
from reports.dashboard.outcomes import outcomes
from reports.dashboard.privacy_telling import tell_privacy
from tracker.access import create_key, may
from tracker.erasure import erase_site
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import gettext, marked
from tracker.languages.lists import separated
from tracker.privacy_words import added_in_words, consent_in_words
from tracker.roles import SCOPES
from tracker.site_changes import change_site, keys_of, revoke_key
from tracker.sites import SiteInfo
from tracker.store.base import StoreDownError

Answer = str | Response | tuple[str, int]

# What a key may do, by its scope.
SCOPE_WORDS = {
    "read": marked("read the reports of this site"),
    "ingest": marked("send events for this site"),
    "change": marked("mark releases and change what counts as a struggle"),
    "people": marked("export everything about a person"),
    "erase": marked("erase a person, which cannot be undone"),
}


def settings(site_key: str) -> Answer:
    """Show a site's settings; POST changes them."""
    house = current_house()
    house.sites.forget()  # the form is filled with what stands now, and compared with it
    site, problem = current_site(), None
    if request.method == "POST":
        form = request.form
        try:
            with house.database.session() as store:
                check_unchanged(form, *_shown(site))
                change_site(
                    store,
                    site.id,
                    name=form.get("name", ""),
                    hosts=separated(form.get("hosts", "")),
                    zone=form.get("zone", ""),
                    query_parameters=separated(form.get("query_parameters", "")),
                )
            house.sites.forget()
            if form.get("zone") != site.zone:  # days begin at another hour; where this fails, the next rollup sees it
                with suppress(StoreDownError):
                    house.store.forget_rollups(site.id)
            flash(gettext("Saved."))
            return redirect(url_for("dashboard.settings", site_key=site_key))
        except InvalidInputError as error:
            problem = error
    return settings_page(site, problem=problem), 400 if problem else 200


def _shown(site: SiteInfo) -> tuple[object, ...]:
    return site.name, site.hosts, site.zone, sorted(site.query_parameters)


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
    if gone:
        flash(gettext("The key is revoked; whoever uses it is refused from now on."))
    else:
        flash(gettext("That key was gone already."))
    return redirect(url_for("dashboard.settings", site_key=site_key, _anchor="keys"))


def delete(site_key: str) -> Answer:
    """Delete a site with everything that was kept of it, if its name was typed."""
    site = current_site()
    if request.form.get("confirm", "").strip() != site.name:
        problem = InvalidInputError("confirm", gettext("is not the site's name; nothing was deleted"))
        return settings_page(site, problem=problem), 400
    erase_site(current_house(), site.id)
    flash(gettext("%(site)s is deleted, with everything that was kept of it.", site=site.name))
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
        mark=mark_of(*_shown(site)),
        privacy_mark=mark_of(site.privacy_mode, site.retention_days),
        new_key=new_key,
        keys=keys,
        scopes=[(name, gettext(SCOPE_WORDS[name])) for name in SCOPES],
        outcomes=outcomes(house.store, site.id),
        zones=sorted(available_timezones()),
        told_privacy=tell_privacy(site),
        added_in_words=added_in_words,
        consent_in_words=consent_in_words,
    )
