"""The list of sites, adding one, and the sample that shows what is to come."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from flask import abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from reports import overview
from reports.render.svg import sparkline
from reports.run import run_report
from reports.scope import parse_scope
from tracker.access import readable
from tracker.clock import utc_now
from tracker.erasure import erase_site
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import gettext
from tracker.languages.lists import separated
from tracker.sample import create_sample
from tracker.sites import SiteInfo, create_site

Answer = str | Response | tuple[str, int]

_DRAWN = 24  # sites whose numbers are worth waiting for
_LOADING_S = 20.0


@dataclass(frozen=True)
class SiteCard:
    """A site with its visitors of the last seven days; None where they were not asked for or could not be told."""

    site: SiteInfo
    visitors: int | None
    line: Markup | None


def home() -> Response:
    """Lead to the only site there is, or to the list."""
    sites = _sites()
    if len(sites) == 1:
        return redirect(url_for("dashboard.overview", site_key=sites[0].key))
    return redirect(url_for("dashboard.site_list"))


def site_list() -> str:
    """Show the sites that this person may see."""
    sites = _sites()
    cards = [_card(site) if number < _DRAWN else SiteCard(site, None, None) for number, site in enumerate(sites)]
    return render_template("sites.html", cards=cards, has_sample=any(site.sample for site in sites))


def new_site() -> Answer:
    """Add a site, then show the tag for it."""
    problem: InvalidInputError | None = None
    form = request.form
    if request.method == "POST":
        try:
            house = current_house()
            with house.database.session() as store:
                hosts = separated(form.get("host", ""))
                site = create_site(store, form.get("name", ""), hosts or [""], form.get("zone", "UTC"))
            house.sites.forget()
            return redirect(url_for("dashboard.tag", site_key=site.key))
        except InvalidInputError as error:
            problem = error
    page = render_template(
        "new_site.html", form=form, problem=problem, zones=sorted(available_timezones()), first=not _sites()
    )
    return page, 400 if problem else 200


def add_sample() -> Response:
    """Make the sample site, load it at once, since somebody is waiting, and lead to it."""
    house = current_house()
    site = create_sample(house.database, house.spool.submit, utc_now())
    house.sites.forget()
    house.loader.drain(_LOADING_S)
    return redirect(url_for("dashboard.overview", site_key=site.key))


def remove_sample(site_key: str) -> Response:
    """Remove a sample site with all of its invented events."""
    site = current_site()
    if not site.sample:
        abort(404)
    erase_site(current_house(), site.id)
    flash(gettext("The sample is removed, with everything that was in it."))
    return redirect(url_for("dashboard.site_list"))


def _sites() -> list[SiteInfo]:
    house = current_house()
    house.sites.forget()
    mine = set(readable(current_principal(), [site.id for site in house.sites.all()]))
    return [site for site in house.sites.all() if site.id in mine]


def _card(site: SiteInfo) -> SiteCard:
    answer = run_report(overview.report, parse_scope(site, {"range": ["7d"]}), current_house().store, timeout_s=2.0)
    visitors = (answer.totals or {}).get("visitors")
    if answer.error or not isinstance(visitors, int):
        return SiteCard(site, None, None)
    line = [value for row in answer.series or () if isinstance(value := row["visitors"], int)]
    return SiteCard(site, visitors, sparkline(line))
