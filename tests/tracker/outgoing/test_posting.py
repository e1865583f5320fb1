"""Webhooks reach whom they are for, signed; and nobody inside."""

import base64
import hashlib
import hmac
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPResponse
from itertools import chain, repeat
from types import SimpleNamespace
from typing import Any

import pytest

from tests.kit.clock import Clock
from tests.kit.ground import free_port
from tests.kit.receiver import Receiver
from tracker.errors import InvalidInputError, RefusedError, UnreachableError
from tracker.outgoing import posting
from tracker.outgoing.posting import check_webhook, post, shown_secret

HERE = {"127.0.0.1"}


def test_a_body_comes_signed_as_standard_webhooks_has_it(receiver: Receiver) -> None:
    post(receiver.url, b'{"a":1}', "message-1.shop", "s3cret", HERE)
    [(path, headers, body)] = receiver.posted
    assert (path, body, headers["content-type"]) == ("/report?x=1", b'{"a":1}', "application/json")
    assert headers["webhook-id"] == "message-1.shop"
    # as the receivers' libraries check it
    key = base64.b64decode(shown_secret("s3cret").removeprefix("whsec_"))
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"


@pytest.mark.parametrize(
    ("status", "error"), [(500, UnreachableError), (429, UnreachableError), (404, RefusedError), (302, RefusedError)]
)
def test_answers_say_whether_to_try_again_and_nobody_is_sent_on(
    receiver: Receiver, status: int, error: type[Exception]
) -> None:
    receiver.answers.append(status)
    with pytest.raises(error, match=f"answered {status}"):
        post(receiver.url, b"{}", "message-1.shop", "s3cret", HERE)
    assert len(receiver.posted) == 1


def test_who_does_not_answer_is_tried_again() -> None:
    with pytest.raises(UnreachableError, match="cannot be reached"):
        post(f"http://127.0.0.1:{free_port()}/", b"{}", "message-1.shop", "s3cret", HERE)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::7f00:1", "fec0::1", "64:ff9b:1::1"],
)  # fmt: skip
def test_nothing_is_sent_inside_whatever_a_name_stands_for(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    def resolve(*_: Any, **__: Any) -> list[Any]:
        public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 443))
        return [public, (family, socket.SOCK_STREAM, 6, "", (address, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("it connected"))
    with pytest.raises(RefusedError, match="is inside a network"):
        post("https://hook.example/", b"{}", "message-1.shop", "s3cret", ())


@pytest.mark.parametrize(
    "url",
    ["http://hook.example/", "https://", "https://ann:secret@hook.example/", "https://hook.example:x/",
     "https://hook.example/" + "a" * 400, "https://höök.example/", "https://a..b/", "https://hook.example/\x00",
     "https://hook.example/a b", "https://hook .example/"],
)  # fmt: skip
def test_an_address_that_will_not_do_is_refused_in_the_form(url: str) -> None:
    with pytest.raises(InvalidInputError):
        check_webhook(url, ())


def test_own_hosts_may_be_reached_by_http() -> None:
    assert check_webhook("http://chat.internal/hook", {"chat.internal"}) == "http://chat.internal/hook"


def test_an_address_that_no_request_can_have_is_not_tried_again() -> None:
    with pytest.raises(RefusedError, match="cannot be an address"):
        post("http://127.0.0.1/a b", b"{}", "message-1.shop", "s3cret", HERE)


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Set, it ends the time that there is for a post, which by a clock would end at any step of a busy machine's."""
    is_over = threading.Event()

    class Told(threading.Timer):
        def __init__(self, interval: float, function: Callable[[], None]) -> None:
            assert interval == posting.MOST_S
            super().__init__(interval, function)

        def run(self) -> None:
            if is_over.wait(60) and not self.finished.is_set():
                self.function()

    monkeypatch.setattr(threading, "Timer", Told)
    monkeypatch.setattr(posting, "TIMEOUT_S", 60.0)  # that of a step is not what ends it
    yield is_over
    is_over.set()


@contextmanager
def slow(*says: bytes, then: Callable[[], None] = lambda: None) -> Iterator[tuple[int, "Future[bool]"]]:
    """Serve one caller who hears these one by one, the last for ten seconds; the port, and whether the caller hung up.

    `then` is done when all of them have been said once and the last a second time. Who is not cut off hears all of it,
    and then that it is over.
    """

    def drip(listening: socket.socket) -> bool:
        taken, _ = listening.accept()
        pause = threading.Event()
        with taken:
            try:
                for number, said in enumerate(chain(says, repeat(says[-1], 200))):
                    pause.wait(0.05)
                    taken.sendall(said)
                    if number == len(says):
                        then()
            except OSError:
                return True
        return False

    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as thread:
        listening.settimeout(20)
        yield listening.getsockname()[1], thread.submit(drip, listening)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_who_answers_a_byte_at_a_time_is_cut_off(over: threading.Event, scheme: str) -> None:
    # as TLS has it, the beginning of a long greeting, and more of it
    says = (
        [b"HTTP/1.1 100 Continue\r\n\r\n"] if scheme == "http" else [b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb", b"\x03"]
    )
    with slow(*says, then=over.set) as (port, is_cut_off):
        with pytest.raises(UnreachableError, match="cannot be reached"):
            post(f"{scheme}://127.0.0.1:{port}/", b"{}", "message-1.shop", "s3cret", HERE)
        assert is_cut_off.result(30)


def test_who_says_ok_and_then_a_byte_at_a_time_is_cut_off_too(
    over: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    beginning = posting._beginning

    def begin(response: HTTPResponse) -> str:
        over.set()  # the status is here, and the rest is being read
        return beginning(response)

    monkeypatch.setattr(posting, "_beginning", begin)
    with slow(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b".") as (port, is_cut_off):
        post(f"http://127.0.0.1:{port}/", b"{}", "message-1.shop", "s3cret", HERE)
        assert is_cut_off.result(30)


def test_a_name_of_which_nobody_says_what_it_stands_for_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, over = threading.Event(), threading.Event()

    def resolve(*_: Any, **__: Any) -> list[Any]:
        asked.set()
        over.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(posting, "time", SimpleNamespace(monotonic=Clock()))  # else it may be over before it asks
    monkeypatch.setattr(posting, "MOST_S", 0.2)
    with pytest.raises(UnreachableError, match="timed out"):
        post("https://hook.example/", b"{}", "message-1.shop", "s3cret", ())
    assert asked.wait(20)
    over.set()


@pytest.mark.parametrize(("most_s", "waits"), [(60, [10, 10, 10]), (25, [10, 10, 5]), (15, [10, 5])])
def test_of_many_addresses_that_do_not_answer_three_are_tried_while_there_is_time(
    monkeypatch: pytest.MonkeyPatch, most_s: float, waits: list[float]
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"1.1.1.{number}", 443)) for number in range(50)]
    given: list[tuple[str, float]] = []

    def connect(address: tuple[str, int], timeout_s: float) -> socket.socket:
        given.append((address[0], timeout_s))
        raise TimeoutError("timed out")

    clock = SimpleNamespace(monotonic=lambda: sum(timeout_s for _, timeout_s in given))
    monkeypatch.setattr(posting, "time", clock)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(posting, "MOST_S", most_s)
    with pytest.raises(UnreachableError, match="timed out"):
        post("https://hook.example/", b"{}", "message-1.shop", "s3cret", ())
    assert given == [(f"1.1.1.{number}", wait) for number, wait in enumerate(waits)]


def test_one_that_is_connected_when_its_time_is_over_is_not_waited_for(
    over: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = socket.socketpair()
    was_cut, cut = threading.Event(), posting._Connection.cut

    def cut_off(connection: posting._Connection) -> None:
        cut(connection)
        was_cut.set()

    def connect(*_: Any) -> socket.socket:
        over.set()
        assert was_cut.wait(20)
        return ours

    monkeypatch.setattr(posting._Connection, "cut", cut_off)
    monkeypatch.setattr(socket, "create_connection", connect)
    with theirs, pytest.raises(UnreachableError, match="timed out"):
        post("http://127.0.0.1/", b"{}", "message-1.shop", "s3cret", HERE)
    assert ours.fileno() == -1  # closed
