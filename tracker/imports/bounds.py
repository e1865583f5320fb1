"""What all files of one import may hold together, whatever they were packed to."""

from tracker.errors import FootfallError
from tracker.languages import gettext

_MOST_FILES = 1000  # those in archives, with their folders, and those that are none
_MOST_BYTES = 8 * 2**30
_LEAST_BYTES = 64  # what the shortest line counts as: to read it takes as long


class Bounds:
    """Counts what the files of an import are and hold; FootfallError, which names the last, when it is too much."""

    def __init__(self) -> None:
        self._files = 0
        self._given_bytes = 0
        self._read_bytes = 0

    def add_file(self, name: str, size: int, holds: int) -> None:
        """Count a file of so many bytes that holds so many files."""
        self._given_bytes += size
        self._files += holds
        if self._files > _MOST_FILES:
            raise FootfallError(
                gettext(
                    "%(file)s: with it there are more than %(most)s files to read, as in no export",
                    file=name,
                    most=_MOST_FILES,
                )
            )

    def add_read(self, name: str, size: int) -> None:
        """Count what was read of a file, unpacked; what was given unpacked may all be read."""
        self._read_bytes += max(size, _LEAST_BYTES)
        if self._read_bytes > _MOST_BYTES and self._read_bytes > self._given_bytes:
            raise FootfallError(
                gettext(
                    "%(file)s: with it all files unpack to more than %(most)s GiB; give fewer at once",
                    file=name,
                    most=_MOST_BYTES // 2**30,
                )
            )
