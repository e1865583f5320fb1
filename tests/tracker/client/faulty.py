"""A server that gives rows out as Footfall does and breaks off where it is told to, or has no room."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = Callable[[BaseHTTPRequestHandler], None]


def row(number: int) -> bytes:
    return f'{{"cursor":"c{number}","number":{number}}}\n'.encode()


class Script:
    """Answers each request by the next of `answers`, the last for ever; `asked` keeps the words of each."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.asked: list[dict[str, str]] = []

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append({name: value for name, [value] in parse_qs(urlsplit(handler.path).query).items()})
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        answer(handler)


def rows(last: int, *, cut: int | None = None, framed: str = "chunked") -> Answer:
    """Give out rows after the cursor up to `last`, but break off after `cut` bytes of them.

    `framed` says how the end is told: chunked, by its length, or only by the end of the connection.
    """

    def answer(handler: BaseHTTPRequestHandler) -> None:
        words = parse_qs(urlsplit(handler.path).query)
        after = int(words.get("cursor", ["c0"])[0][1:])
        upto = min(last, after + int(words.get("limit", [last])[0]))
        body = b"".join(row(number) for number in range(after + 1, upto + 1))
        handler.send_response(200)
        handler.send_header("Footfall-Cursor", f"c{max(after, upto)}")
        if framed == "length":
            handler.send_header("Content-Length", str(len(body)))
        if framed == "chunked":
            handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        sent = body[:cut]
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(sent), sent) if framed == "chunked" and sent else sent)
        if framed == "chunked" and cut is None:
            handler.wfile.write(b"0\r\n\r\n")
        if framed == "length" and cut is None:
            handler.rfile.read(1)  # keep the connection until the client has let go of it
        handler.close_connection = True

    return answer


def refusing(status: int, **headers: str) -> Answer:
    """Answer with a status and no problem details, as a proxy does."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "6")
        handler.end_headers()
        handler.wfile.write(b"<html>")

    return answer


def saying(body: bytes) -> Answer:
    """Answer with a body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """Serve a script for a while; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            script(self)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is called
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
