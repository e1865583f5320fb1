"""A real SMTP server on the loopback that keeps what it takes, and refuses what it is told to."""

import email
import email.policy
import socket
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

_PATIENCE_S = 60.0


@dataclass
class Post:
    """What came in; `refusals` answers the recipients of the next letters."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        return [one for one in self.letters if one["To"] == address]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        self.raw.append(envelope.content)
        return "250 taken"


class Serving(Controller):
    """Serves on a socket that has its port already, so that nobody takes it in between."""

    def __init__(self, post: Post, listening: socket.socket) -> None:
        super().__init__(post, hostname="127.0.0.1", port=post.port, ready_timeout=_PATIENCE_S)
        self._listening = listening

    def _create_server(self) -> Awaitable[Any]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


@pytest.fixture
def post() -> Iterator[Post]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Post(listening.getsockname()[1])
        controller = Serving(made, listening)
        controller.start()
        yield made
        controller.stop()
