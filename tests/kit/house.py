"""An open house, its Flask app and client, and a real `footfall serve` in a process of its own."""

import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from tests.kit.ground import SQLITE, free_port
from tracker.app import create_app
from tracker.claim import Claim, FolderTakenError
from tracker.cli import cli
from tracker.clock import now_ms
from tracker.commands.asking import ask_house
from tracker.control import Item
from tracker.house import House, open_house
from tracker.settings import Settings, load_settings

FOOTFALL = Path(sys.executable).with_name("footfall")


def view_event(url: str, **fields: Any) -> dict[str, Any]:
    """One view as the snippet sends it."""
    return {"id": f"{secrets.token_hex(8)}-0", "kind": "view", "at": now_ms(), "url": url, **fields}


class Server:
    """A running Footfall on a data folder of its own. `stop` and `start` again to see what lasts."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FOOTFALL_")},
            "FOOTFALL_DATA": str(data),
            "FOOTFALL_PORT": str(self.port),
            **settings,
        }
        self.log = data.with_name(f"{data.name}.log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, timeout_s: float = 60) -> float:
        """Start and wait until it is ready; the seconds that took."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [FOOTFALL, "serve"], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        while time.monotonic() - began < timeout_s:
            assert self.process.poll() is None, self.log.read_text()
            if self.is_ready():
                return time.monotonic() - began
            time.sleep(0.02)
        raise AssertionError(f"not ready after {timeout_s} s: {self.log.read_text()}")

    def is_ready(self) -> bool:
        try:
            return self.request("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def stop(self, timeout_s: float = 60) -> int:
        """Ask it to stop, wait, and return its exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout_s)

    def kill(self) -> None:
        """Kill master and worker at once, as a power cut would, and wait until neither is left."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)
        self.wait_until_gone()

    def wait_until_gone(self, timeout_s: float = 60) -> None:
        """Wait until no process works on the data folder, the worker of a killed master neither."""
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                return Claim(self.data).release()
            except FolderTakenError:
                assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def post(self, site: str, events: list[dict[str, Any]], origin: str, **shared: Any) -> tuple[int, bytes]:
        """Send a beacon as the snippet does."""
        body = json.dumps({"site": site, "sent_at": now_ms(), "events": events, **shared}).encode()
        headers = {"Content-Type": "text/plain", "Origin": origin, "User-Agent": "Mozilla/5.0 (X11) Firefox/140.0"}
        return self.request("POST", "/collect", body, headers)

    def here(self, *arguments: str, said: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command as `footfall` does, in this process, which is quicker; `said` is its standard input."""
        ran = CliRunner().invoke(cli, arguments, input=said, prog_name="footfall", env={**self.environment, **settings})
        if ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return subprocess.CompletedProcess(arguments, ran.exit_code, ran.stdout, ran.stderr)

    def footfall(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command on this server's data folder, whether it serves or not, as a program started for it."""
        return subprocess.run(
            [FOOTFALL, *arguments],
            env={**self.environment, **settings},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def add_site(self, name: str = "Shop", host: str = "shop.example", zone: str = "UTC") -> str:
        """Add a site and return its key."""
        [made] = self._ask("add_site", name=name, hosts=[host], zone=zone)
        return str(made["key"])

    def see_sites(self) -> None:
        """Have it look at once for sites that were changed beside it, which it does every other second."""
        self._ask("list_sites")

    def add_key(self, site: str | None = None, *scopes: str) -> str:
        """Add an API key, of all sites or of one, and return its token."""
        wanted = list(scopes) or ["read"]
        [made] = self._ask("add_key", name="test", scopes=wanted, site=site, days=None)
        return str(made["token"])

    def add_owner(self, email: str = "ann@example.org", password: str = "correct horse battery") -> tuple[str, str]:
        """Add somebody who may do everything and return what to sign in with."""
        self._ask("add_user", email=email, password=password, owner=True, sites=[], role="viewer")
        return email, password

    def _ask(self, operation: str, **arguments: Any) -> list[Item]:
        """Ask as a command does, without the second that a program takes to start."""
        return list(ask_house(load_settings(self.environment), operation, **arguments))

    def events(self, site: str, table: str = "events") -> list[dict[str, Any]]:
        """Return all that is stored, as `footfall export` gives it."""
        ran = self.here("export", table, "--site", site)
        assert ran.returncode == 0, ran.stderr
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def metrics(self) -> dict[str, float]:
        """Return /metrics by the text before each number."""
        lines = self.request("GET", "/metrics")[1].decode().splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}

    def wait_until_loaded(self, timeout_s: float = 60) -> None:
        """Wait until nothing accepted is pending."""
        deadline = time.monotonic() + timeout_s
        while self.metrics()["footfall_pending_events"]:
            assert time.monotonic() < deadline, "events were not loaded in time"
            time.sleep(0.05)


@pytest.fixture(scope="session")
def bare_house(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The stores of a house that was opened once and holds nothing, to be copied: migrations take their time."""
    settings = load_settings({"FOOTFALL_DATA": str(tmp_path_factory.mktemp("bare-house"))})
    open_house(settings).close()
    return [settings.data / SQLITE, settings.store_file]


def furnish(data: Path, bare_house: list[Path]) -> None:
    """Put a bare house's stores into a data folder, which is made when absent."""
    data.mkdir(mode=0o700, exist_ok=True)
    for file in bare_house:
        if not (data / file.name).exists():  # a test may have opened the database before
            shutil.copyfile(file, data / file.name)
            (data / file.name).chmod(0o600)


@pytest.fixture
def house(settings: Settings, bare_house: list[Path]) -> Iterator[House]:
    """Everything opened on a data folder without any data. Nothing loads until `house.loader` is told to."""
    furnish(settings.data, bare_house)
    opened = open_house(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Where compiled templates are kept for the next test: to compile them takes longer than most tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(house: House, compiled: FileSystemBytecodeCache) -> Flask:
    app = create_app(house)
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the whole run; tests use sites of their own on it and leave it running."""
    running = Server(tmp_path_factory.mktemp("server") / "data")
    running.start()
    yield running
    assert running.stop() == 0, running.log.read_text()


@pytest.fixture
def own_server(tmp_path: Path, bare_house: list[Path]) -> Iterator[Server]:
    """A server of the test's own, with stores that hold nothing, to stop and kill; the test starts it."""
    server = Server(tmp_path / "data")
    furnish(server.data, bare_house)
    yield server
    if server.process and server.process.poll() is None:
        server.kill()
