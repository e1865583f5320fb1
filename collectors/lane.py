"""The fast door: an ASGI app before Flask that takes the collectors' requests and passes the rest on.

It reads bodies with a deadline and waits for the commit without holding a thread.
"""

import asyncio
from collections.abc import Sequence
from typing import TypeAlias, cast

from collectors import COLLECTORS
from collectors.answer import Answer, RefusedError
from collectors.collector import Collector
from collectors.deadline import Deadline
from collectors.door import Door
from collectors.incoming import Incoming
from collectors.proxies import client_address
from collectors.reception import Kept, Reception
from tracker.bodies import Asgi, Receive, Scope, Send
from tracker.spool import Spool, SpoolRefusedError

BODY_BYTES = 64 * 1024
BODY_DEADLINE_S = 10.0


class Lane:
    """Serves the paths of COLLECTORS; `fallback` serves all others, and the server's start and stop."""

    def __init__(
        self,
        house: Door,
        fallback: Asgi,
        reception: Reception | None = None,
        body_deadline_s: float = BODY_DEADLINE_S,
    ) -> None:
        self._spool = house.spool
        self._trusted_proxies = house.settings.trusted_proxies
        self._reception = reception or Reception(house)
        self._fallback = fallback
        self._deadline = Deadline(body_deadline_s)
        self._collectors = {path: cast(Collector, collector) for collector in COLLECTORS for path in collector.PATHS}
        self._commits: _Commits | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        collector = self._find(scope["path"]) if scope["type"] == "http" else None
        if collector is None:
            await self._fallback(scope, receive, send)
        elif scope["method"] in collector.METHODS:
            answer = await self._collect(collector, scope, receive)
            if answer is not None:
                await _send(answer, send)
        elif scope["method"] == "OPTIONS":
            origin = dict(scope["headers"]).get(b"origin")
            await _send(self._reception.preflight(collector, origin.decode("latin-1") if origin else None), send)
        else:
            await self._fallback(scope, receive, send)

    def _find(self, path: str) -> Collector | None:
        """Return the collector of a path, None when it is none's."""
        before, _, last = path.rpartition("/")
        return self._collectors.get(path) or (self._collectors.get(f"{before}/*") if last else None)

    async def _collect(self, collector: Collector, scope: Scope, receive: Receive) -> Answer | None:
        """Return the answer, None when the sender has left."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        incoming = self._describe(scope, headers)
        has_body = bool(collector.BODY_BYTES) and scope["method"] != "GET"
        try:
            body = await self._read_body(receive, headers.get(b"content-length")) if has_body else b""
        except RefusedError as refused:
            return self._reception.refuse(collector, incoming, refused)
        if body is None:
            return None
        incoming.body = body
        outcome = self._reception.receive(collector, incoming)
        if not isinstance(outcome, Kept):
            return outcome
        if self._commits is None:
            self._commits = _Commits(self._spool)
        refused_by_spool = await self._commits.keep(outcome)
        if refused_by_spool is not None:
            return self._reception.turn_away(collector, incoming, outcome, refused_by_spool)
        return outcome.answer

    def _describe(self, scope: Scope, headers: dict[bytes, bytes]) -> Incoming:
        forwarded_for = None
        if self._trusted_proxies:
            forwarded_for = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        client = scope.get("client")
        return Incoming(
            body=b"",
            query=scope["query_string"].decode("latin-1"),
            address=client_address(
                client[0] if client else "",
                forwarded_for.decode("latin-1") if forwarded_for else None,
                self._trusted_proxies,
            ),
            user_agent=_text(headers.get(b"user-agent")),
            origin=_text(headers.get(b"origin")),
            referer=_text(headers.get(b"referer")),
            content_type=_text(headers.get(b"content-type")),
            global_privacy_control=headers.get(b"sec-gpc") == b"1",
            path=scope["path"],
        )

    async def _read_body(self, receive: Receive, stated_length: bytes | None) -> bytes | None:
        """Return the body, None when the sender left; RefusedError when it is too long or too slow."""
        if stated_length is not None and (not stated_length.isdigit() or int(stated_length[:12]) > BODY_BYTES):
            raise RefusedError(413, "too_large")
        task = self._deadline.enter()
        try:
            parts: list[bytes] = []
            size = 0
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                part: bytes = message.get("body", b"")
                size += len(part)
                if size > BODY_BYTES:
                    raise RefusedError(413, "too_large")
                if not message.get("more_body"):
                    return b"".join([*parts, part]) if parts else part
                parts.append(part)
        except asyncio.CancelledError:
            if self._deadline.passed(task):
                raise RefusedError(408, "too_slow") from None
            raise
        finally:
            self._deadline.leave(task)


_Durable: TypeAlias = "asyncio.Future[SpoolRefusedError | None]"


class _Commits:
    """Lets requests of one event loop wait for the spool: a commit wakes the loop once, for all of them."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._loop = asyncio.get_running_loop()

    async def keep(self, kept: Kept) -> SpoolRefusedError | None:
        """Return when all bodies are durable, or why none of them is."""
        durable: _Durable = self._loop.create_future()
        try:
            self._spool.submit_for(kept.bodies, self, durable)
        except SpoolRefusedError as refused:
            return refused
        return await durable

    def settle(self, tickets: "Sequence[_Durable]", refused: SpoolRefusedError | None) -> None:
        """Called by the spool's thread."""
        self._loop.call_soon_threadsafe(_wake, tickets, refused)


def _wake(tickets: "Sequence[_Durable]", refused: SpoolRefusedError | None) -> None:
    for ticket in tickets:
        if not ticket.done():
            ticket.set_result(refused)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


async def _send(answer: Answer, send: Send) -> None:
    headers = [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
