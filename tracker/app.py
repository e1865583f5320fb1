"""Puts the doors before an open house: the Flask app, and the async lane in front of it."""

from typing import Any, Protocol, cast
from urllib.parse import quote

from a2wsgi import WSGIMiddleware
from flask import Blueprint, Flask

import collectors.foreign.posthog_start
import collectors.lane
import collectors.routes
import collectors.server.routes
import reports.api
import reports.dashboard
import reports.overlay
import tracker.health
from reports.speech import language_of_request
from tracker.bodies import Asgi, Bodies, Receive, Scope, Send
from tracker.gate import install_gate
from tracker.house import House
from tracker.languages import install as install_languages
from tracker.languages.templates import speak
from tracker.routing import LateRule

BLUEPRINTS: tuple[Blueprint, ...] = (
    tracker.health.blueprint,
    collectors.routes.blueprint,
    collectors.foreign.posthog_start.blueprint,
    collectors.server.routes.blueprint,
    reports.api.blueprint,
    reports.dashboard.blueprint,
    reports.overlay.blueprint,
)
PAGE_THREADS = 16
_ASCII = "".join(map(chr, range(128)))


class Life(Protocol):
    """What begins and ends with the server."""

    def start(self) -> None:
        """Begin, before the first request."""

    def stop(self) -> None:
        """End, after the last."""


def create_app(house: House) -> Flask:
    """Return the Flask app over an open house; any WSGI server can run it."""
    app = Flask("footfall", root_path=str(house.settings.data), static_folder=None, template_folder=None)
    app.url_rule_class = LateRule
    app.extensions["footfall"] = house
    install_gate(app, house)
    install_languages(app, language_of_request)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    speak(app.jinja_env)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def create_asgi(house: House, life: Life | None = None) -> Asgi:
    """Return what `footfall serve` runs: beacons take the lane, all else goes on to Flask.

    With `life`, the server's start and stop are its start and stop.
    """
    lane: Asgi = collectors.lane.Lane(house, fallback=_pages(create_app(house)))

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(life, receive, send)
        else:
            await lane(scope, receive, send)

    return serve


def _pages(app: Flask) -> Asgi:
    """Return Flask as an ASGI app."""
    pages = Bodies(cast(Asgi, WSGIMiddleware(cast(Any, app), workers=PAGE_THREADS)))

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # curl and others send letters as they are, which WSGI has no room for
            scope = {**scope, "query_string": quote(scope["query_string"], _ASCII).encode()}
        await pages(scope, receive, send)

    return serve


async def _live(life: Life | None, receive: Receive, send: Send) -> None:
    """Follow the server's life: threads are made here, in the worker, since they would not survive its fork."""
    while True:
        event = (await receive())["type"]
        if life is not None:
            life.start() if event == "lifespan.startup" else life.stop()
        await send({"type": f"{event}.complete"})
        if event == "lifespan.shutdown":
            return
