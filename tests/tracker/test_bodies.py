"""Bodies of requests: whoever sends slowly, or nothing at all, holds up nobody else."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.kit.ground import apart
from tests.kit.house import Server
from tracker.bodies import WHOLE_BYTES, Bodies, Message, Receive, Scope, Send

PIECE = b"x" * 65_536
FORM = b"Content-Type: application/x-www-form-urlencoded"


class Page:
    """An app that reads all and answers with its length; `sent` is what came out in front."""

    def __init__(self) -> None:
        self.read: int | None = None
        self.ended = ""
        self.sent: list[Message] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.read = 0
        while True:
            message = await receive()
            self.ended = message["type"]
            self.read += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int | None:
        return self.sent[0]["status"] if self.sent else None


async def pieces(count: int, *, ends: bool) -> Receive:
    left = iter(range(count))

    async def receive() -> Message:
        number = next(left, None)
        if number is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": PIECE, "more_body": not (ends and number == count - 1)}

    return receive


def served(count: int, *, ends: bool, patience_s: float = 30, held_bytes: int = 1 << 30) -> Page:
    page = Page()

    async def serve() -> None:
        bodies = Bodies(page, patience_s=patience_s, held_bytes=held_bytes)
        await bodies({"type": "http"}, await pieces(count, ends=ends), page.send)

    apart(serve())
    return page


@pytest.mark.parametrize("count", [1, 2, 16, 17, 40])
def test_a_body_comes_whole_whatever_its_length(count: int) -> None:
    page = served(count, ends=True)
    assert (page.status, page.read) == (200, count * len(PIECE))


def test_who_stops_sending_is_told_so_before_anybody_waits() -> None:
    page = served(3, ends=False, patience_s=0.05)
    assert (page.status, page.read) == (408, None)


def test_who_stops_in_the_middle_of_much_counts_as_gone() -> None:
    page = served(WHOLE_BYTES // len(PIECE) + 2, ends=False, patience_s=0.05)
    assert (page.read, page.ended) == (WHOLE_BYTES + 2 * len(PIECE), "http.disconnect")


def test_too_much_at_once_may_come_later() -> None:
    page = served(8, ends=True, held_bytes=6 * len(PIECE))
    assert (page.status, page.read) == (503, None)
    assert (b"retry-after", b"60") in page.sent[0]["headers"]
    assert served(7, ends=True, held_bytes=6 * len(PIECE)).status == 200


def on_one_connection(*requests: tuple[int, float], pause_after: int) -> list[tuple[int | None, int | None, str]]:
    """Serve requests of so many pieces, each with a pause (seconds, by a clock that is moved) after some of them.

    Returns the status of each, how much of it was read, and how that ended.
    """
    page, told = Page(), []

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        real, ahead = loop.time, [0.0]
        loop.time = lambda: real() + sum(ahead)  # type: ignore[method-assign]
        sent = (
            ({"type": "http.request", "body": PIECE, "more_body": number < count}, pause_s * (number == pause_after))
            for count, pause_s in requests
            for number in range(1, count + 1)
        )

        async def receive() -> Message:
            message, pause_s = next(sent)
            ahead.append(pause_s)
            await asyncio.sleep(0)  # whatever is due by now
            return message

        bodies = Bodies(page, patience_s=30)
        for _ in requests:
            page.read, page.ended, page.sent = None, "", []
            await bodies({"type": "http"}, receive, page.send)
            told.append((page.status, page.read, page.ended))

    apart(serve())
    return told


@pytest.mark.parametrize("pause_after", [1, WHOLE_BYTES // len(PIECE) + 1])
def test_requests_on_one_connection_have_each_its_own_body_and_its_own_time(pause_after: int) -> None:
    first, second, late = pause_after + 2, pause_after + 1, pause_after + 1
    told = on_one_connection((first, 20), (second, 20), (late, 40), pause_after=pause_after)
    assert told[:2] == [(200, count * len(PIECE), "http.request") for count in (first, second)]
    if pause_after == 1:
        assert told[2] == (408, None, "")
    else:
        assert told[2][2] == "http.disconnect"


@pytest.fixture
def stalled(server: Server) -> Iterator[None]:
    """More senders than there are threads, each of which says that a body comes."""
    with ExitStack() as stack:
        for _ in range(20):
            sender = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            sender.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n" + FORM + b"\r\n\r\n")
        yield


@pytest.mark.usefixtures("stalled")
def test_pages_are_there_while_others_send_nothing(server: Server) -> None:
    for path in ("/livez", "/readyz", "/sign-in"):
        assert server.request("GET", path)[0] == 200
