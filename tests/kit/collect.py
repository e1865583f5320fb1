"""The collectors behind either door, told apart by nothing but the fixture's parameter."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
import pytest
from flask import Flask

from collectors.lane import Asgi, Lane
from collectors.routes import blueprint
from tests.kit.entrance import Entrance, nothing
from tracker.database import Database
from tracker.event import Footprint
from tracker.ingest.context import open_context
from tracker.refusals import Refusals
from tracker.settings import Settings
from tracker.sites import SiteBook, SiteInfo
from tracker.spool import SegmentReader, files, open_spool

ADDRESS = "203.0.113.77"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
HEADERS = {"Origin": "https://www.shop.example", "Content-Type": "text/plain;charset=UTF-8", "User-Agent": CHROME}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Loop = Callable[[Coroutine[Any, Any, Any]], Any]


class Knock(Protocol):
    def __call__(
        self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply: ...


def event(number: int = 1, **fields: Any) -> dict[str, Any]:
    """One view as the snippet sends it."""
    return {
        "id": f"00000000000000ab-{number}",
        "kind": "view",
        "at": 1_700_000_000_000,
        "url": "https://shop.example/",
    } | fields


def beacon(site: SiteInfo | str, *events: dict[str, Any], **fields: Any) -> bytes:
    """A beacon's body."""
    key = site if isinstance(site, str) else site.key
    return json.dumps(
        {"site": key, "sent_at": 1_700_000_000_100, "events": list(events) or [event()]} | fields
    ).encode()


def footprints(entrance: Entrance) -> list[Footprint]:
    """All that the spool holds."""
    found = []
    for path in files(entrance.settings.spool_folder):
        with SegmentReader(path) as reader:
            for row, _, body in reader.read(0, 1_000_000):
                assert body is not None, f"row {row} of {path} is damaged"
                found.append(msgspec.json.decode(body, type=Footprint))
    return found


@pytest.fixture
def entrance(settings: Settings, database: Database, sites: SiteBook) -> Iterator[Entrance]:
    spool, ingest = open_spool(settings), open_context(settings, database)
    yield Entrance(settings, database, sites, Refusals(), spool, ingest)
    spool.close()
    ingest.close()


@pytest.fixture
def loop() -> Iterator[Loop]:
    """Runs coroutines one after the other on one event loop, apart from the browser's."""
    runner = asyncio.Runner()
    with ThreadPoolExecutor(1) as thread:
        yield lambda work: thread.submit(runner.run, work).result()
        thread.submit(runner.close).result()


@pytest.fixture(params=["lane", "flask"])
def knock(request: pytest.FixtureRequest, entrance: Entrance, loop: Loop) -> Knock:
    """Send a request to one of the two doors; a test that takes this runs at both."""
    return lane_knock(entrance, loop) if request.param == "lane" else flask_knock(entrance)


def flask_knock(entrance: Entrance) -> Knock:
    app = Flask("collect")
    app.extensions["footfall"] = entrance
    app.register_blueprint(blueprint)
    client = app.test_client()

    def knock(method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        given = {"User-Agent": "", **(HEADERS if headers is None else headers)}
        environment = {"REMOTE_ADDR": ADDRESS, "CONTENT_LENGTH": str(len(body))}
        answer = client.open(target, method=method, data=body, headers=given, environ_overrides=environment)
        return Reply(answer.status_code, {name.lower(): value for name, value in answer.headers}, answer.data)

    return knock


def lane_knock(entrance: Entrance, loop: Loop) -> Knock:
    lane = Lane(entrance, nothing)

    def knock(method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        stated = {"Content-Length": str(len(body)), **(HEADERS if headers is None else headers)}
        reply: Reply | None = loop(call(lane, method, target, [body], stated))
        assert reply is not None
        return reply

    return knock


async def call(
    app: Asgi, method: str, target: str, parts: list[bytes], headers: Mapping[str, str], *, ends: bool = True
) -> Reply | None:
    """Call an ASGI app with a body in parts; without `ends` the sender leaves before the end. None: no answer."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "client": (ADDRESS, 40_000),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
    }
    messages = [
        {"type": "http.request", "body": part, "more_body": not ends or number < len(parts)}
        for number, part in enumerate(parts, 1)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if not sent:
        return None
    names = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], names, b"".join(message.get("body", b"") for message in sent[1:]))
