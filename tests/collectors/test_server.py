"""The lane under a real Granian: slow and half-open senders, SIGKILL under load, a full disk."""

import http.client
import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
import pytest

from tests.kit.collect import HEADERS, beacon, event
from tests.kit.entrance import SITE_KEY, running_entrance
from tracker.event import Footprint
from tracker.spool import SegmentReader, files

HALF_OPEN = 200
UNLIMITED = {"FOOTFALL_ADDRESS_RATE": "0", "FOOTFALL_SITE_RATE": "0"}


def post(port: int, body: bytes, connection: http.client.HTTPConnection | None = None) -> int:
    used = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    used.request("POST", "/collect", body, HEADERS)
    answer = used.getresponse()
    answer.read()
    if connection is None:
        used.close()
    return answer.status


def half_request(port: int) -> socket.socket:
    """Send all but the end of a request."""
    sender = socket.create_connection(("127.0.0.1", port), timeout=20)
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    sender.sendall(f"POST /collect HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 500\r\n\r\n{{".encode())
    return sender


def kept_ids(data: Path) -> list[str]:
    ids = []
    for path in files(data / "spool"):
        with SegmentReader(path) as reader:
            for _, _, body in reader.read(0, 1_000_000):
                if body is not None:
                    ids += [one.id for one in msgspec.json.decode(body, type=Footprint).events]
    return ids


def test_half_open_senders_hold_up_nobody(tmp_path: Path) -> None:
    with running_entrance(tmp_path / "data", ENTRANCE_DEADLINE_S="600", **UNLIMITED) as (port, _), ExitStack() as open_:
        senders = [open_.enter_context(half_request(port)) for _ in range(HALF_OPEN)]
        for number in range(50):
            assert post(port, beacon(SITE_KEY, event(number))) == 202
        assert select.select(senders, [], [], 0)[0] == []  # all of them are borne with, none was told to go


def test_half_open_senders_are_told_to_go(tmp_path: Path) -> None:
    with running_entrance(tmp_path / "data", ENTRANCE_DEADLINE_S="0.3", **UNLIMITED) as (port, _):
        for sender in [half_request(port) for _ in range(HALF_OPEN)]:
            with sender:
                assert sender.recv(200).startswith(b"HTTP/1.1 408 ")


def test_a_chunked_body_is_read_whole_or_refused(tmp_path: Path) -> None:
    with running_entrance(tmp_path / "data") as (port, _):
        for body, status in ((beacon(SITE_KEY), 202), (beacon(SITE_KEY).ljust(100_000), 413)):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            parts = iter([body[start : start + 1000] for start in range(0, len(body), 1000)])
            try:
                connection.request("POST", "/collect", parts, HEADERS, encode_chunked=True)
                assert connection.getresponse().status == status
            except (BrokenPipeError, ConnectionResetError):
                assert status == 413, "only what is refused unread may break off"
            connection.close()


def send_all(port: int, name: int, acknowledged: list[str]) -> None:
    """Send one event after the other until the server is gone, and note those that it acknowledged."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for number in range(100_000):
            one = f"{name:016x}-{number}"
            try:
                if post(port, beacon(SITE_KEY, event(id=one)), connection) != 202:
                    return
            except (OSError, http.client.HTTPException):
                return
            acknowledged.append(one)


@pytest.mark.parametrize("turn", range(20 if "FOOTFALL_SOAK" in os.environ else 2))
def test_sigkill_under_load_loses_nothing_acknowledged(turn: int, tmp_path: Path) -> None:
    acknowledged: list[str] = []
    with running_entrance(tmp_path / "data", **UNLIMITED) as (port, process):
        threads = [threading.Thread(target=send_all, args=(port, name, acknowledged)) for name in range(8)]
        for thread in threads:
            thread.start()
        until = time.monotonic() + 60
        while len(acknowledged) < 300 + 131 * turn and time.monotonic() < until:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        for thread in threads:
            thread.join()
    kept = kept_ids(tmp_path / "data")
    assert len(acknowledged) >= 300
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], check=False, capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(
            f"a small disk cannot be mounted here ({mounted.stderr.strip()}); test_spool injects the free space"
        )
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("floor_mb", ["0", "1"])
def test_a_full_disk_gives_503_and_heals_itself(floor_mb: str, small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    with running_entrance(small_disk / "data", FOOTFALL_FREE_SPACE_FLOOR_MB=floor_mb, **UNLIMITED) as (port, _):
        assert post(port, beacon(SITE_KEY)) == 202
        fill(ballast)
        large = beacon(SITE_KEY, *(event(number, title="x" * 400) for number in range(80)))
        statuses = [post(port, large) for _ in range(20)]
        assert set(statuses) <= {202, 503}
        assert statuses[-1] == 503
        ballast.unlink()
        until = time.monotonic() + 30
        while post(port, large) != 202:
            assert time.monotonic() < until, "it did not heal"
            time.sleep(0.2)
    taken = 1 + 80 * (statuses.count(202) + 1)
    assert len(kept_ids(small_disk / "data")) >= taken


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(65_536)):
                pass
        except OSError:
            return
