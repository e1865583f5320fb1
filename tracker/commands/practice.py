"""`footfall demo`."""

import logging
import signal
import subprocess  # nosec B404 - runs our own command
import sys
import time
from contextlib import ExitStack, suppress

import click
from werkzeug.serving import make_server

from tracker.commands.asking import ask_house, ask_once
from tracker.commands.tags import tag_of
from tracker.control import is_served
from tracker.demo import create_demo
from tracker.errors import FootfallError
from tracker.settings import Settings

NAME = "Practice shop"
HOSTS = ["127.0.0.1", "localhost"]
_START_S = 30


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address that the shop listens on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8601, show_default=True, help="Port of the shop.")
@click.pass_obj
def demo(settings: Settings, host: str, port: int) -> None:
    """Serve a small shop with planted faults to click about on, and the server for it when none runs."""
    for ending in (signal.SIGINT, signal.SIGTERM):  # so that the server we started ends too
        signal.signal(ending, signal.default_int_handler)
    with ExitStack() as leaving:
        if not is_served(settings.socket_file):
            leaving.callback(_stop, _start(settings))
        key = _find_or_add(settings)
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        try:
            shop = make_server(host, port, create_demo(tag_of(settings, key)), threaded=True)
        except (OSError, SystemExit) as error:
            raise FootfallError(f"the shop cannot listen on {host}:{port}; choose another with --port") from error
        click.echo(f"Shop:    http://{host}:{port}/  Click about; what is broken stands on its last page.")
        click.echo(f"Reports: {settings.address}/sites/{key}/")
        with suppress(KeyboardInterrupt):
            shop.serve_forever()
        shop.server_close()


def _start(settings: Settings) -> "subprocess.Popen[bytes]":
    """Start a server and wait until it answers; FootfallError after what it says itself when it does not."""
    server = subprocess.Popen([sys.executable, "-m", "tracker", "serve"])  # nosec B603
    deadline = time.monotonic() + _START_S
    while not is_served(settings.socket_file):
        if server.poll() is not None or time.monotonic() > deadline:
            _stop(server)
            raise FootfallError("the server for the shop did not start")
        time.sleep(0.05)
    return server


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    server.wait()


def _find_or_add(settings: Settings) -> str:
    """Return the key of the shop's site, added at the first time."""
    for site in ask_house(settings, "list_sites"):
        if site["name"] == NAME:
            return str(site["key"])
    return str(ask_once(settings, "add_site", name=NAME, hosts=HOSTS, zone="UTC")["key"])
