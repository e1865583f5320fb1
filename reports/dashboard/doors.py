"""Coming in and going out: the first run, signing in, signing out."""

from flask import current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from tracker.errors import InvalidInputError
from tracker.gate import current_principal, set_sign_in, sign_in_token
from tracker.house import current_house
from tracker.languages import gettext
from tracker.signin import FIRST_RUN, link_is_good, use_link
from tracker.signin import sign_in as remember
from tracker.signin import sign_out as forget
from tracker.throttle import SignInThrottle
from tracker.users import any_user, check_user, create_user

Answer = str | Response | tuple[str, int]


def welcome(token: str) -> Answer:
    """Let whoever holds the first run's link make the owner's account."""
    email = request.form.get("email", "")
    problem: InvalidInputError | None = None
    with current_house().database.session() as store:
        if not link_is_good(store, token, FIRST_RUN) or any_user(store):
            return render_template("link_over.html"), 410
        if request.method == "POST":
            try:
                if request.form.get("password", "") != request.form.get("again", ""):
                    raise InvalidInputError("again", gettext("is not the same as the password above"))
                user = create_user(store, email, request.form.get("password", ""), owner=True)
                use_link(store, token, FIRST_RUN)
                return _come_in(remember(store, user.id), url_for("dashboard.new_site"))
            except InvalidInputError as error:
                problem = error
    return render_template("welcome.html", email=email, problem=problem), 400 if problem else 200


def sign_in() -> Answer:
    """Sign a person in, or say nothing more than that address and password do not fit."""
    if request.method == "GET" and current_principal().kind == "user":
        return redirect(_next_page())
    email = request.form.get("email", "")
    refused, status = None, 200
    with current_house().database.session() as store:
        first_run = not any_user(store)
        if request.method == "POST":
            throttle: SignInThrottle = current_app.extensions["footfall-throttle"]
            if not throttle.allows(request.remote_addr or "", email):
                refused, status = gettext("Too many tries. Wait a quarter of an hour, then try again."), 429
            elif user := check_user(store, email, request.form.get("password", "")):
                return _come_in(remember(store, user.id, sign_in_token()), _next_page())
            else:
                refused, status = gettext("This address and password do not fit together."), 403
    page = render_template("sign_in.html", email=email, refused=refused, first_run=first_run, next_page=_next_page())
    return page, status


def sign_out() -> Response:
    """End this browser's sign-in."""
    token = sign_in_token()
    if token:
        with current_house().database.session() as store:
            forget(store, token)
    response = redirect(url_for("dashboard.sign_in"))
    set_sign_in(response, None)
    session.clear()
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _come_in(token: str, page: str) -> Response:
    """Give the browser its new cookie; forms that it had open before are worth nothing from here on."""
    session.clear()
    response = redirect(page)
    set_sign_in(response, token)
    return response


def _next_page() -> str:
    """Return where to go after signing in: only ever a path on this server."""
    page = request.values.get("next", "")
    local = page.startswith("/") and page[1:2] not in ("/", "\\") and page.isprintable()
    return page if local else url_for("dashboard.home")
