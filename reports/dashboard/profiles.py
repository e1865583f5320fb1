"""Profiles as pages: who came, one of them with its time and its ties, and conflicts to decide."""

from collections.abc import Mapping
from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.dashboard import profile_telling as telling
from reports.dashboard.asked import Choice, read_request
from reports.profiles.asking import ask_of
from reports.profiles.conflicts import find_conflicts
from reports.profiles.finding import by_login
from reports.profiles.ids import read_id
from reports.profiles.known import now_part_of, open_conflicts
from reports.profiles.listing import ORDERS, WHO, find_profiles
from reports.profiles.one import find_profile
from reports.profiles.shapes import ProfileShape
from reports.profiles.timeline import find_timeline, read_before
from reports.run import lateness
from reports.scope import MOST_ROWS
from reports.wording.links import Address
from tracker.errors import InvalidInputError
from tracker.gate import current_site
from tracker.house import current_house
from tracker.languages import gettext
from tracker.signal_book import BY_NAME
from tracker.store.base import QueryTimeoutError

Answer = str | Response | tuple[str, int]
OWN_WORDS = ("order", "who", "before")
PAGE_ROWS, PAGE_CONFLICTS, PAGE_DECIDED = 50, 20, 10


def profiles(site_key: str) -> Answer:
    """List the profiles of a site."""
    return profiles_page()


def find(site_key: str) -> Answer:
    """Lead to the profile of a login, which comes in the body and goes nowhere else."""
    site = current_site()
    try:
        with current_house().database.session() as session:
            found = by_login(session, site, request.form.get("login", ""))
    except InvalidInputError as error:
        return profiles_page(error), 400
    if found is None:
        flash(gettext("Nobody has signed in here by this login, or nobody who agreed to be known."))
        return redirect(url_for("dashboard.profiles", site_key=site_key))
    return redirect(address_of(site_key, found))


def profile(site_key: str, profile_id: str) -> Answer:
    """Show one profile; the address of one that became part of another leads to that one."""
    asked_for = read_id(profile_id)
    if asked_for is None:
        abort(404)
    with current_house().database.session() as session:
        found = now_part_of(session, current_site().id, asked_for)
    if found != asked_for:
        return redirect(address_of(site_key, found))
    return profile_page(found)


def conflicts(site_key: str) -> Answer:
    """Show the conflicts that are to be decided, and those that were."""
    return conflicts_page()


def address_of(site_key: str, found: int) -> str:
    """Return the address of a profile's page."""
    return url_for("dashboard.profile", site_key=site_key, profile_id=found)


def profiles_page(problem: InvalidInputError | None = None) -> str:
    """Write the list; `problem` is what was wrong with the form on it."""
    asked = read_request(compare="none", also=OWN_WORDS)
    address = asked.address.at(url_for("dashboard.profiles", site_key=asked.site.key))
    asked = replace(asked, address=address)
    order, who = request.args.get("order", "newest"), request.args.get("who", "all")
    limit = asked.scope.limit if "limit" in request.args else PAGE_ROWS
    house, error, found, waiting = current_house(), None, None, 0
    with house.database.session() as session:
        try:
            scope = replace(asked.scope, limit=limit)
            found = find_profiles(session, ask_of(house.store), scope, order, who)
        except QueryTimeoutError as late:
            error = lateness(late)
        waiting = len(open_conflicts(session, asked.site.id))
    return render_template(
        "profiles.html",
        site=asked.site,
        asked=asked,
        address=address,
        found=found,
        error=error,
        waiting=waiting,
        problem=problem,
        orders=_choices(ORDERS, "order", order, address),
        whom=_choices(WHO, "who", who, address),
        more=address.having(limit=str(min(limit * 2, MOST_ROWS))) if found and found.more else None,
        telling=telling,
    )


def profile_page(found: int, problem: InvalidInputError | None = None, given: Mapping[str, str] | None = None) -> str:
    """Write a profile's page; `problem` is what was wrong with a form on it, `given` what was filled in."""
    site, house = current_site(), current_house()
    with house.database.session() as session:
        ask = ask_of(house.store)
        one: ProfileShape = find_profile(session, ask, site, found) or abort(404)
        timeline = find_timeline(session, ask, site, found, before=read_before(request.args.get("before"), site))
        numbers = list(one.conflicts)
        open_here = find_conflicts(session, ask, site, only=numbers) if numbers else []
    pictures, note = telling.ties_of(one)
    days = [edge for edge in one.edges if telling.is_of_a_day(edge)]
    here = Address(address_of(site.key, found))
    return render_template(
        "profile.html",
        site=site,
        asked=None,
        profile=one,
        timeline=timeline,
        earlier=here.having(before=timeline.before.isoformat()) if timeline.before else None,
        newest=str(here) if request.args.get("before") else None,
        conflicts=open_here,
        pictures=pictures,
        note=note,
        lasting=[edge for edge in one.edges if edge not in days],
        days=days,
        names=[name for name in one.identifiers if name.kind != "daily_hash"],
        day_names=[name for name in one.identifiers if name.kind == "daily_hash"],
        problem_of_days=problem is not None and problem.field in {f"reason-{edge.id}" for edge in days},
        problem=problem,
        given=given or {},
        telling=telling,
        signals=BY_NAME,
    )


def conflicts_page(problem: InvalidInputError | None = None, number: int | None = None) -> str:
    """Write the page of conflicts; `problem` is what was wrong with deciding the one of this number."""
    site, house = current_site(), current_house()
    with house.database.session() as session:
        ask = ask_of(house.store)
        waiting = find_conflicts(session, ask, site, limit=PAGE_CONFLICTS)
        decided = find_conflicts(session, ask, site, decided=True, limit=PAGE_DECIDED)
        left = len(open_conflicts(session, site.id)) - len(waiting)
    return render_template(
        "conflicts.html",
        site=site,
        asked=None,
        conflicts=waiting,
        decided=decided,
        left=left,
        problem=problem,
        number=number,
        telling=telling,
    )


def _choices(titles: Mapping[str, str], word: str, chosen: str, address: Address) -> list[Choice]:
    return [Choice(gettext(title), address.having(**{word: name}), name == chosen) for name, title in titles.items()]
