"""How command-line tools ask a running server: a socket in the data folder, for its owner only.

A request is one JSON line `{"operation": name, "arguments": {...}}`; the answer is JSON
lines, `{"item": ...}` for each piece, then `{"done": true}` or `{"error": text}`.
"""

import contextlib
import json
import os
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog

from tracker.errors import FootfallError

Item = dict[str, Any]
Ask = Callable[[str, Mapping[str, Any]], Iterable[Item]]

_PATH_LIMIT = 100  # a socket's address has 104 bytes on macOS and 108 on Linux
_LINE_LIMIT = 1 << 20
_NO_ROOM_S = 0.1
_log = structlog.get_logger("footfall.control")


class _Request(msgspec.Struct):
    operation: str
    arguments: dict[str, Any]


class NoServerError(Exception):
    """No server listens on this socket."""


class ControlServer:
    """Answers on the socket, each question in its own thread, until closed."""

    def __init__(self, path: Path, answer: Ask) -> None:
        """Listen on `path`; `answer` gives the pieces for an operation's name and arguments."""
        self._path = path
        self._answer = answer
        self._closing = threading.Event()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            with _short(path) as address:
                self._socket.bind(address)
        finally:
            os.umask(before)
        self._socket.listen(16)
        threading.Thread(target=self._accept, name="control", daemon=True).start()

    def close(self) -> None:
        """Stop answering and take the socket away."""
        self._closing.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:  # as many files are open as may be: whoever asks waits until there are fewer
                self._closing.wait(_NO_ROOM_S)
                continue
            try:
                threading.Thread(target=self._serve, args=(connection,), name="control-answer", daemon=True).start()
            except RuntimeError:  # as many threads as may be
                connection.close()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(ConnectionError), connection, connection.makefile("rwb") as stream:
            try:
                request = msgspec.json.decode(stream.readline(_LINE_LIMIT), type=_Request)
                for item in self._answer(request.operation, request.arguments):
                    _send(stream, {"item": item})
                _send(stream, {"done": True})
            except msgspec.MsgspecError as error:
                _send(stream, {"error": f"this is no request: {error}"})
            except FootfallError as error:
                _send(stream, {"error": str(error)})
            except ConnectionError:
                raise
            except Exception as error:
                _log.exception("operation failed")
                _send(stream, {"error": f"the server failed with {type(error).__name__}; its log tells more"})


def is_served(path: Path) -> bool:
    """Tell whether a server listens at `path`; FootfallError when we may not ask it."""
    try:
        _connect(path).close()
    except NoServerError:
        return False
    return True


def ask(path: Path, operation: str, arguments: Mapping[str, Any]) -> Iterator[Item]:
    """Ask the server at `path` and yield the pieces of its answer.

    Raises NoServerError at the first piece when nobody listens, FootfallError with the
    server's own words when it refuses or dies on the way.
    """
    with _connect(path) as connection, connection.makefile("rwb") as stream:
        _send(stream, {"operation": operation, "arguments": dict(arguments)})
        for line in stream:
            answer = json.loads(line)
            if "error" in answer:
                raise FootfallError(answer["error"])
            if "done" in answer:
                return
            yield answer["item"]
    raise FootfallError("the server stopped while it answered; ask again when it is back")


def _connect(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _short(path) as address:
            connection.connect(address)
    except OSError as error:
        connection.close()
        if isinstance(error, FileNotFoundError | ConnectionRefusedError):
            raise NoServerError(str(path)) from error
        raise FootfallError(
            f"the server's socket {path} cannot be used ({error.strerror}); run this as the server's user"
        ) from error
    return connection


def _send(stream: Any, message: Item) -> None:
    stream.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")
    stream.flush()


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """Yield an address for `path` that a socket takes: through a passing symbolic link when it is too long."""
    if len(os.fsencode(path)) <= _PATH_LIMIT:
        yield str(path)
        return
    with tempfile.TemporaryDirectory(prefix="footfall-") as folder:
        link = Path(folder) / "d"
        link.symlink_to(path.parent.resolve())
        yield str(link / path.name)
