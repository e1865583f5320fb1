"""A site's privacy mode and retention, and the page that tells its visitors of them."""

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.dashboard.meanwhile import is_changed
from reports.dashboard.settings import settings_page
from tracker import cnil
from tracker.errors import ConflictError, InvalidInputError
from tracker.expiry import allow
from tracker.foreign import titles_of
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import gettext
from tracker.languages.lists import listed
from tracker.privacy import COLLECTED, LEFT_OUT, MODE, NEVER
from tracker.privacy_changes import change_privacy
from tracker.privacy_words import kept_in_words
from tracker.retention import period_in_words, retention_in_words, retention_of
from tracker.sites import SiteInfo

Answer = str | Response | tuple[str, int]
_FIVE_MINUTES_S = 300
_BEFORE = "privacy_before"


def change(site_key: str) -> Answer:
    """Set mode and retention as the form says."""
    form, site = request.form, _site_now()
    try:
        if is_changed(form, site.privacy_mode, site.retention_days, field=_BEFORE):
            problem = gettext("somebody changed this meanwhile, and nothing was saved; below is what stands now")
            raise ConflictError(_BEFORE, problem)
        days = retention_of(form.get("retention", ""), form.get("retention_days", ""))
        _set(site, form.get("privacy_mode", ""), days)
    except InvalidInputError as error:
        return settings_page(site, problem=error), 400
    flash(gettext("Saved. It holds from the next request on."))
    return _back("privacy")


def _site_now() -> SiteInfo:
    """Return the site as it stands now, and not a moment ago: what a shorter retention deletes is gone."""
    current_house().sites.forget()
    return current_site()


def set_cnil(site_key: str) -> Response:
    """Set mode and retention as the French exemption wants them."""
    _set(current_site(), cnil.MODE, cnil.RETENTION_DAYS)
    flash(
        gettext(
            "The mode is “%(mode)s” and the retention %(period)s. What is left for you to do stands below.",
            mode=gettext(MODE[cnil.MODE].title),
            period=period_in_words(cnil.RETENTION_DAYS),
        )
    )
    return _back("cnil")


def allow_expiry(site_key: str) -> Response:
    """Let what was held back be deleted."""
    with current_house().database.session() as session:
        allowed = allow(session, current_site().id, current_principal().name)
    flash(gettext("It will be deleted within the hour.") if allowed else gettext("Nothing was waiting any more."))
    return _back("privacy")


def for_visitors(site_key: str) -> Response:
    """Tell anybody what is collected of visitors of a site, for how long, and how to be left out."""
    site = current_site()
    page = render_template(
        "for_visitors.html",
        site=site,
        mode=MODE[site.privacy_mode],
        collected=COLLECTED,
        never=NEVER,
        kept=kept_in_words(MODE[site.privacy_mode]),
        left_out=LEFT_OUT,
        retention=retention_in_words(site.retention_days),
        others=listed(titles_of(site.foreign_ids)),
        hosts=[f"[{host}]" if ":" in host else host for host in site.hosts],
    )
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    response.cache_control.max_age = _FIVE_MINUTES_S
    response.vary.add("Cookie")  # who is signed in reads their own language
    return response


def _set(site: SiteInfo, mode: str, days: int | None) -> None:
    house = current_house()
    with house.database.session() as session:
        change_privacy(session, site.id, mode, days, current_principal().name)
    house.sites.forget()


def _back(part: str) -> Response:
    return redirect(url_for("dashboard.settings", site_key=current_site().key, _anchor=part))
