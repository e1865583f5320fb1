"""One file of a log, read as it grows."""

import os
from pathlib import Path

from collectors.accesslog.lines import Lines

HEAD_BYTES = 256  # by which a file is known again under any name: a line at least, with its time
_CHUNK_BYTES = 1024 * 1024


class Tail:
    """An open file from an offset on; OSError when it cannot be opened."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._position = offset
        self._lines = Lines()
        self._head = self.head() if offset else b""
        self._closed = False

    @property
    def offset(self) -> int:
        """Where the first line begins that was not given yet."""
        return self._position - self._lines.unfinished

    @property
    def size(self) -> int:
        """How many bytes there are by now."""
        return os.fstat(self._file).st_size

    def head(self, most: int = HEAD_BYTES) -> bytes:
        """Return how the file begins."""
        return os.pread(self._file, most, 0)

    @property
    def known_head(self) -> bytes:
        """How the file began when it was last read."""
        return self._head

    def read(self) -> list[bytes]:
        """Return the lines that came since, of a megabyte at most; none where it `was_cut`."""
        piece = os.pread(self._file, _CHUNK_BYTES, self._position)
        if self.was_cut():
            return []
        if len(self._head) < HEAD_BYTES:
            self._head = self.head()
        self._position += len(piece)
        return self._lines.feed(piece)

    def was_cut(self) -> bool:
        """Tell whether what was read is no longer there: something else stands in its place, or nothing."""
        return self.size < self._position or self.head(len(self._head)) != self._head

    def before(self, most: int) -> list[bytes]:
        """Return the last lines before the offset, of so many bytes at most."""
        start = max(0, self._position - most)
        lines = os.pread(self._file, self._position - start, start).split(b"\n")[:-1]
        return [line.rstrip(b"\r") for line in (lines[1:] if start else lines)]

    def finish(self) -> list[bytes]:
        """Close, and return the last line if it never got its end."""
        self.close()
        return self._lines.finish()

    def close(self) -> None:
        """Let go of the file; once more does nothing, for its number may be another file's by then."""
        if not self._closed:
            self._closed = True
            os.close(self._file)

    def is_at(self, path: Path) -> bool:
        """Tell whether this is the file of that name; also where there is none, as between two files of a log."""
        try:
            return os.path.samestat(os.fstat(self._file), path.stat())
        except FileNotFoundError:
            return True
