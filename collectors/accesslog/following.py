"""Follows a log through all that is done to it: files that grow, are renamed, copied and cut, or go on elsewhere."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from collectors.accesslog.marks import Mark
from collectors.accesslog.tail import Tail

QUIET_S = 600.0  # a web server's last requests may be logged to the old file so long after it was renamed
_RUN_UP_BYTES = 4 * 1024 * 1024  # lines of one second are no further apart
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".lz4")


class Follower:
    """Reads the lines of a log as they come, each once, also after a restart with the `marks` of before.

    `sign` makes of a file's first bytes what is kept of them. A file that was renamed is read
    on until nothing came for a while. Of one that was copied and cut, what was not read yet is read
    from the copy. `lost` tells that no file here is one of the marks': what was appended to it
    meanwhile has to be imported by itself.
    """

    def __init__(
        self,
        log: Path,
        sign: Callable[[bytes], str],
        marks: Sequence[Mark] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._sign = sign
        self._clock = clock
        self._old: list[tuple[Tail, float]] = []
        found = self._find(marks)
        self.lost = bool(marks) and not found
        self._now = Tail(log, found.pop(log, 0))
        for path in sorted(found, key=_changed_at):
            self._keep_reading(Tail(path, found[path]))

    def run_up(self) -> Iterator[list[bytes]]:
        """Yield the lines just before those that will be read, by which equal ones are told from them."""
        for tail in self._all():
            yield tail.before(_RUN_UP_BYTES)

    def read(self) -> list[bytes]:
        """Return lines that came since, of a megabyte at most; those of an older file come first."""
        for number, (tail, _) in enumerate(self._old):
            if lines := tail.read():
                self._old[number] = (tail, self._clock())
                return lines
        lines = self._now.read()
        if self._now.was_cut():
            self._begin_again()
            lines += self._now.read()  # beside what was read just before it was cut
        elif not self._now.is_at(self._log):
            self._go_on()
        return lines + self._let_go_of_old()

    def marks(self) -> list[Mark]:
        """Return up to where each file is read, by how it began then: it may have been cut since."""
        heads = [(tail.known_head, tail.offset) for tail in self._all() if tail.offset and tail.known_head]
        return [Mark(self._sign(head), len(head), offset) for head, offset in heads]

    def close(self) -> None:
        """Let go of the files."""
        for tail in self._all():
            tail.close()

    def _all(self) -> list[Tail]:
        return [*(tail for tail, _ in self._old), self._now]

    def _keep_reading(self, tail: Tail) -> None:
        self._old.append((tail, self._clock()))

    def _let_go_of_old(self) -> list[bytes]:
        """Close the older files to which nothing came for a while, and return a last line that never got its end."""
        quiet = [old for old in self._old if self._clock() - old[1] > QUIET_S]
        self._old = [old for old in self._old if old not in quiet]
        return [line for tail, _ in quiet for line in tail.finish()]

    def _go_on(self) -> None:
        """Read the file that took the place of the one before, and that one on."""
        with suppress(FileNotFoundError):  # it will be there the next time
            fresh = Tail(self._log)
            self._keep_reading(self._now)
            self._now = fresh

    def _begin_again(self) -> None:
        """Read a file that was cut from its beginning, and what is missing from the copy that was made of it."""
        head, offset = self._now.known_head, self._now.offset
        try:
            fresh = Tail(self._log)
        except FileNotFoundError:  # it will be there the next time
            return
        self._now.close()
        self._now = fresh
        mark = Mark(self._sign(head), len(head), offset)
        copy = next((path for path in reversed(self._others()) if offset and self._is_of(path, mark)), None)
        if copy is not None:
            self._keep_reading(Tail(copy, offset))

    def _find(self, marks: Sequence[Mark]) -> dict[Path, int]:
        """Return the files that were being read and up to where, and those that came after them, from their start."""
        others = self._others() if marks else []
        found: dict[Path, int] = {}
        for mark in marks:
            fitting = (path for path in (self._log, *reversed(others)) if path not in found)
            path = next((path for path in fitting if self._is_of(path, mark)), None)
            if path is not None:
                found[path] = mark.offset
        if found and self._log not in found:
            last = max(others.index(path) for path in found)
            found |= {path: 0 for path in others[last + 1 :] if self._is_rotated(path)}
        return found

    def _others(self) -> list[Path]:
        """Return the other files beside the log, those that were changed last at the end."""
        found = [path for path in self._log.parent.iterdir() if path != self._log and path.is_file()]
        return sorted(found, key=_changed_at)

    def _is_rotated(self, path: Path) -> bool:
        """Tell whether a file has a name that is given to the older files of a log."""
        return path.name.startswith((f"{self._log.name}.", f"{self._log.name}-")) and path.suffix not in _PACKED

    def _is_of(self, path: Path, mark: Mark) -> bool:
        """Tell whether a mark is of this file; one of no bytes would be of any."""
        if not mark.head_bytes:
            return False
        try:
            tail = Tail(path)
        except OSError:
            return False
        try:
            return mark.offset <= tail.size and self._sign(tail.head(mark.head_bytes)) == mark.head
        finally:
            tail.close()


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone by now
        return 0.0
