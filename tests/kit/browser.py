"""A real Chromium, pages to put into it, and a collector that only remembers."""

import json
import mimetypes
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.chromium import FLAGS, installed

STATIC_JS = Path(__file__).parents[2] / "static" / "js"
SITE = "testsite0001"
PATIENCE_S = 20.0
EXPECT_MS = 30_000  # as long as whatever else waits for a page: a busy machine takes more than the usual five seconds
VIEWPORT: ViewportSize = {"width": 1000, "height": 700}

JSON = dict[str, Any]


@dataclass
class Answer:
    """What the stand-in collector says next: a status, and headers with it."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Beacon:
    """One request as the stand-in collector got it, at this monotonic second."""

    at: float
    body: JSON
    raw: bytes
    headers: dict[str, str]
    status: int


Response = tuple[int, str, bytes, dict[str, str]]
Route = Callable[[str], Response]


class Web:
    """A web server of its own: pages, slow and failing routes, the snippet, a stand-in collector.

    `pages` maps a path to HTML (or to a route function); `folder` serves files below a path.
    HTML gets the tag before `</head>` unless it holds `data-site` already or `tag` is None.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str | Route] = {}
        self.headers: dict[str, str] = {}
        self.folders: dict[str, Path] = {}
        self.beacons: list[Beacon] = []
        self.answers: list[Answer] = []
        self.always = Answer()
        self._came = threading.Condition()
        self._server = _server(_handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.tag: str | None = f'<script async data-site="{SITE}" src="{self.url}/js/footfall.js"></script>'
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def page(self, html: str, path: str = "/") -> str:
        """Serve `html` as the body of a page; return its URL."""
        self.pages[path] = html if "<head" in html else f"<!doctype html><head><title>Test</title></head>{html}"
        return self.url + path

    def folder(self, path: str, root: Path) -> None:
        """Serve the files of `root` below `path`, the tag put into their HTML."""
        self.folders[path] = root

    def events(self, kind: str | None = None) -> list[JSON]:
        """Return the events that have come in, in the order they were sent in, duplicates left out."""
        with self._came:
            beacons = sorted(self.beacons, key=lambda beacon: beacon.body["sent_at"])
            every = {event["id"]: event for beacon in beacons for event in beacon.body["events"]}
        return [event for event in every.values() if kind in (None, event["kind"])]

    def wait(self, condition: Callable[[], Any], what: str = "the beacons") -> Any:
        """Return the condition's first true value; look again whenever a beacon comes."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            value = condition()
            if value:
                return value
            left = deadline - time.monotonic()
            assert left > 0, f"waited {PATIENCE_S} s for {what}; came: {str(self.events())[:2000]}"
            with self._came:
                self._came.wait(min(left, 0.2))

    def collect(self, raw: bytes, headers: dict[str, str]) -> Answer:
        with self._came:
            answer = self.answers.pop(0) if self.answers else self.always
            body = json.loads(raw)
            self.beacons.append(Beacon(time.monotonic(), body, raw, headers, answer.status))
            self._came.notify_all()
        return answer

    def find(self, path: str) -> Response:
        """Return what is served at `path`, the tag put into HTML."""
        page = self.pages.get(path)
        script = STATIC_JS / path.removeprefix("/js/")
        if page is None and re.fullmatch(r"/js/(versions/)?[\w.-]+\.js", path) and script.is_file():
            return 200, "text/javascript", script.read_bytes(), {}
        if callable(page):
            return page(path)
        if page is not None:
            return 200, "text/html; charset=utf-8", self._tagged(page.encode()), self.headers
        for prefix, root in self.folders.items():
            target = (root / path.removeprefix(prefix).lstrip("/")).resolve()
            if path.startswith(prefix) and target.is_file() and target.is_relative_to(root.resolve()):
                kind = mimetypes.guess_type(target.name)[0] or "application/octet-stream"
                content = target.read_bytes()
                return 200, kind, self._tagged(content) if kind == "text/html" else content, self.headers
        return 404, "text/plain", b"not here", {}

    def _tagged(self, html: bytes) -> bytes:
        if not self.tag or b"data-site" in html:
            return html
        return html.replace(b"</head>", self.tag.encode() + b"</head>", 1)


_ports: set[int] = set()


def _server(handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    """Listen on a port that no test before had, so that nothing is stored for its origin yet."""
    while True:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if server.server_port not in _ports:
            _ports.add(server.server_port)
            return server
        server.server_close()


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(*web.find(self.path.split("?")[0]))

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path != "/collect":
                self._answer(*web.find(self.path.split("?")[0]))
                return
            answer = web.collect(raw, {name.lower(): value for name, value in self.headers.items()})
            self._answer(answer.status, "application/json", b"{}", answer.headers)

        def _answer(self, status: int, kind: str, content: bytes, headers: dict[str, str]) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Access-Control-Expose-Headers", "Retry-After")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                # The page went away before its answer came, as pages do.
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    path = installed()
    if path is None:
        pytest.skip("no Chromium here: run `python -m tests.chromium`")
    expect.set_options(timeout=EXPECT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of the test's own, whose first page opens a window of its own."""
    context = browser.new_context(viewport=VIEWPORT)
    yield context
    context.close()


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A window that stays open, as a new one costs more than most tests do in it."""
    window = browser.new_context(viewport=VIEWPORT)
    window.new_page()
    yield window
    window.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A tab of its own, in front; storage is clean, for every test's web server is another origin."""
    yield window.new_page()
    for tab in window.pages[1:]:
        tab.close()
    window.clear_cookies()


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server with the snippet and a stand-in collector."""
    web = Web()
    yield web
    web.close()
