"""The collectors with what stands behind them, without the loader and the pages; also as a server of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from collectors.lane import Asgi, Lane, Receive, Scope, Send
from tests.kit.ground import free_port
from tracker.database import Database
from tracker.ingest.context import IngestContext, open_context
from tracker.models import Base
from tracker.refusals import Refusals
from tracker.settings import Settings, load_settings
from tracker.sites import SiteBook, create_site
from tracker.spool import Spool, open_spool

ROOT = Path(__file__).parent.parent.parent
SITE_KEY = "entrancesite"


@dataclass
class Entrance:
    """Fits `collectors.door.Door`, and closes what it opened."""

    settings: Settings
    database: Database
    sites: SiteBook
    refusals: Refusals
    spool: Spool
    ingest: IngestContext

    def close(self) -> None:
        self.spool.close()
        self.ingest.close()
        self.database.close()


def open_entrance(settings: Settings) -> Entrance:
    database = Database(settings)
    Base.metadata.create_all(database.engine)
    return Entrance(
        settings, database, SiteBook(database), Refusals(), open_spool(settings), open_context(settings, database)
    )


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand behind the lane: starts and stops with the server, answers 404."""
    if scope["type"] == "lifespan":
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})
        return
    await send({"type": "http.response.start", "status": 404, "headers": [(b"x-fallback", b"1")]})
    await send({"type": "http.response.body", "body": b""})


def serve() -> Asgi:
    """Open an entrance as the environment says, with one site of the key SITE_KEY; Granian calls this."""
    entrance = open_entrance(load_settings())
    with entrance.database.session() as session:
        create_site(session, "Shop", ["shop.example"]).key = SITE_KEY
    return Lane(entrance, nothing, body_deadline_s=float(os.environ.get("ENTRANCE_DEADLINE_S", "10")))


@contextmanager
def running_entrance(
    data: Path, app: str = "tests.kit.entrance:serve", **variables: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run `app` under Granian in a process group of its own and yield (port, process)."""
    port = free_port()
    data.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-ws", "--log-level", "warning", "--working-dir", str(ROOT)]
    environment = os.environ | {"FOOTFALL_DATA": str(data), "PYTHONPATH": str(ROOT)} | variables
    process = subprocess.Popen([*command, app], env=environment, cwd=ROOT, start_new_session=True)
    try:
        wait_for_port(port, process)
        yield port, process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def wait_for_port(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("the server did not start")
