"""The door that any WSGI server can open: the collectors as Flask routes, and the snippet's files."""

from functools import partial
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, request, send_from_directory

import tracker
from collectors import COLLECTORS
from collectors.answer import Answer, RefusedError
from collectors.collector import Collector
from collectors.incoming import Incoming
from collectors.proxies import client_address
from collectors.reception import Kept, Reception
from tracker.house import current_house
from tracker.spool import SpoolRefusedError

SCRIPTS = Path(tracker.__file__).parent.parent / "static" / "js"
_SHORT_S = 3600
_FOR_EVER_S = 31_536_000

blueprint = Blueprint("collect", __name__)


def collect(collector: Collector, **_: str) -> Response:
    """Receive a request, wait in this thread until it is durable, and answer; collectors read the path themselves."""
    reception = _reception()
    incoming = _describe()
    if request.method == "OPTIONS":
        return _respond(reception.preflight(collector, incoming.origin))
    try:
        incoming.body = read_body(collector.BODY_BYTES)
    except RefusedError as refused:
        return _respond(reception.refuse(collector, incoming, refused))
    outcome = reception.receive(collector, incoming)
    if not isinstance(outcome, Kept):
        return _respond(outcome)
    try:
        current_house().spool.submit_all(outcome.bodies).result()
    except SpoolRefusedError as refused_by_spool:
        return _respond(reception.turn_away(collector, incoming, outcome, refused_by_spool))
    return _respond(outcome.answer)


for _collector in COLLECTORS:
    _receive = partial(collect, cast(Collector, _collector))
    for _path in _collector.PATHS:
        blueprint.add_url_rule(
            _path.replace("*", "<rest>"),
            endpoint=_collector.__name__.rpartition(".")[2],
            view_func=_receive,
            methods=[*_collector.METHODS, "OPTIONS"],
            provide_automatic_options=False,
        )


@blueprint.get("/js/footfall.js")
def snippet() -> Response:
    """Return the present snippet, to be asked for again within the hour."""
    return _script(SCRIPTS, "footfall.js", f"public, max-age={_SHORT_S}")


@blueprint.get("/js/<any(more, vitals, overlay, identity, fingerprint):name>.js")
def further(name: str) -> Response:
    """Return a further file of the present snippet, which that asks for when a page has nothing to do."""
    return _script(SCRIPTS, f"{name}.js", f"public, max-age={_SHORT_S}")


@blueprint.get("/collect/mode")
def mode() -> Response:
    """Tell a page of any origin how its site recognises visitors, which the snippet asks once a day with consent."""
    site = current_house().sites.by_key(request.args.get("site", ""))
    if site is not None and site.enabled:
        response = jsonify({"mode": site.privacy_mode})
        response.headers["Cache-Control"] = f"public, max-age={_SHORT_S}"
    else:
        response = jsonify({"reason": "unknown_site"})
        response.status_code = 404
        response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get("/js/versions.json")
def snippet_versions() -> Response:
    """Return the list of all versions, the newest first, each with the integrity of its files."""
    return _script(SCRIPTS, "versions.json", f"public, max-age={_SHORT_S}", "application/json")


@blueprint.get("/js/versions/<path:file>")
def snippet_version(file: str) -> Response:
    """Return a snippet that never changes, for tags that pin its hash."""
    return _script(SCRIPTS / "versions", file, f"public, max-age={_FOR_EVER_S}, immutable")


def _script(folder: Path, file: str, cache_control: str, mimetype: str = "text/javascript") -> Response:
    response = send_from_directory(folder, file, mimetype=mimetype, conditional=True, etag=True)
    response.headers["Cache-Control"] = cache_control
    response.headers["Access-Control-Allow-Origin"] = "*"  # modules and pinned hashes need CORS
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _reception() -> Reception:
    """Return the app's one reception, which holds the rates."""
    extensions = current_app.extensions
    if "footfall.reception" not in extensions:
        extensions.setdefault("footfall.reception", Reception(current_house()))
    return cast(Reception, extensions["footfall.reception"])


def _describe() -> Incoming:
    headers = request.headers
    return Incoming(
        body=b"",
        query=request.query_string.decode("latin-1"),
        address=client_address(
            request.remote_addr or "",
            ",".join(headers.getlist("X-Forwarded-For")),
            current_house().settings.trusted_proxies,
        ),
        user_agent=headers.get("User-Agent"),
        origin=headers.get("Origin"),
        referer=headers.get("Referer"),
        content_type=headers.get("Content-Type"),
        global_privacy_control=headers.get("Sec-GPC") == "1",
        path=request.path,
    )


def read_body(limit: int) -> bytes:
    """Return the body; RefusedError when it is longer than `limit`, or would be cut in silence.

    Werkzeug ends a chunked body at its limit, or at once where the server does not mark its
    end, and says nothing: such a body is refused.
    """
    if request.method == "GET":
        return b""
    length = request.content_length
    if length is None and not request.environ.get("wsgi.input_terminated"):
        raise RefusedError(411, "length_required")
    if length is not None and length > limit:
        raise RefusedError(413, "too_large")
    body = request.stream.read(limit + 1)
    if len(body) > limit:
        raise RefusedError(413, "too_large")
    return body


def _respond(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status)
    response.headers.clear()
    for name, value in answer.headers:
        response.headers.add(name.decode(), value.decode("latin-1"))
    response.headers["Content-Length"] = str(len(answer.body))
    return response
