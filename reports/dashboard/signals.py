"""What counts as a struggle on a site: the definitions in force, what others would say, and their history."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.struggle.what_if import DAYS, WhatIf, incidents, what_if
from reports.wording import words
from reports.wording.elements import element_words
from reports.wording.links import Address
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import gettext
from tracker.signal_book import SIGNALS
from tracker.signal_limits import BY_NAME, LIMITS, Limit
from tracker.signal_versions import apply, changed, go_back, history
from tracker.signals import Thresholds
from tracker.sites import SiteInfo

Answer = str | Response | tuple[str, int]


def signals(site_key: str) -> Answer:
    """Show the definitions in force; with limits in the address, what the last days would have said by those."""
    site, given = current_site(), request.args.to_dict()
    address = Address(request.path, tuple(given.items()))
    try:
        tried = changed(site.limits, given)
    except InvalidInputError as error:
        return _page(site, given, problem=error), 400
    short = _differing(site.limits, tried)
    if set(given) - set(short):  # a form sends every field: the address keeps what was changed
        there = Address(request.path, tuple((name, str(value)) for name, value in short.items()))
        return redirect(f"{there}#what-if" if short else str(there))
    return _page(site, given, what_if(site, tried, current_house().store) if short else None, address=address)


def change_signals(site_key: str) -> Answer:
    """Put limits in force, and decide the site's events again by them."""
    site, form = current_site(), request.form.to_dict()
    house = current_house()
    given = {name: value for name, value in form.items() if name in BY_NAME}
    try:
        with house.database.session() as session:
            now = history(session, site.id)[0].limits
            if form.get("version", str(now.version)) != str(now.version):
                problem = gettext(
                    "somebody put version %(number)s in force meanwhile; look again", number=words.count(now.version)
                )
                raise InvalidInputError("version", problem)
            made = apply(session, site.id, changed(now, given), current_principal().name)
    except InvalidInputError as error:
        return _page(site, given, problem=error), 400
    return _in_force(site, made, before=now.version)


def signals_again(site_key: str, number: int) -> Answer:
    """Put an earlier version's limits in force again."""
    site, house = current_site(), current_house()
    try:
        with house.database.session() as session:
            before = history(session, site.id)[0].number
            made = go_back(session, site.id, number, current_principal().name)
    except InvalidInputError as error:
        return _page(site, {}, problem=error), 400
    return _in_force(site, made, before)


def signals_progress(site_key: str) -> str:
    """Answer the page that waits for the events to be decided: a piece of it."""
    site = current_site()
    return render_template("deciding.html", site=site, deciding=current_house().deciding.progress(site.id))


def _in_force(site: SiteInfo, made: Thresholds, before: int) -> Response:
    house = current_house()
    house.sites.forget()
    if made.version == before:
        flash(gettext("These limits are in force already; nothing was changed."))
    else:
        house.deciding.ask(site.id)
        flash(
            gettext(
                "Version %(number)s is in force: what comes in from now on is decided by it.",
                number=words.count(made.version),
            )
        )
    return redirect(url_for("dashboard.signals", site_key=site.key))


def _differing(limits: Thresholds, tried: Thresholds) -> dict[str, int]:
    return {
        one.name: getattr(tried, one.name) for one in LIMITS if getattr(tried, one.name) != getattr(limits, one.name)
    }


def _page(
    site: SiteInfo,
    given: Mapping[str, str],
    found: WhatIf | None = None,
    problem: InvalidInputError | None = None,
    address: Address | None = None,
) -> str:
    house = current_house()
    with house.database.session() as session:
        versions = history(session, site.id)
    return render_template(
        "signals.html",
        site=site,
        asked=None,
        signals=SIGNALS,
        limits_of=_limits_of,
        known=BY_NAME,
        given=given,
        problem=problem,
        found=found,
        address=address,
        days=DAYS,
        incidents=incidents(site, house.store),
        versions=versions,
        moved=_moved,
        signed=words.signed,
        element_words=element_words,
        deciding=house.deciding.progress(site.id),
    )


def _limits_of(signal: str) -> list[Limit]:
    return [one for one in LIMITS if one.signals[0] == signal]


def _moved(limits: Thresholds, than: Thresholds) -> list[str]:
    """Say in words which limits differ from those of the version before."""
    return [
        gettext(
            "%(limit)s: %(change)s",
            limit=gettext(one.title),
            change=words.steps([words.count(one.of(than)), one.told(one.of(limits))]),
        )
        for one in LIMITS
        if getattr(limits, one.name) != getattr(than, one.name)
    ]
