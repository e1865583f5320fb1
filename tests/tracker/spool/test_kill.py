"""SIGKILL under load: what was acknowledged is there, once."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.kit.entrance import ROOT
from tracker.spool import SegmentReader, files, is_closed

ROUNDS = 100 if "FOOTFALL_SOAK" in os.environ else 10

# Eight threads submit; each acknowledged body is written to the pipe at once.
LOAD = """
import os, sys, threading
from pathlib import Path
from tracker.spool import Spool

spool = Spool(Path(sys.argv[1]), segment_bytes=100_000)

def send(name):
    for number in range(10**9):
        body = b"%d-%d" % (name, number)
        spool.submit(body.ljust(300), 1).result()
        os.write(1, body + b"\\n")

for name in range(8):
    threading.Thread(target=send, args=(name,)).start()
"""


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_after_a_kill_every_acknowledged_body_is_there_once(turn: int, tmp_path: Path) -> None:
    # unbuffered: `communicate` passes over what a buffer has, be it half a line
    command = [sys.executable, "-c", LOAD, str(tmp_path)]
    process = subprocess.Popen(command, bufsize=0, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    wanted = 200 + 97 * turn
    acknowledged = {process.stdout.readline().strip() for _ in range(wanted)}
    pause, until = threading.Event(), time.monotonic() + 30
    while all(map(is_closed, files(tmp_path))):  # as for the moment between two
        assert time.monotonic() < until
        pause.wait(0.001)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=30)
    acknowledged |= {line.strip() for line in rest.splitlines(keepends=True) if line.endswith(b"\n")}
    kept = []
    for path in files(tmp_path):
        assert is_closed(path)
        with SegmentReader(path) as reader:
            kept += [body.strip() for _, _, body in reader.read(0, 1_000_000) if body is not None]
    assert len(kept) == len(set(kept)), "a body is there twice"
    assert acknowledged <= set(kept), "an acknowledged body is lost"
