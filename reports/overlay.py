"""What overlay.js asks from a page of the site: a session for its one-time token, and heatmaps with that.

No cookie counts here and no other key does. An answer can be read by pages of the token's own
site alone; a refusal by pages of any site of this house, so that the overlay can say why.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
from flask import Blueprint, Response, request

from reports.api.problems import problem
from reports.heatmap import parse_path, parse_screen, read_heatmap
from reports.overlay_words import overlay_menus, overlay_parts, overlay_words
from reports.scope import parse_scope
from reports.speech import browser_language
from tracker.errors import InvalidInputError
from tracker.house import House, current_house
from tracker.ingest.secrets import clean_path
from tracker.languages import gettext, marked, speaking
from tracker.overlays import SESSION_LASTS, Overlay, find_session, find_token, trade_in
from tracker.sites import SiteInfo

_PREFLIGHT_S = 7200  # the longest that Chromium obeys
_OVER = marked("This link was used already, is too old, or belongs to another site. Open it again from the heatmap.")

blueprint = Blueprint("overlay", __name__, url_prefix="/overlay")


class OverlaySession(msgspec.Struct, frozen=True):
    """What a token was traded for: what to send as bearer, for how long, and the query of the page it came from.

    `words`, `menus` and `parts` are what the script says, in `language` (BCP 47), whose lines go in `direction`.
    """

    session: str
    expires_s: int
    site: str
    scope: str
    language: str
    direction: str
    words: Mapping[str, str]
    menus: Mapping[str, Mapping[str, str]]
    parts: Sequence[str]


@blueprint.route("/session", methods=["POST", "OPTIONS"], provide_automatic_options=False)
def session() -> Response:
    """Trade the token in the body (as it is, in plain text) for a session; it is used up by that."""
    if request.method == "OPTIONS":
        return _preflight("POST")
    token = request.get_data(cache=False)[:256].decode("ascii", "replace")
    house = current_house()
    with house.database.session() as store:
        found = find_token(store, token)
        site = _site_of(found)
        opened = trade_in(store, token) if site is not None else None
    if found is None or site is None or opened is None:
        return _refuse()
    language = found.language
    with speaking(language):
        return _answer(
            OverlaySession(
                opened,
                int(SESSION_LASTS.total_seconds()),
                site.name,
                found.scope,
                language.tag,
                language.direction,
                overlay_words(),
                overlay_menus(),
                overlay_parts(),
            )
        )


@blueprint.route("/heatmap", methods=["GET", "OPTIONS"], provide_automatic_options=False)
def heatmap() -> Response:
    """Answer a page's heatmap to a session of its site; the words are those of the API."""
    if request.method == "OPTIONS":
        return _preflight("GET")
    scheme, _, opened = request.headers.get("Authorization", "").partition(" ")
    house = current_house()
    with house.database.session() as store:
        found = find_session(store, opened.strip()) if scheme.lower() == "bearer" else None
    site = _site_of(found)
    if found is None or site is None:
        return _refuse()
    with speaking(found.language):
        return _heatmap(site, house)


def _heatmap(site: SiteInfo, house: House) -> Response:
    words = request.args.to_dict(flat=False)
    try:
        path = parse_path(clean_path(_only(words.pop("path", []))) or "/")
        screen = parse_screen(_only(words.pop("screen", [])))
        scope = parse_scope(site, words)
    except InvalidInputError as error:
        return _shared(problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{error}.", error.field))
    return _answer(read_heatmap(scope, path, screen, house.store))


def _site_of(found: Overlay | None) -> SiteInfo | None:
    """Return the site of a token or session when the request comes from one of its own pages."""
    site = current_house().sites.by_id(found.site_id) if found else None
    return site if site is not None and _owns(site) else None


def _owns(site: SiteInfo) -> bool:
    host = _host(request.headers.get("Origin", ""))
    return host is not None and site.owns(host)


def _host(origin: str) -> str | None:
    """Return an origin's host; None for "null" and what is no origin of the web."""
    try:
        parts = urlsplit(origin)
        host = parts.hostname
    except ValueError:
        return None
    fits = parts.scheme in ("http", "https") and len(origin) <= 256 and origin.isascii() and origin.isprintable()
    return host.rstrip(".") if host and fits else None


def _only(values: list[str]) -> str:
    return values[0] if len(values) == 1 else ""


def _preflight(method: str) -> Response:
    answer = _shared(Response(status=HTTPStatus.NO_CONTENT))
    if "Access-Control-Allow-Origin" not in answer.headers:
        answer.status_code = HTTPStatus.FORBIDDEN
        return answer
    answer.headers["Access-Control-Allow-Methods"] = method
    answer.headers["Access-Control-Allow-Headers"] = "authorization"
    answer.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_S)
    return answer


def _answer(shape: msgspec.Struct) -> Response:
    return _shared(Response(msgspec.json.encode(shape), mimetype="application/json"))


def _refuse() -> Response:
    with speaking(browser_language()):
        return _shared(problem(HTTPStatus.FORBIDDEN, gettext(_OVER)))


def _shared(answer: Response) -> Response:
    """Let the page that asked read an answer, when it is a page of any site of this house; no cache may."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Origin"
    if any(_owns(site) for site in current_house().sites.all()):
        answer.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
    return answer
