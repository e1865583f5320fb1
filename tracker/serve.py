"""Runs the house under Granian: a small master that watches, and one worker that does everything."""

import gc
import multiprocessing
import os
import socket
from importlib import import_module
from typing import Any, cast

import structlog
from granian.constants import Interfaces
from granian.server.mp import MPServer

from tracker.claim import Claim
from tracker.errors import FootfallError
from tracker.logs import configure_logs
from tracker.settings import Settings

CANNOT_OPEN = 78  # the worker's exit code when it has said what the operator must mend
DRAIN_S = 9  # a worker that has not stopped by then is killed; what it acknowledged is in the spool

_log = structlog.get_logger("footfall.serve")


def serve(settings: Settings) -> None:
    """Serve until told to stop; FootfallError when the start is impossible as things are."""
    os.umask(0o077)
    configure_logs(settings.log_level)
    # by fork the worker inherits the claim on the data folder, which so lasts as long as either lives
    multiprocessing.set_start_method("fork", force=True)
    with Claim(settings.data) as claim:
        _check_port(settings)
        server = _Server(settings, claim)
        server.serve(target_loader=server.load, wrap_loader=False)


class _Server(MPServer):
    """Granian with a worker that may say that starting it again is of no use."""

    def __init__(self, settings: Settings, claim: Claim) -> None:
        super().__init__(
            "footfall",
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGI,
            websockets=False,
            workers=1,
            workers_kill_timeout=DRAIN_S,
            log_enabled=False,
        )
        self._settings = settings
        self._claim = claim
        self._leash, self._grip = os.pipe()

    def load(self) -> Any:
        """Open the house, in the fresh worker; what is imported there the master need not hold."""
        os.close(self._grip)
        # What is made here stays as long as the worker: to search it for what nobody holds any more, now and in
        # later rounds of the garbage collector, would find next to nothing and halt all threads for .1 s each time.
        gc.disable()
        worker = import_module("tracker.worker")
        app = worker.load(self._settings, self._claim, self._leash, first=not self.respawned_wrks)
        gc.freeze()
        gc.enable()
        return app

    @property
    def respawn_failed_workers(self) -> bool:
        """Replace a worker that died, unless it could not open the house."""
        return all(worker.inner.exitcode != CANNOT_OPEN for worker in self.wrks)

    @respawn_failed_workers.setter
    def respawn_failed_workers(self, _value: bool) -> None:
        """Ignore what Granian sets: it depends on how the worker ends."""

    def _respawn_workers(self, *args: Any, **options: Any) -> None:
        _log.error("the worker died; starting another")
        super()._respawn_workers(*args, **options)

    def _stop_workers(self) -> None:
        os.close(self._grip)
        super()._stop_workers()  # type: ignore[no-untyped-call]

    def signal_handler_reload(self, *_args: object) -> None:
        """Refuse: a new worker would come before the old one lets go of the event store's file."""
        _log.warning("reload refused; restart instead")


def _check_port(settings: Settings) -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(cast(Any, address))
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        raise FootfallError(
            f"cannot listen on {settings.host}:{settings.port} ({reason}); choose another with --host and --port"
        ) from error
