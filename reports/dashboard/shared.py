"""What people see who come by a share link: the same pages, of which none leads anywhere else."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from threading import BoundedSemaphore
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from reports import REPORTS
from reports.dashboard import answers
from reports.dashboard.asked import bound_filters, shared_page
from reports.query.filters import parse_filters
from reports.wording import words
from tracker.gate import current_share, is_secure, seal, share_cookie
from tracker.house import current_house
from tracker.languages import gettext
from tracker.shares import UNLOCKED_FOR, Share, unlock
from tracker.throttle import SignInThrottle

Answer = str | AnyResponse | tuple[str, int]

_seats = BoundedSemaphore(4)
_PATIENCE_S = 5
_LINK = re.compile(r'(<a\b[^>]*?)\s+href="([^"]*)"')


def home(token: str) -> Answer:
    """Show the overview, or lead to the first of the chosen reports where it is none of them."""
    share = _here()
    if "overview" not in share.sections:
        return redirect(next(iter(_pages(share)), None) or abort(404))
    with _seat():
        return answers.overview("")


def report(token: str, name: str) -> Answer:
    """Show one of the chosen reports."""
    if name not in _here().sections:
        abort(404)
    with _seat():
        return answers.report("", name)


@contextmanager
def _seat() -> Iterator[None]:
    """Let in so many at once, so that strangers never hold all that answers those who are signed in; else 503."""
    if not _seats.acquire(timeout=_PATIENCE_S):
        abort(503, gettext("Many are looking at shared pages just now. Try again in a moment."))
    try:
        yield
    finally:
        _seats.release()


def unlock_share(token: str) -> Answer:
    """Take a link's password, and lead to the page that was asked for."""
    share = _here()
    throttle: SignInThrottle = current_app.extensions["footfall-throttle"]
    if not throttle.allows(request.remote_addr or "", f"share {share.id}"):
        return _lock(gettext("Too many tries. Wait a quarter of an hour, then try again."), 429)
    kept = unlock(share, request.form.get("password", ""), seal())
    if kept is None:
        return _lock(gettext("This is not the password."), 403)
    response = redirect(_next_page(share))
    response.set_cookie(
        share_cookie(share),
        kept,
        max_age=int(UNLOCKED_FOR.total_seconds()),
        secure=is_secure(current_house()),
        httponly=True,
        samesite="Lax",
        path=url_for("dashboard.shared_home", token=token),
    )
    return response


def locked(_error: Exception) -> Answer:
    """Ask for the password, which is all that is told of a locked link."""
    return _lock(None, 403)


def keep_within(response: Response) -> Response:
    """Take the address off every link of a shared page that leads out of it; its words stay.

    Pages are made for those who are signed in, and for no others. Here is the one place that makes
    sure of what no template has to think of.
    """
    share = current_share()
    if share is None or response.mimetype != "text/html":
        return response
    reached = {*_pages(share), *_home(share)}

    def checked(found: re.Match[str]) -> str:
        parts = urlsplit(unescape(found[2]))
        inside = not parts.scheme and not parts.netloc and (parts.path or request.path) in reached
        return found[0] if inside else found[1]

    response.set_data(_LINK.sub(checked, response.get_data(as_text=True)))
    return response


def told_of(share: Share) -> Sequence[str]:
    """Say in words what a link is bound to."""
    if share.segment is not None:
        return [gettext("segment “%(name)s”", name=share.segment), *map(words.criterion, parse_filters(share.filters))]
    return [words.criterion(one) for one in bound_filters(share)]


def _here() -> Share:
    return current_share() or abort(404)


def _pages(share: Share) -> list[str]:
    """Return the paths of the chosen reports, in the order of all reports."""
    return [shared_page(share, one.name) for one in REPORTS if one.name in share.sections]


def _home(share: Share) -> Sequence[str]:
    return [url_for("dashboard.shared_home", token=share.token)]


def _lock(refused: str | None, status: int) -> tuple[str, int]:
    g.pop("share", None)  # nothing of the site is told yet
    token = (request.view_args or {})["token"]
    asked_for = request.form.get("next") or request.full_path.rstrip("?")
    return render_template("share_lock.html", refused=refused, token=token, next_page=asked_for), status


def _next_page(share: Share) -> str:
    """Return where to go with the right password: only ever to one of the link's own pages."""
    page = request.form.get("next", "")
    parts = urlsplit(page)
    ours = not parts.scheme and not parts.netloc and parts.path in {*_pages(share), *_home(share)}
    return page if ours and page.isprintable() else _home(share)[0]
