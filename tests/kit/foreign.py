"""What tests of other trackers' beacons share: the names that a site has there, and their own scripts."""

import json
import secrets
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.browser import PATIENCE_S, Web
from tests.kit.entrance import Entrance
from tests.kit.house import Server
from tracker.database import Database
from tracker.foreign import WantedId, add_foreign_id
from tracker.settings import load_settings
from tracker.sites import SiteInfo, create_site

CLIENTS = Path(__file__).parents[1] / "clients"
UMAMI_ID = "a0b1c2d3-1111-4222-8333-0123456789ab"
IDS = {
    "plausible": "shop.example",
    "umami": UMAMI_ID,
    "matomo": "7",
    "goatcounter": "shop",
    "posthog": "phc_1234567890",
    "snowplow": "shop",
    "ga4": "G-A1B2C3D4",
}


def know(entrance: Entrance, site: SiteInfo, product: str, **fields: Any) -> None:
    """Let a site be known by its usual id in a product."""
    with entrance.database.session() as session:
        add_foreign_id(session, site.id, WantedId(product, IDS[product], **fields), "ann")
    entrance.sites.forget()


class Tracked:
    """A site of its own on the running server that another tracker sends to, and what its reports say."""

    def __init__(self, server: Server, key: str, product: str, their_id: str, host: str, mode: str, told: Any) -> None:
        self._server, self._key = server, key
        self.url = server.url
        self.id = their_id
        database = Database(load_settings({"FOOTFALL_DATA": str(server.data)}))
        with database.session() as session:
            site = create_site(session, product, [host])
            site.privacy_mode = mode
            self._site = site.key
        database.close()
        server.see_sites()
        made = self._ask("POST", "trackers", {"product": product, "id": their_id, **told})
        assert made[0] == 201, made

    def send(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Send something from a server."""
        return self._server.request("POST", path, body)

    def wait(self, **kinds: int) -> None:
        """Wait until so many events of each kind are stored: `wait(view=3)`."""
        deadline = time.monotonic() + PATIENCE_S
        while Counter(kinds) - Counter(event["kind"] for event in self.events()):
            assert time.monotonic() < deadline, f"of {kinds} there are {self.events()}"
            time.sleep(0.05)

    def goal(self, name: str, event: str) -> None:
        """Make a goal of a custom event."""
        condition = {"kind": "event", "event": event}
        assert self._ask("POST", "goals", {"name": name, "condition": condition})[0] == 201

    def events(self) -> list[Any]:
        """Return all that is stored."""
        path = f"/api/v1/sites/{self._site}/events"
        return [json.loads(line) for line in self._get(path).splitlines()]

    def report(self, name: str) -> Any:
        """Answer a report on all that came, programs and all."""
        status, answer = self._ask("GET", f"reports/{name}?range=today&bots=in")
        assert status == 200, answer
        return answer

    def pages(self) -> dict[str, int]:
        """Return the views of each path."""
        return {row["path"]: row["views"] for row in self.report("pages")["rows"]}

    def sources(self) -> dict[str | None, int]:
        """Return the visits from each source; None is directly."""
        return {row["source"]: row["visits"] for row in self.report("sources")["rows"]}

    def goals(self) -> dict[str, int]:
        """Return how often each goal was reached."""
        return {row["goal"]: row["conversions"] for row in self.report("goals")["rows"]}

    def _ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        raw = json.dumps(body).encode() if body is not None else None
        status, answer = self._server.request(method, f"/api/v1/sites/{self._site}/{path}", raw, self._headers())
        return status, json.loads(answer)

    def _get(self, path: str) -> str:
        status, answer = self._server.request("GET", path, headers=self._headers())
        assert status == 200, answer
        return answer.decode()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}


Track = Callable[..., Tracked]


@pytest.fixture(scope="session")
def tracking_key(server: Server) -> str:
    """A key for the sites that other trackers send to."""
    return server.add_key(None, "read", "change")


@pytest.fixture
def track(server: Server, tracking_key: str) -> Track:
    """Make a site of a host that a product sends to, by default pages of this machine."""

    def make(product: str, their_id: str, host: str = "127.0.0.1", mode: str = "cookieless", **told: Any) -> Tracked:
        return Tracked(server, tracking_key, product, their_id, host, mode, told)

    return make


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder in which Node finds other trackers' clients."""
    if not (CLIENTS / "node_modules").is_dir():
        pytest.skip("the clients of other trackers are not here: run `npm ci` in tests/clients")
    return CLIENTS


@pytest.fixture(scope="session")
def scripts(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scripts of other trackers for the browser, bundled."""
    folder = tmp_path_factory.mktemp("clients")
    subprocess.run(["node", "build.mjs", str(folder)], cwd=node_modules, check=True, timeout=60)
    return folder


@pytest.fixture
def pages(web: Web, scripts: Path) -> Iterator[Web]:
    """A web server with those scripts below /client/, and without our tag."""
    web.tag = None
    web.folder("/client", scripts)
    yield web


@pytest.fixture
def node(node_modules: Path) -> Callable[[str], str]:
    """Run a program in Node, from where it finds the clients, and return what it prints."""

    def run(program: str) -> str:
        command = ["node", "--input-type=module", "-e", program]
        ran = subprocess.run(command, cwd=node_modules, capture_output=True, text=True, timeout=30, check=False)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


def unique() -> str:
    """Return a word that no other test has: ids are a server's, which all tests share."""
    return secrets.token_hex(6)
