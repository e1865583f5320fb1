"""What runs in the server's worker: the house, its threads, and the doors before it."""

import os
import signal
import sys
import threading
import time

import structlog

from tracker.app import create_asgi
from tracker.bodies import Asgi
from tracker.claim import Claim
from tracker.commands.operations import answers
from tracker.control import ControlServer
from tracker.errors import FootfallError
from tracker.house import House, open_house
from tracker.jobs import Jobs
from tracker.serve import CANNOT_OPEN
from tracker.settings import Settings
from tracker.signin import create_first_run_link

PATIENCE_S = 3.0

_log = structlog.get_logger("footfall")


class Running:
    """What moves in a house while it serves: loader, jobs and the control socket."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._jobs = Jobs(house)
        self._stop = threading.Lock()
        self._stopped = False

    def start(self) -> None:
        """Start loading, the jobs and answering command-line tools."""
        self._house.loader.start()
        self._jobs.start()
        self._control = ControlServer(self._house.settings.socket_file, answers(self._house))
        _log.info("serving", data=str(self._house.settings.data), store=self._house.store.name)

    def stop(self) -> None:
        """Drain: nothing new comes in any more; commit what was taken, load it, close the stores. Once."""
        with self._stop:
            if self._stopped:
                return
            self._stopped = True
            self._control.close()
            self._jobs.stop()
            self._house.close()
            _log.info("stopped")

    def stop_with_master(self, leash: int) -> None:
        """Stop the worker once the master stops or is gone: its end of the pipe `leash` closes then.

        Requests that are not answered a little later, such as bodies that never end, are given up.
        """
        os.read(leash, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(PATIENCE_S)
        self.stop()
        os._exit(0)


def load(settings: Settings, claim: Claim, leash: int, *, first: bool) -> Asgi:
    """Open the house and return the app; on the `first` start, greet the operator.

    `leash` is the end of a pipe whose other end the master holds. Exits with CANNOT_OPEN, after a
    line that says what to do, when the house does not open.
    """
    try:
        house = open_house(settings, claim)
    except FootfallError as error:
        print(f"footfall: {error}", file=sys.stderr, flush=True)  # noqa: T201
        sys.exit(CANNOT_OPEN)
    if first:
        _greet(house)
    running = Running(house)
    threading.Thread(target=running.stop_with_master, args=(leash,), name="leash", daemon=True).start()
    return create_asgi(house, running)


def _greet(house: House) -> None:
    address = house.settings.address
    with house.database.session() as session:
        token = create_first_run_link(session)
    print(f"Footfall serves {address}", flush=True)  # noqa: T201
    if token:
        print(  # noqa: T201
            f"First run: open {address}/welcome/{token} within 24 hours to make your account.", flush=True
        )
