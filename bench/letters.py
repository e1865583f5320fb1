"""Whether letters go out in time and once: 1,000 schedules due at one moment, and 50 kills among four processes.

`python -m bench.letters [SCHEDULES] [KILLS]`. The first part has one process, SQLite, and DuckDB with a sample shop
in it; it tells how long the letters take to a real SMTP server in a process of its own, and how memory grows. The
second has four processes on one PostgreSQL (needs its `initdb`), each with an event store of its own; one after the
other is killed with SIGKILL while they send, and replaced, with a lease of one second and letters that are free again
after two, which are 90 seconds and three minutes otherwise. A letter that came twice has one Message-ID: mailboxes
keep one of them.
"""

import multiprocessing
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from reports.mail.post import deliver
from tests.kit.ground import free_port
from tests.kit.postgres import running_postgres
from tracker.clock import utc_now
from tracker.house import House, open_house
from tracker.models import Delivery, Message, Recipient, Schedule
from tracker.sample import create_sample
from tracker.schedules import book, lease, outbox
from tracker.settings import Settings, load_settings
from tracker.sites import create_site, describe
from tracker.users import create_user

OWNER = "ann@example.org"
WORKERS = 4
CHOICES = book.Choices(["pages", "struggles", "bounce-paths"], [])
_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)


class Counting:
    """Writes the Message-ID of each letter into a file, which outlives everybody's death."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        found = _ID.search(envelope.content)
        with self._file.open("ab") as file:
            file.write((found[1] if found else b"none") + b"\n")
        return "250 taken"


def serve_mail(port: int, file: Path) -> None:
    Controller(Counting(file), hostname="127.0.0.1", port=port).start()
    signal.pause()


@contextmanager
def mail_server(place: Path) -> Iterator[tuple[str, Path]]:
    """Run a mail server in a process of its own; gives its URL and the file of Message-IDs."""
    port, file = free_port(), place / "ids"
    file.touch()
    process = multiprocessing.get_context("spawn").Process(target=serve_mail, args=(port, file), daemon=True)
    process.start()
    time.sleep(2)
    yield f"smtp://127.0.0.1:{port}", file
    process.kill()


def schedule_many(house: House, site_id: int, number: int) -> None:
    """Make schedules that are due by now."""
    with house.database.session() as session:
        create_user(session, OWNER, "correct horse battery", owner=True)
    for n in range(number):
        with house.database.session() as session:
            made = Schedule(
                site_id=site_id, name=f"Letter {n}", every="day", weekday=None, hour=0, zone="UTC", paused=False,
                sections=list(CHOICES.reports)[: 1 + n % 3], attached=[], segment=None, compare="previous",
                owed_from=utc_now() - timedelta(days=2), created_at=utc_now(), created_by=OWNER,
            )  # fmt: skip
            session.add(made)
            session.flush()
            session.add(
                Recipient(
                    schedule_id=made.id,
                    address=f"to{n}@example.org",
                    token=f"{n}",
                    of_team=False,
                    confirmed_at=utc_now(),
                )
            )


def all_at_once(number: int) -> None:
    """Send many schedules' letters from one process and print how long that took."""
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as folder:
        place = Path(folder)
        with mail_server(place) as (url, file):
            house = open_house(load_settings({"FOOTFALL_DATA": str(place / "data"), "FOOTFALL_MAIL_URL": url}))
            site = create_sample(house.database, house.spool.submit, utc_now())
            house.loader.drain(120)
            schedule_many(house, site.id, number)
            before, began = _peak_mib(), time.monotonic()
            deliver(house)
            took, after = time.monotonic() - began, _peak_mib()
            house.close()
            ids = file.read_text().split()
        came = f"{len(ids):,} letters, {len(ids) - len({*ids})} twice"
        print(f"| {number:,} schedules due at once | {came} | {took:.1f} s |")
        print(f"| memory, most before and after | {before:.0f} MiB | {after:.0f} MiB |")


def work(settings: Settings, ready: Any) -> None:
    lease.LASTS, outbox.TAKEN_FOR = timedelta(seconds=1), timedelta(seconds=2)
    house = open_house(settings)
    ready.set()
    while True:
        deliver(house)
        time.sleep(0.05)


def killed(number: int, kills: int) -> None:
    """Send from processes that are killed one after the other, and print what came."""
    fork = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as folder, running_postgres() as database_url:
        place = Path(folder)
        with mail_server(place) as (url, file):
            shared = {"FOOTFALL_DATABASE_URL": database_url, "FOOTFALL_MAIL_URL": url}

            def start(n: int) -> Any:
                ready = fork.Event()
                settings = load_settings({**shared, "FOOTFALL_DATA": str(place / f"data{n}")})
                process = fork.Process(target=work, args=(settings, ready), daemon=True)
                process.start()
                ready.wait(60)
                return process

            house = open_house(load_settings({**shared, "FOOTFALL_DATA": str(place / "first")}))
            with house.database.session() as session:
                site = describe(create_site(session, "Bench", ["shop.example"], "UTC"))
            schedule_many(house, site.id, number)
            workers = [start(n) for n in range(WORKERS)]
            for n in range(kills):
                victim = random.randrange(WORKERS)
                os.kill(workers[victim].pid, signal.SIGKILL)
                workers[victim].join()
                workers[victim] = start(WORKERS + n)
            deadline = time.monotonic() + 300
            while time.monotonic() < deadline:
                with house.database.session() as session:
                    left = session.scalar(select(func.count()).where(Message.state == "waiting"))
                    made = session.scalar(select(func.count()).select_from(Delivery))
                if not left and made == number:
                    break
                time.sleep(0.5)
            for one in workers:
                one.kill()
            counted = Counter(file.read_text().split())
            house.close()
        twice = sum(seen - 1 for seen in counted.values())
        came = f"{len(counted):,} of {number:,} letters, {twice} twice"
        print(f"| {kills} kills among {WORKERS} processes | {came} | |")


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    print("| letters | what came | took |\n|---|---|---|", flush=True)
    all_at_once(number)
    killed(number, kills)


if __name__ == "__main__":
    main()
