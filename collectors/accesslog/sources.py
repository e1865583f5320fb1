"""Where the lines of a log come from that grows: a file, or a pipe."""

import os
import select
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from collectors.accesslog.following import Follower
from collectors.accesslog.lines import Lines
from collectors.accesslog.marks import FOLDER, read_marks, write_marks
from tracker.errors import FootfallError
from tracker.identity.identifiers import hash_value
from tracker.settings import Settings
from tracker.sites import SiteInfo

_GZIPPED = b"\x1f\x8b"
_PIECE_BYTES = 1024 * 1024


class Source(Protocol):
    """Where lines come from; one that `goes_on` left none behind that is of the past.

    One that is `lost` does not find any more what was read of it last time.
    """

    goes_on: bool
    lost: bool

    def before(self) -> Iterator[list[bytes]]:
        """Yield lines that were taken before."""

    def read(self) -> list[bytes] | None:
        """Return the lines that came since, None when no more will come."""

    def done(self) -> None:
        """Note that all that was read is durable."""

    def close(self) -> None:
        """Let go of it."""


class FileSource:
    """A log in a file, with the marks up to where it is read in the data folder."""

    def __init__(self, settings: Settings, site: SiteInfo, log: Path) -> None:
        def sign(head: bytes) -> str:
            return hash_value(site.identity_key, "log", head.decode("latin-1"))

        self._log = log
        self._marks = settings.data / FOLDER / f"{sign(str(log.absolute()).encode())}.json"
        with _readable(log):
            with log.open("rb") as beginning:
                packed = beginning.read(len(_GZIPPED)) == _GZIPPED
            if packed:
                raise FootfallError(f"{log} is gzipped, and such a file does not grow; import it without --follow")
            marks = read_marks(self._marks)
            self._follower = Follower(log, sign, marks)
        self.lost = self._follower.lost
        self.goes_on = bool(marks) and not self.lost

    def before(self) -> Iterator[list[bytes]]:
        """See Source."""
        return self._follower.run_up()

    def read(self) -> list[bytes]:
        """See Source."""
        with _readable(self._log):
            return self._follower.read()

    def done(self) -> None:
        """See Source."""
        write_marks(self._marks, self._follower.marks())

    def close(self) -> None:
        """See Source."""
        self._follower.close()


class PipeSource:
    """A log that comes through a pipe, such as standard input; what was read of it, nobody can read again."""

    goes_on = lost = False

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines = Lines()
        self._ended = False

    def before(self) -> Iterator[list[bytes]]:
        """See Source."""
        return iter(())

    def read(self) -> list[bytes] | None:
        """See Source."""
        if self._ended:
            return None
        if not select.select([self._descriptor], [], [], 0)[0]:
            return []
        piece = os.read(self._descriptor, _PIECE_BYTES)
        self._ended = not piece
        return self._lines.feed(piece) if piece else self._lines.finish()

    def done(self) -> None:
        """See Source."""

    def close(self) -> None:
        """See Source."""


@contextmanager
def _readable(log: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FootfallError(f"{log}: cannot be read ({error})") from error
