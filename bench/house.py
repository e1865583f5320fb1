"""The house as a whole: start, memory when idle, back after a kill, and from the acknowledgement to the report.

`python -m bench.house` runs the real `footfall serve` on an empty data folder.
"""

import json
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from tests.kit.house import Server, view_event

ROUNDS = 5
BEACONS = 40


def memory_mb(server: Server) -> float:
    """Return what master and worker use together, shared pages once."""
    assert server.process
    workers = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True)
    shares = [
        re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        for pid in (server.process.pid, *workers.stdout.split())
    ]
    return sum(int(share[1]) for share in shares if share) / 1024


def to_report_s(server: Server) -> list[float]:
    """Return how long single views took from their 202 until the API's report counted them."""
    site = server.add_site("Bench", "bench.example")
    key = {"Authorization": f"Bearer {server.add_key('--site', site)}"}
    times = []
    for number in range(1, BEACONS + 1):
        status, _ = server.post(site, [view_event("https://bench.example/")], "https://bench.example")
        assert status == 202
        began = time.monotonic()
        while True:
            _, body = server.request("GET", f"/api/v1/sites/{site}/reports/pages?range=today", headers=key)
            if sum(row["views"] for row in json.loads(body)["rows"]) == number:
                break
            time.sleep(0.02)
        times.append(time.monotonic() - began)
    return sorted(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data")
        starts, kills, stops = [], [], []
        for _ in range(ROUNDS):
            starts.append(server.start())
            began = time.monotonic()
            server.stop()
            stops.append(time.monotonic() - began)
        server.start()
        time.sleep(5)
        idle = memory_mb(server)
        for _ in range(ROUNDS):
            server.kill()
            kills.append(server.start())
        waits = to_report_s(server)
        after = memory_mb(server)
        server.stop()
    print("| | measured | at most |")
    print("|---|---|---|")
    print(f"| start until ready, median of {ROUNDS} | {statistics.median(starts):.2f} s | 3 s |")
    print(f"| back after SIGKILL, worst of {ROUNDS} | {max(kills):.2f} s | 5 s |")
    print(f"| stop, worst of {ROUNDS} | {max(stops):.2f} s | 10 s |")
    print(f"| memory idle, master and worker | {idle:.0f} MB | 200 MB |")
    print(f"| memory after {BEACONS} beacons and reports | {after:.0f} MB | |")
    print(f"| from the 202 to the report, median | {statistics.median(waits):.2f} s | |")
    print(f"| from the 202 to the report, p99 | {waits[int(0.99 * len(waits))]:.2f} s | 5 s |")


if __name__ == "__main__":
    main()
