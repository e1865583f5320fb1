"""One's own account: the password, and the browsers that are signed in."""

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from tracker.access import hash_token
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, set_sign_in, sign_in_token
from tracker.house import current_house
from tracker.models import User
from tracker.signin import sign_in, sign_ins, sign_out_everywhere
from tracker.users import change_password

Answer = str | Response | tuple[str, int]


def account() -> Answer:
    """Show the account; POST changes the password, which signs all other browsers out."""
    user_id = current_principal().user_id or 0
    problem: InvalidInputError | None = None
    with current_house().database.session() as store:
        if request.method == "POST":
            try:
                user = store.get_one(User, user_id)
                change_password(store, user, request.form.get("old", ""), request.form.get("password", ""))
                token = sign_in(store, user_id)
                session.clear()
                flash("Your password is changed, and every other browser is signed out.")
                response = redirect(url_for("dashboard.account"))
                set_sign_in(response, token)
                return response
            except InvalidInputError as error:
                problem = error
        here = hash_token(sign_in_token() or "")
        browsers = [(kept.created_at, kept.expires_at, kept.token_hash == here) for kept in sign_ins(store, user_id)]
    return render_template("account.html", browsers=browsers, problem=problem), 400 if problem else 200


def end_sign_ins() -> Answer:
    """Sign out every browser but this one."""
    with current_house().database.session() as store:
        sign_out_everywhere(store, current_principal().user_id or 0, but_token=sign_in_token())
    flash("Every other browser is signed out.")
    return redirect(url_for("dashboard.account"))
