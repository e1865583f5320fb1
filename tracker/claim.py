"""Keeps a data folder to one Footfall at a time."""

import fcntl
import os
from pathlib import Path
from typing import Self

from tracker.errors import FootfallError

LOCK_FILE = "footfall.lock"


class FolderTakenError(FootfallError):
    """Another process works on the data folder."""


class Claim:
    """The right to open the stores in a data folder.

    It lasts until `release`, or until the last process that inherited it by fork is gone:
    a killed server never leaves a folder locked.
    """

    def __init__(self, folder: Path) -> None:
        """Make the folder if need be and claim it; FootfallError when it cannot be written or is taken."""
        self.folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise FootfallError(
                f"data folder {folder} cannot be written ({error.strerror}); "
                "give this user write access to it, or set FOOTFALL_DATA to another folder"
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._lock, 32).decode().strip() or "unknown"
            os.close(self._lock)
            raise FolderTakenError(
                f"data folder {folder} is in use by process {holder}; "
                "stop that Footfall first, or set FOOTFALL_DATA to another folder"
            ) from error
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let others claim the folder, once those who inherited the claim are gone too."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
