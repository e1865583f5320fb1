"""Stands before every Flask handler: who asks, may they, and did their own browser page send it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from tracker.access import (
    ANONYMOUS,
    Principal,
    UnauthenticatedError,
    authorize,
    principal_from_key,
    principal_from_sign_in,
)
from tracker.headers import add_headers, framed_by
from tracker.house import current_house
from tracker.imports import receiving
from tracker.permissions import PERMISSIONS, TAKES_FILES, Permission
from tracker.secret import load_secret
from tracker.shares import Share, is_unlocked, note_use, open_share
from tracker.signin import SIGN_IN_LASTS
from tracker.sites import SiteInfo

if TYPE_CHECKING:
    from tracker.house import House

_HALF_A_DAY_S = 43_200
_READING = ("GET", "HEAD", "OPTIONS")
_csrf = CSRFProtect()


class LockedShareError(Exception):
    """A share link whose password was not given yet."""


def install_gate(app: Flask, house: "House") -> None:
    """Put the gate before all of the app's routes, and the security headers on all of its answers."""
    secure = is_secure(house)
    app.config.update(
        SECRET_KEY=load_secret(house.settings.data),
        SESSION_COOKIE_NAME=cookie_name("footfall-form", secure=secure),
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # the gate calls it, for it knows who came by cookie
        WTF_CSRF_SSL_STRICT=False,  # Sec-Fetch-Site says the same, also behind a proxy
        WTF_CSRF_TIME_LIMIT=_HALF_A_DAY_S,
    )
    _csrf.init_app(app)
    if proxies := house.settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0)  # type: ignore[method-assign]
    receiving.install(app)
    app.before_request(_check)
    app.after_request(_keep_private)
    app.after_request(add_headers)


def is_secure(house: "House") -> bool:
    """Tell whether browsers reach this installation by https, so that its cookies can demand it."""
    return house.settings.public_url.startswith("https://")


def cookie_name(name: str, *, secure: bool) -> str:
    """Return a cookie's name; browsers take a `__Host-` one only over https, from this very host."""
    return f"__Host-{name}" if secure else name


def current_principal() -> Principal:
    """Return who sent this request."""
    if "principal" not in g:
        g.principal = _who_asks()
    return g.principal  # type: ignore[no-any-return]


def current_site() -> SiteInfo:
    """Return the site that this request's address names, or its share link is of; 404 when there is none."""
    if share := current_share():
        site = current_house().sites.by_id(share.site_id) or abort(404)
        # Names of what is not shared are the site's own affair.
        funnels = site.funnels if "funnels" in share.sections else ()
        releases = site.releases if "releases" in share.sections else ()
        return replace(site, segments=(), funnels=funnels, releases=releases)
    key = (request.view_args or {}).get("site_key", "")
    return current_house().sites.by_key(key) or abort(404)


def current_share() -> Share | None:
    """Return the share link that this request came by, open to it; None where it came by none."""
    return g.get("share")  # type: ignore[no-any-return]


def seal() -> str | bytes:
    """Return the secret that what browsers keep for us is signed with."""
    return current_app.secret_key or ""


def share_cookie(share: Share) -> str:
    """Return the name of the cookie that says that a link's password was given."""
    return f"footfall-share-{share.id}"


def sign_in_token() -> str | None:
    """Return the browser's sign-in cookie."""
    return request.cookies.get(cookie_name("footfall", secure=is_secure(current_house())))


def set_sign_in(response: AnyResponse, token: str | None) -> None:
    """Give the browser its sign-in cookie; None takes it away."""
    secure = is_secure(current_house())
    response.set_cookie(
        cookie_name("footfall", secure=secure),
        token or "",
        max_age=int(SIGN_IN_LASTS.total_seconds()) if token else 0,
        secure=secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _check() -> Response | None:
    """Refuse what must not reach its handler, by raising."""
    if request.endpoint is None:
        return None  # no such route: Flask answers 404 or 405
    permission = PERMISSIONS.get(request.endpoint)
    if permission is None:
        abort(403, "This address has no row in the permission matrix.")
    if permission.door not in ("api", "machine") and request.endpoint not in TAKES_FILES:
        receiving.bound_form()
    if permission.door in ("machine", "public", "letter"):
        return None
    if permission.door == "share":
        _check_share(permission)
        return None
    site_id = None
    if "site_key" in (request.view_args or {}):
        site = current_house().sites.by_key((request.view_args or {})["site_key"])
        if site is None:
            _refuse_unknown_site()
        else:
            site_id = site.id
    authorize(current_principal(), site_id, permission.action)  # before any of a body is read
    if request.method not in _READING and not (permission.door == "api" and current_principal().kind == "anonymous"):
        _check_origin(permission)
    return None


def _check_share(permission: Permission) -> None:
    """Let in who comes by a share link that is neither over nor locked, as nobody."""
    if request.method not in _READING:
        _check_origin(permission)
    g.principal = ANONYMOUS
    database = current_house().database
    with database.session() as session:
        share = open_share(session, (request.view_args or {})["token"])
    if share is None:
        abort(404)
    if share.is_over or _is_unsegmented(share):
        abort(410)
    if request.endpoint != "dashboard.unlock_share":
        if not is_unlocked(share, request.cookies.get(share_cookie(share), ""), seal()):
            raise LockedShareError
        with database.session() as session:
            note_use(session, share)
    g.share = share


def _is_unsegmented(share: Share) -> bool:
    """Tell whether the segment that a link is bound to is gone: then it shows nothing, rather than everybody."""
    site = current_house().sites.by_id(share.site_id)
    return site is None or (share.segment is not None and share.segment not in {one.name for one in site.segments})


def _keep_private(response: Response) -> Response:
    """Let no cache keep a page, for the next person at this browser."""
    permission = PERMISSIONS.get(request.endpoint or "")
    if permission is not None and permission.door in ("page", "share"):
        response.headers.setdefault("Cache-Control", "no-store")
    if permission is not None and permission.door == "share":
        response.headers["Referrer-Policy"] = "no-referrer"  # the address is all that it takes
        share = current_share()
        if share is not None and share.hosts:
            response.headers["Content-Security-Policy"] = framed_by(share.hosts)
    return response


def _refuse_unknown_site() -> None:
    """Answer 404, but say to a stranger no more than that one must sign in."""
    if current_principal().kind == "anonymous":
        raise UnauthenticatedError("read-site")
    abort(404)


def _check_origin(permission: Permission) -> None:
    """Refuse a change that another site's page made this browser send; a key proves enough by itself."""
    if permission.door == "api" and "Authorization" in request.headers:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CSRFError("This form was sent by another site.")
    if request.endpoint in TAKES_FILES:
        receiving.receive(current_house().settings, current_site().id, current_principal().name)
    _csrf.protect()


def _who_asks() -> Principal:
    """Return whom the key or the cookie names; a key that is wrong is nobody, whatever the cookie says."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    with current_house().database.session() as session:
        if scheme:
            named = principal_from_key(session, key.strip()) if scheme.lower() == "bearer" else None
        else:
            token = sign_in_token()
            named = principal_from_sign_in(session, token) if token else None
    return named or ANONYMOUS
