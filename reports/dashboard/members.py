"""Who belongs to a site: the list, invitations, roles, and the way out."""

import secrets

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.dashboard.developers import public_address
from reports.mail.asking import ask_to_join
from reports.wording.deeds import ROLES as ROLE_NAMES
from tracker.checking import id_of
from tracker.errors import InvalidInputError, RefusedError, UnreachableError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import gettext, marked
from tracker.mail import Mailer
from tracker.members import change_role, invitations_of, invite, members_of, owners, take_back
from tracker.roles import ROLES

Answer = str | Response | tuple[str, int]

_MAY = {
    "viewer": marked("sees every report"),
    "editor": marked(
        "also changes settings, goals, segments, schedules, alerts, share links, notes and limits of signals"
    ),
    "admin": marked(
        "also makes keys, invites and removes people, exports and erases a person's data, and deletes the site"
    ),
}


def members(site_key: str) -> str:
    """List who may see a site, with the form to invite somebody."""
    return _page()


def invite_member(site_key: str) -> Answer:
    """Invite somebody, by mail or by a link that is shown this once."""
    site, house, who = current_site(), current_house(), current_principal().name
    email, by_mail = request.form.get("email", ""), request.form.get("do") == "mail"
    if not by_mail and not _may_see_links():
        abort(403)
    try:
        if by_mail and not house.settings.mail_url:
            raise InvalidInputError("email", gettext("this server knows no mail server; make a link instead"))
        with house.database.session() as session:
            token = invite(session, site.id, email, request.form.get("role", ""), who)
        link = public_address() + url_for("dashboard.invited", token=token)
        if by_mail:
            _send(email.strip().lower(), link)
    except InvalidInputError as error:
        return _page(problem=error), 400
    if not by_mail:
        return _page(link=link, invited=email.strip())
    flash(gettext("%(email)s is invited; the letter is on its way.", email=email.strip()))
    return redirect(url_for("dashboard.members", site_key=site_key))


def change_member(site_key: str) -> Answer:
    """Change a member's role, remove them, or take an invitation back."""
    site, form, who = current_site(), request.form, current_principal()
    try:
        with current_house().database.session() as session:
            if form.get("do") == "take-back":
                gone = take_back(session, site.id, form.get("email", ""), who.name)
                flash(
                    gettext("The invitation is taken back.") if gone else gettext("That invitation was gone already.")
                )
            elif form.get("do") in ("role", "remove"):
                number = id_of(form.get("user", ""))
                role = form.get("role", "") if form.get("do") == "role" else None
                was = change_role(session, site.id, number, role, who.name)
                flash(_removed(was.email) if role is None else gettext("Saved."))
            else:
                abort(400)
    except InvalidInputError as error:
        return _page(problem=error), 400
    if form.get("do") != "take-back" and number == who.user_id:
        return redirect(url_for("dashboard.home"))  # who changed their own role may see this page no more
    return redirect(url_for("dashboard.members", site_key=site_key))


def _removed(email: str) -> str:
    return gettext("%(email)s is removed, and sees nothing of this site any more.", email=email)


def _may_see_links() -> bool:
    """Tell whether links are shown: whoever has one may make an account in the name of its address.

    So a letter proves whose address it is, where letters can be sent; only an owner may do without.
    """
    return current_principal().owner or not current_house().settings.mail_url


def _send(email: str, link: str) -> None:
    """Hand in the letter with an invitation; InvalidInputError when it is not taken, which ends the invitation."""
    house, site, who = current_house(), current_site(), current_principal().name
    try:
        with Mailer(house.settings) as mailer:
            mailer.send(ask_to_join(site, who, link), email, f"{secrets.token_hex(12)}.{site.key}")
    except (UnreachableError, RefusedError) as error:
        with house.database.session() as session:
            take_back(session, site.id, email, who)
        raise InvalidInputError("email", gettext("the letter was not sent: %(problem)s", problem=error)) from error


def _page(problem: InvalidInputError | None = None, link: str = "", invited: str = "") -> str:
    site, house = current_site(), current_house()
    with house.database.session() as session:
        told = members_of(session, site.id)
        bosses, invitations = owners(session), invitations_of(session, site.id)
    return render_template(
        "members.html",
        site=site,
        asked=None,
        members=told,
        owners=bosses,
        invitations=invitations,
        roles=[(role, gettext(ROLE_NAMES[role]), gettext(_MAY[role])) for role in ROLES],
        role_names={role: gettext(name) for role, name in ROLE_NAMES.items()},
        problem=problem,
        form=request.form if problem else {},
        link=link,
        invited=invited,
        mail=bool(house.settings.mail_url),
        links=_may_see_links(),
    )
