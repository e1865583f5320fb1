"""How fast beacons are acknowledged: durable requests a second, events a second, and the time to the 202.

`python -m bench.collect` runs the lane with the spool and no loader; with `--serve` all of
`footfall serve`. The load generator is wrk (`apt-get install wrk`), on the same machine.
Each figure is the median of three runs; beside it stands a Flask route that does nothing
under the same server, and what the machine did apart from server and generator.
"""

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask

from tests.kit.entrance import SITE_KEY, nothing, running_entrance, wait_for_port
from tests.kit.ground import free_port

TICKS = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 64
SETTINGS = {
    "FOOTFALL_ADDRESS_RATE": "1000000",  # counted, never reached
    "FOOTFALL_SITE_RATE": "1000000",
    "FOOTFALL_TRUSTED_PROXIES": "1",  # the generator is the proxy of many visitors
}
HEADERS = {
    "Content-Type": "text/plain;charset=UTF-8",
    "Origin": "https://shop.example",
    "Referer": "https://shop.example/",
    "Accept-Language": "pl-PL,pl;q=0.9",
    "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36",
}
VIEW = {"kind": "view", "url": "https://shop.example/products/7?utm_source=mail", "title": "Product seven"}
CLICK = {
    "kind": "click",
    "url": "https://shop.example/products/7?utm_source=mail",
    "element": "main > div.card:nth-of-type(3) > button.buy",
    "element_tag": "button",
    "element_text": "Buy now",
    "affordance": "native",
    "trusted": True,
    "offset_x": 500,
    "offset_y": 400,
    "page_x": 300,
    "page_y": 1200,
    "any_mutation_ms": 120,
    "watched_before_ms": 3000,
    "watched_after_ms": 2500,
}
LUA = """
local parts, number = {%s}, %d
wrk.method = "POST"
%s
request = function()
  number = number + 1
  wrk.headers["X-Forwarded-For"] = string.format("10.%%d.%%d.7", number / 200 %% 200, number %% 200)
  return wrk.format(nil, nil, nil, table.concat(parts, string.format("%%016x", number)))
end
"""


@dataclass(frozen=True)
class Run:
    """One load: requests answered a second, percentiles in ms, and processor seconds a second."""

    requests: float
    p50_ms: float
    p99_ms: float
    server: float
    others: float
    errors: int


def do_nothing() -> Callable[..., Awaitable[None]]:
    """A Flask route that answers 202, behind the adapter and server that Footfall's pages have."""
    app = Flask("nothing")
    app.add_url_rule("/collect", view_func=lambda: ("", 202), methods=["POST"])
    pages = WSGIMiddleware(app)  # type: ignore[arg-type]

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        await (nothing if scope["type"] == "lifespan" else pages)(scope, receive, send)

    return serve


def body(site: str, events: int) -> str:
    """A beacon as the snippet sends it; VIEWID stands for the load's random id."""
    now = int(time.time() * 1000)
    told = [(VIEW if number == 0 else CLICK) | {"id": f"VIEWID-{number}", "at": now} for number in range(events)]
    shared = {"site": site, "sent_at": now, "zone": "Europe/Warsaw", "language": "pl-PL", "viewport": [1280, 720]}
    return json.dumps(shared | {"events": told}, separators=(",", ":"))


def load(port: int, server: int, site: str, events: int, seconds: int) -> Run:
    """Load a server for some seconds with wrk."""
    headers = "\n".join(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in HEADERS.items())
    parts = ", ".join(f"[==[{part}]==]" for part in body(site, events).split("VIEWID"))
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA % (parts, time.time_ns() // 1000, headers))
        script.flush()
        before = (processor_s(server), busy_s(), children_s())
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", script.name]
        told = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/collect"], check=True, capture_output=True, text=True
        ).stdout
        used = processor_s(server) - before[0]
        others = busy_s() - before[1] - used - (children_s() - before[2])
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    return Run(
        float(found(r"Requests/sec:\s+([\d.]+)", told)),
        milliseconds(found(r"\n\s+50%\s+(\S+)", told)),
        milliseconds(found(r"\n\s+99%\s+(\S+)", told)),
        used / seconds,
        max(0.0, others / seconds),
        int(failed.group(1)) if failed else 0,
    )


async def pace(port: int, site: str, rate: int, seconds: int) -> tuple[float, float, int]:
    """Send one event at a time at a fixed rate; return (p50, p99) in ms from the due time, and the failures."""
    template = body(site, 1)
    took: list[float] = []
    failures = 0
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())

    async def send(number: int, due: float) -> None:
        nonlocal failures
        reader, writer = await idle.get()
        content = template.replace("VIEWID", f"{time.time_ns() + number:016x}")
        writer.write(
            f"POST /collect HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {len(content)}\r\n\r\n{content}".encode()
        )
        answer = await reader.readuntil(b"}")
        took.append((time.perf_counter() - due) * 1000)
        failures += not answer.startswith(b"HTTP/1.1 202")
        idle.put_nowait((reader, writer))

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(rate * seconds):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(send(number, due))
    while not idle.empty():
        idle.get_nowait()[1].close()
    cuts = statistics.quantiles(took, n=100)
    return cuts[49], cuts[98], failures


def drain(port: int) -> tuple[int, float]:
    """Return how many events wait for the loader, and in how many seconds it loaded them."""
    began = time.perf_counter()
    first = waiting = pending(port)
    while waiting:
        time.sleep(0.2)
        waiting = pending(port)
    return first, time.perf_counter() - began


def pending(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as metrics:
        return int(float(found(r"(?m)^footfall_pending_events (\S+)", metrics.read().decode())))


@contextmanager
def whole_server(folder: Path) -> Iterator[tuple[int, int, str]]:
    """Run `footfall serve` with one site; yield (port, process, site key)."""
    environment = os.environ | SETTINGS | {"FOOTFALL_DATA": str(folder)}
    script = str(Path(sys.executable).with_name("footfall"))
    added = subprocess.run(
        [script, "site", "add", "Shop", "--host", "shop.example"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    port = free_port()
    process = subprocess.Popen([script, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield port, process.pid, found(r"\b([2-9a-z]{12})\b", added)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def lane(folder: Path, app: str) -> Iterator[tuple[int, int, str]]:
    """Run an app of this repository under Granian; yield (port, process, site key)."""
    with running_entrance(folder, app, **SETTINGS) as (port, process):
        yield port, process.pid, SITE_KEY
        os.killpg(process.pid, signal.SIGKILL)  # the adapter's threads may wait for senders that left with wrk


def found(pattern: str, text: str) -> str:
    """Return the pattern's group in what a program said."""
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(f"not understood: {text}")
    return match.group(1)


def milliseconds(text: str) -> float:
    """Read wrk's durations: 870.00us, 1.20ms, 2.00s."""
    number, unit = found(r"([\d.]+)", text), text.lstrip("0123456789.")
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def processor_s(parent: int) -> float:
    """Return the processor seconds that a process and its children have used."""
    used = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if parent in (int(fields[1]), int(file.parent.name)):
            used += int(fields[11]) + int(fields[12])
    return used / TICKS


def busy_s() -> float:
    """Return the processor seconds that the whole machine has used."""
    fields = [int(text) for text in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def children_s() -> float:
    """Return the processor seconds of this process's finished children: the generator's."""
    used = os.times()
    return used.children_user + used.children_system


def report(name: str, events: int, runs: list[Run], flask: float) -> None:
    """Print one row of the table: the run of the median rate."""
    middle = sorted(runs, key=lambda run: run.requests)[len(runs) // 2]
    print(
        f"| {name} | {middle.requests:,.0f} | {middle.requests * events:,.0f} | {middle.requests / flask:.2f} "
        f"| {middle.p50_ms:.1f} | {middle.p99_ms:.1f} | {middle.server / middle.requests * 1e6:.0f} "
        f"| {middle.others:.2f} | {sum(run.errors for run in runs)} |",
        flush=True,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--serve", action="store_true", help="all of `footfall serve`, loader included")
    options.add_argument("--seconds", type=int, default=5, help="length of each run")
    given = options.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        with lane(Path(folder) / "nothing", "bench.collect:do_nothing") as (port, server, site):
            idle = [load(port, server, site, 1, given.seconds) for _ in range(3)]
        rate = statistics.median(run.requests for run in idle)
        print("| | requests/s | events/s | ratio | p50 ms | p99 ms | server µs a request | others' cores | errors |")
        print("|---|---|---|---|---|---|---|---|---|")
        report("a Flask route that does nothing", 0, idle, rate)
        data = Path(folder) / "data"
        with whole_server(data) if given.serve else lane(data, "tests.kit.entrance:serve") as (port, server, site):
            # first, for what is left to load after full speed would count as well
            runs = [asyncio.run(pace(port, site, 500, given.seconds)) for _ in range(3)]
            for events, name in ((1, "one event a request"), (10, "ten events a request")):
                report(name, events, [load(port, server, site, events, given.seconds) for _ in range(3)], rate)
            waiting, drained_s = drain(port) if given.serve else (0, 0.0)
        p50, p99, _ = sorted(runs, key=lambda run: run[1])[1]
        if given.serve:
            print(f"\nAfter these runs {waiting:,} events waited; all were loaded {drained_s:.1f} s later.")
        print(f"\nAt 500 events/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms, {sum(run[2] for run in runs)} failures.")


if __name__ == "__main__":
    main()
