"""The web that the corpus lives in: packages' files, detectors, and an address of its own for every trial."""

import mimetypes
import re
import time
from collections.abc import Sequence
from pathlib import Path

from tests.kit.browser import STATIC_JS, Response, Web
from tests.signals import packages
from tests.signals.rendering import render

HERE = Path(__file__).parent
NONCE = "corpus"
SHUT = f"script-src 'nonce-{NONCE}'; worker-src blob:"
KEPT = {"Cache-Control": "max-age=3600"}
TRIAL = re.compile(r"^/t/([\w-]+)(/.*)")
# Pages that ask a content network for a library get the same one from its package.
FOREIGN = (
    (re.compile(rb"(https?:)?//[\w.]+/ajax/libs/jquery/[^\"']+"), b"/npm/jquery/dist/jquery.js"),
    (re.compile(rb"(https?:)?//netdna\.[^\"']+bootstrap[^\"']+\.css"), b"/npm/bootstrap/dist/css/bootstrap.css"),
)


class CorpusWeb(Web):
    """Serves `/npm/…`, `/usr/…` (Debian), `/widgets/…` and `/rivals/…`, each also below `/t/NAME/`.

    Below `/t/NAME/` the page gets the tags of the detectors named in `detectors[NAME]`, and
    none of its own scripts when NAME is in `shut`.
    """

    def __init__(self) -> None:
        super().__init__()
        # Many pages load at once, and those that leave reset what they were sent.
        self._server.socket.listen(256)
        self._server.handle_error = lambda *args: None  # type: ignore[method-assign]
        self.tag = None
        self.detectors: dict[str, Sequence[str]] = {}
        self.shut: set[str] = set()
        built = packages.build()
        self.roots = {
            "/npm/": packages.fetch_npm(),
            "/usr/": packages.fetch_debian(),
            "/widgets/": HERE / "widgets",
            "/rivals/": built,
            "/built/": built,
        }

    def find(self, path: str) -> Response:
        """Return what is served at `path`."""
        named = TRIAL.match(path)
        if not named:
            return self._file(path)
        name, path = named.groups()
        status, kind, content, headers = self._file(path)
        if not kind.startswith("text/html") or status != 200:
            return status, kind, content, headers
        if name in self.shut:
            headers = {**headers, "Content-Security-Policy": SHUT}
        return status, kind, self._with(name, content), headers

    def _file(self, path: str) -> Response:
        if path.startswith("/slow/"):
            time.sleep(int(path.removeprefix("/slow/")) / 1000)
            return 200, "application/json", b"{}", {}
        if path == "/js/footfall.js" or path.startswith(("/taken", "/collect")) or path in self.pages:
            return super().find(path) if path in self.pages or path.startswith("/js") else (204, "text/plain", b"", {})
        if path.startswith("/js/"):
            file = (STATIC_JS / path.removeprefix("/js/")).resolve()
            if file.is_file() and file.is_relative_to(STATIC_JS):
                return 200, "text/javascript", file.read_bytes(), {}
        for prefix, root in self.roots.items():
            target = root / path.removeprefix(prefix)
            if target.is_dir():
                target /= "index.html"
            rendered = render(prefix, root, path)
            if path.startswith(prefix) and (rendered is not None or target.is_file()):
                content = rendered if rendered is not None else target.read_bytes()
                kind = mimetypes.guess_type(target.name)[0] or "application/octet-stream"
                if kind == "text/html":
                    kind = "text/html; charset=utf-8"
                    for foreign, ours in FOREIGN:
                        content = foreign.sub(ours, content)
                return 200, kind, content, {} if kind.startswith("text/html") else KEPT
        return 404, "text/plain", b"not here", {}

    def _with(self, trial: str, html: bytes) -> bytes:
        # The site's key names the trial, so that every beacon tells which one it is of.
        tags = "".join(
            f'<script async nonce={NONCE} data-site="{trial}" src="/js/footfall.js" data-endpoint="/collect"></script>'
            if name == "footfall"
            else f'<script nonce={NONCE} src="/rivals/{name}.js"></script>'
            for name in self.detectors.get(trial, ())
        ).encode()
        head = re.search(rb"<head[^>]*>", html, re.IGNORECASE)
        place = head.end() if head else 0
        return html[:place] + tags + html[place:]
