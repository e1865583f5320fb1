"""What only the lane does: bodies in pieces, senders that leave or dawdle, and passing on what is not its own."""

import asyncio
from typing import Any

import pytest

from collectors.lane import Lane
from collectors.reception import Reception
from tests.kit.collect import ADDRESS, HEADERS, beacon, call, footprints
from tests.kit.entrance import Entrance, nothing
from tests.kit.ground import apart
from tracker.sites import SiteInfo


@pytest.fixture
def lane(entrance: Entrance) -> Lane:
    return Lane(entrance, nothing, body_deadline_s=0.1)


def test_a_body_in_pieces_is_one(lane: Lane, entrance: Entrance, site: SiteInfo) -> None:
    body = beacon(site)
    parts = [body[start : start + 7] for start in range(0, len(body), 7)]
    reply = apart(call(lane, "POST", "/collect", parts, HEADERS))
    assert reply is not None
    assert reply.status == 202
    assert len(footprints(entrance)) == 1


def test_a_body_without_stated_length_is_read_to_the_limit_and_no_further(lane: Lane, entrance: Entrance) -> None:
    parts = [bytes(8 * 1024)] * 100
    reply = apart(call(lane, "POST", "/collect", parts, HEADERS))
    assert reply is not None
    assert reply.status == 413


@pytest.mark.parametrize("length", ["65537", "9" * 400, "-1", "x"])
def test_a_stated_length_that_cannot_be_is_refused_unread(length: str, lane: Lane) -> None:
    reply = apart(call(lane, "POST", "/collect", [], {**HEADERS, "Content-Length": length}))
    assert reply is not None
    assert reply.status == 413


def test_a_sender_that_leaves_is_forgotten(lane: Lane, entrance: Entrance, site: SiteInfo) -> None:
    assert apart(call(lane, "POST", "/collect", [beacon(site)[:20]], HEADERS, ends=False)) is None
    assert footprints(entrance) == []


def test_a_sender_that_dawdles_gets_408(lane: Lane, entrance: Entrance) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("nothing ever comes")

    async def send(message: Any) -> None:
        sent.append(message)

    async def serve() -> None:
        scope = {"type": "http", "method": "POST", "path": "/collect", "query_string": b"", "headers": []}
        await asyncio.wait_for(lane({**scope, "client": (ADDRESS, 1)}, receive, send), 10)

    apart(serve())
    assert sent[0]["status"] == 408
    assert entrance.refusals.take() == {(0, "too_slow"): 1}


def test_a_cancelled_request_stays_cancelled(lane: Lane) -> None:
    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("nothing ever comes")

    async def serve() -> None:
        scope = {"type": "http", "method": "POST", "path": "/collect", "query_string": b"", "headers": []}
        task = asyncio.create_task(lane({**scope, "client": None}, receive, receive))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    apart(serve())


def test_many_requests_share_a_commit(lane: Lane, entrance: Entrance, site: SiteInfo) -> None:
    async def serve() -> list[int]:
        replies = await asyncio.gather(*(call(lane, "POST", "/collect", [beacon(site)], HEADERS) for _ in range(200)))
        return [reply.status for reply in replies if reply]

    assert apart(serve()) == [202] * 200
    assert entrance.spool.statistics.commits < 200
    assert len(footprints(entrance)) == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/collect"), ("HEAD", "/pixel.gif"), ("POST", "/collect/")]
)
def test_the_rest_goes_on(method: str, path: str, lane: Lane) -> None:
    reply = apart(call(lane, method, path, [b""], {}))
    assert reply is not None
    assert reply.headers == {"x-fallback": "1"}


def test_the_servers_start_and_other_protocols_go_on(entrance: Entrance) -> None:
    seen: list[str] = []

    async def fallback(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    async def unused(*_: Any) -> Any:
        raise AssertionError

    for kind in ("lifespan", "websocket"):
        apart(Lane(entrance, fallback)({"type": kind, "path": "/collect"}, unused, unused))  # type: ignore[arg-type]
    assert seen == ["lifespan", "websocket"]


def test_address_from_the_trusted_proxy_only(
    entrance: Entrance, site: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def look(footprint: Any, arrival: Any, site: Any, house: Any) -> None:
        seen.append(arrival.address)

    for trusted in (0, 1):
        monkeypatch.setattr(entrance.settings, "trusted_proxies", trusted)
        lane = Lane(entrance, nothing, Reception(entrance, (look,)))
        apart(call(lane, "POST", "/collect", [beacon(site)], {**HEADERS, "X-Forwarded-For": "6.6.6.6, 198.51.100.7"}))
    assert seen == [ADDRESS, "198.51.100.7"]
