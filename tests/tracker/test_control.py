"""The socket between command-line tools and a running server."""

import errno
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracker.control import ControlServer, NoServerError, ask
from tracker.errors import FootfallError


def answer(operation: str, arguments: Any) -> Iterator[dict[str, Any]]:
    if operation == "refuse":
        raise FootfallError("not today; come back tomorrow")
    if operation == "fail":
        raise RuntimeError("secret detail")
    for number in range(arguments["count"]):
        yield {"number": number}


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "control.sock"
    server = ControlServer(path, answer)
    yield path
    server.close()


def test_an_answer_comes_piece_by_piece(path: Path) -> None:
    assert list(ask(path, "count", {"count": 3})) == [{"number": 0}, {"number": 1}, {"number": 2}]


def test_who_asks_while_no_file_can_be_opened_is_answered_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept, full = socket.socket.accept, [OSError(errno.EMFILE, "Too many open files")] * 2

    def accept_later(listening: socket.socket) -> tuple[socket.socket, Any]:
        if full:
            raise full.pop()
        return accept(listening)

    monkeypatch.setattr(socket.socket, "accept", accept_later)
    server = ControlServer(tmp_path / "full.sock", answer)
    assert list(ask(tmp_path / "full.sock", "count", {"count": 1})) == [{"number": 0}]
    assert not full
    server.close()


def test_only_its_owner_may_use_the_socket(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_refusal_keeps_its_words(path: Path) -> None:
    with pytest.raises(FootfallError, match="not today; come back tomorrow"):
        list(ask(path, "refuse", {}))


def test_a_failure_says_no_more_than_its_kind(path: Path) -> None:
    with pytest.raises(FootfallError, match="RuntimeError; its log tells more") as caught:
        list(ask(path, "fail", {}))
    assert "secret detail" not in str(caught.value)


def test_no_server_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NoServerError):
        next(ask(tmp_path / "control.sock", "count", {"count": 1}))


def test_a_closed_server_leaves_no_socket(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    server = ControlServer(path, answer)
    assert path.exists()
    server.close()
    assert not path.exists()


def test_a_dead_servers_socket_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with pytest.raises(NoServerError):
        next(ask(path, "count", {"count": 1}))
    server = ControlServer(path, answer)
    assert list(ask(path, "count", {"count": 1})) == [{"number": 0}]
    server.close()


def test_a_path_longer_than_a_socket_may_have_works(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 20) / ("er" * 40)
    folder.mkdir(parents=True)
    server = ControlServer(folder / "control.sock", answer)
    assert list(ask(folder / "control.sock", "count", {"count": 2})) == [{"number": 0}, {"number": 1}]
    assert (folder / "control.sock").is_socket()
    server.close()


def test_a_client_that_leaves_does_not_stop_the_server(path: Path) -> None:
    answer_pieces = ask(path, "count", {"count": 100_000})
    next(answer_pieces)
    answer_pieces.close()
    assert list(ask(path, "count", {"count": 1})) == [{"number": 0}]


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b"[1]\n", b'{"operation": 1, "arguments": 2}\n', b"\xff\n", b""])
def test_nonsense_gets_an_error_and_harms_nobody(path: Path, line: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(line)
        connection.shutdown(socket.SHUT_WR)
        assert b'"error"' in connection.makefile("rb").read()
    assert list(ask(path, "count", {"count": 1})) == [{"number": 0}]
