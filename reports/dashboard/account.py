"""One's own account: the password, the language, and the browsers that are signed in."""

from flask import flash, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from reports.speech import browser_language
from tracker.access import hash_token
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, set_sign_in, sign_in_token
from tracker.house import current_house
from tracker.languages import LANGUAGES, gettext, language_of, speaking
from tracker.models import User
from tracker.signin import sign_in, sign_ins, sign_out_everywhere
from tracker.users import change_language, change_password

Answer = str | Response | tuple[str, int]


def account() -> Answer:
    """Show the account; POST changes the password, which signs all other browsers out."""
    problem: InvalidInputError | None = None
    with current_house().database.session() as store:
        if request.method == "POST":
            try:
                user = _user(store)
                change_password(store, user, request.form.get("old", ""), request.form.get("password", ""))
                token = sign_in(store, user.id)
                session.clear()
                flash(gettext("Your password is changed, and every other browser is signed out."))
                response = redirect(url_for("dashboard.account"))
                set_sign_in(response, token)
                return response
            except InvalidInputError as error:
                problem = error
    return _page(problem)


def choose_language() -> Answer:
    """Keep the language that this person reads, or that their browser may say it, and say so in that one."""
    try:
        with current_house().database.session() as store:
            chosen = change_language(store, _user(store), request.form.get("language", ""))
    except InvalidInputError as error:
        return _page(error)
    with speaking(language_of(chosen) if chosen else browser_language()):
        flash(gettext("Saved. Pages speak this language from now on."))
    return redirect(url_for("dashboard.account"))


def end_sign_ins() -> Answer:
    """Sign out every browser but this one."""
    with current_house().database.session() as store:
        sign_out_everywhere(store, current_principal().user_id or 0, but_token=sign_in_token())
    flash(gettext("Every other browser is signed out."))
    return redirect(url_for("dashboard.account"))


def _page(problem: InvalidInputError | None) -> Answer:
    here = hash_token(sign_in_token() or "")
    with current_house().database.session() as store:
        user = _user(store)
        browsers = [(kept.created_at, kept.expires_at, kept.token_hash == here) for kept in sign_ins(store, user.id)]
        page = render_template(
            "account.html", browsers=browsers, problem=problem, languages=LANGUAGES, chosen=user.language or ""
        )
    return page, 400 if problem else 200


def _user(store: Session) -> User:
    return store.get_one(User, current_principal().user_id or 0)
