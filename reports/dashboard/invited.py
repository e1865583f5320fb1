"""Following an invitation: with an account, or by making one."""

from flask import redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from reports.wording.deeds import ROLES as ROLE_NAMES
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, set_sign_in
from tracker.house import current_house
from tracker.languages import gettext
from tracker.members import find_invitation, join
from tracker.models import User
from tracker.signin import sign_in
from tracker.users import create_user, find_user

Answer = str | Response | tuple[str, int]


def invited(token: str) -> Answer:
    """Say who invites to what; POST joins, with a new account where the address has none."""
    house, principal = current_house(), current_principal()
    problem: InvalidInputError | None = None
    with house.database.session() as store:
        invitation = find_invitation(store, token)
        site = house.sites.by_id(invitation.site_id) if invitation else None
        if invitation is None or site is None:
            return render_template("invitation_over.html"), 410
        account = find_user(store, invitation.email)
        is_them = account is not None and principal.user_id == account.id
        if request.method == "POST" and (is_them or account is None):
            try:
                member = account or _account(store, invitation.email)
                join(store, invitation, member)
                response = redirect(url_for("dashboard.overview", site_key=site.key))
                if account is None:
                    session.clear()
                    set_sign_in(response, sign_in(store, member.id))
                return response
            except InvalidInputError as error:
                problem = error
        page = render_template(
            "invited.html",
            invitation=invitation,
            role=gettext(ROLE_NAMES[invitation.role]),
            site_name=site.name,
            has_account=account is not None,
            is_them=is_them,
            signed_in=principal.name if principal.kind == "user" else "",
            here=request.path,
            problem=problem,
        )
    return page, 400 if problem else 200


def _account(store: Session, email: str) -> User:
    if request.form.get("password", "") != request.form.get("again", ""):
        raise InvalidInputError("again", gettext("is not the same as the password above"))
    return create_user(store, email, request.form.get("password", ""))
