"""A process that answers ClickHouse's HTTP protocol from ClickHouse's engine, for tests.

`python -m tests.kit.clickhouse_server` prints the free loopback port that it listens on, and
lives until its standard input is closed. The engine (chdb) runs in this process and keeps
its tables in a folder of its own in TMPDIR; each request has a connection of its own, so that settings do not leak.
"""

import email.parser
import email.policy
import gzip
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import lz4.frame
from chdb.state.sqlitelike import Connection

TRANSPORT = {
    "buffer_size", "client_protocol_version", "compress", "database", "decompress", "enable_http_compression",
    "http_headers_progress_interval_ms", "query", "query_id", "quota_key", "role",
    "send_progress_in_http_headers", "session_id", "session_timeout", "wait_end_of_query",
}  # fmt: skip
# What pays on millions of rows costs more than it gives on a few.
PLAIN = {
    "max_threads": "1",
    "compile_expressions": "0",
    "compile_aggregate_expressions": "0",
    "compile_sort_description": "0",
}
DECODERS = {"gzip": gzip.decompress, "lz4": lz4.frame.decompress}
INSERT = re.compile(rb"\s*(INSERT\s+INTO\s.*?)\s+FORMAT\s+(\w+)[ \t]*\n(.*)", re.IGNORECASE | re.DOTALL)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def answer(parameters: dict[str, str], body: bytes) -> bytes:
    """Run the one statement of a request: `query` in the URL, or the body's start, or both."""
    text = parameters.get("query", "").encode()
    statement = text + b"\n" + body if text and body else text or body
    connection = Connection(":memory:")
    try:
        if database := parameters.get("database"):
            connection.query(f"USE {database}")
        given = {name: value for name, value in parameters.items() if name not in TRANSPORT}
        settings = PLAIN | {name: value for name, value in given.items() if not name.startswith("param_")}
        connection.query(f"SET {', '.join(f'{name} = {_quoted(value)}' for name, value in settings.items())}")
        if insert := INSERT.fullmatch(statement):
            inserter = connection.send_insert(insert[1].decode(), insert[2].decode())
            inserter.append(insert[3])
            inserter.finish()
            return b""
        bound = {name.removeprefix("param_"): value for name, value in parameters.items() if name.startswith("param_")}
        return bytes(connection.query(statement.decode(), "TabSeparated", params=bound or None).bytes())
    finally:
        connection.close()


class Handler(BaseHTTPRequestHandler):
    """Speaks as much of the protocol as clickhouse-connect uses."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body in one segment, or each answer waits for a delayed ACK

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        parameters = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = DECODERS.get(self.headers.get("Content-Encoding", ""), bytes)(self._body())
        if self.headers.get_content_type() == "multipart/form-data":
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            for part in email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body).iter_parts():
                parameters[part.get_param("name", header="content-disposition")] = part.get_payload(
                    decode=True
                ).decode()
            body = b""
        try:
            self._send(200, answer(parameters, body))
        except Exception as error:
            code = re.search(r"Code: (\d+)", str(error))
            self._send(500, str(error).encode(), {"X-ClickHouse-Exception-Code": code[1] if code else "1002"})

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Length": str(len(body)),
            "X-ClickHouse-Timezone": "UTC",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Stay silent: the standard output is for the port."""


if __name__ == "__main__":
    engine = Connection(":memory:")  # the engine lives as long as one connection does
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)  # the engine's own shutdown complains
