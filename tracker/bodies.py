"""Reads what requests bring before Flask has them, so that who sends slowly, or nothing, holds no thread of it."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

WHOLE_BYTES = 1 << 20  # so much is read before a thread is taken; only those who may send files send more
FREE_BYTES = 64 * 1024  # of each body, as much as of a beacon; what is above counts for HELD_BYTES
HELD_BYTES = 64 << 20  # of all bodies that are being read at once
PATIENCE_S = 30.0  # for what is read before a thread is taken, and again for the rest beside LEAST_RATE
LEAST_RATE = 32 * 1024  # bytes a second: what a poor mobile connection sends
_DISCONNECT: Message = {"type": "http.disconnect"}


class Bodies:
    """An ASGI app that reads what is sent to another one: 408 to the slow, 503 where too many send much at once."""

    def __init__(self, app: Asgi, patience_s: float = PATIENCE_S, held_bytes: int = HELD_BYTES) -> None:
        self._app = app
        self._patience_s = patience_s
        self._held_bytes = held_bytes
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, counted, more = bytearray(), 0, True
        try:
            async with asyncio.timeout(self._patience_s):
                while more and len(body) < WHOLE_BYTES:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    above = max(0, len(body) - FREE_BYTES) - counted
                    counted, self._held = counted + above, self._held + above
                    if above and self._held > self._held_bytes:
                        await _refuse(send, 503, b"Too much is being sent at once. Try again in a minute.")
                        return
        except TimeoutError:
            await _refuse(send, 408, b"This was sent too slowly.")
            return
        finally:
            self._held -= counted
        await self._app(scope, self._rest(bytes(body), receive, more=more), send)

    def _rest(self, begun: bytes, receive: Receive, *, more: bool) -> Receive:
        """Return what gives the body from its beginning on, and calls a sender gone who is slower than is borne."""
        loop = asyncio.get_running_loop()
        until: float | None = None

        async def receive_more() -> Message:
            nonlocal until
            if until is None:  # only now there is a thread that waits
                until = loop.time() + self._patience_s
                return {"type": "http.request", "body": begun, "more_body": more}
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                return _DISCONNECT
            until += len(message.get("body", b"")) / LEAST_RATE
            return message

        return receive_more


async def _refuse(send: Send, status: int, words: bytes) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(words)), (b"connection", b"close")]
    if status == 503:
        headers.append((b"retry-after", b"60"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})
