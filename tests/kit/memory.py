"""Where tests keep their files: in memory where there is room, else where the machine keeps what is temporary.

Several processes that load and commit on one disk mostly wait for one another. No test cuts the power, after which
alone it would matter; one that kills a program finds in memory all that was written, as it would on a disk.
"""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 2 << 30  # what a run keeps at once, and as much again


def _is_fit(folder: Path) -> bool:
    """Tell whether a folder is there, has room, and lets programs be started from it."""
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(folder).free > _ROOM


def pytest_configure() -> None:
    """Let all that asks for a temporary folder have it in memory, started programs too; TMPDIR overrules."""
    if "TMPDIR" not in os.environ and _is_fit(_MEMORY):
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None  # asked for anew
