"""Opens what other products export, plain, gzipped or zipped, and reads it line by line within bounds."""

import codecs
import gzip
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, NamedTuple, cast

from tracker.errors import FootfallError
from tracker.imports.archives import listed, named, open_archive, shown
from tracker.imports.bounds import Bounds
from tracker.imports.reasons import Place
from tracker.languages import gettext

LONGEST_LINE = 65_536
_FREE_BYTES = 64 * 2**20  # what a file may unpack to, whatever it was packed to
_FREE_WHOLE_BYTES = 4 * 2**20  # the same, of what is held in memory as a whole
_MOST_TIMES = 250  # what holds more beyond that is made to fill memory or time; exports pack to a tenth or so
_PIECE_BYTES = 2**16
_PIECES_A_LOOK = 1000
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)


Progress = Callable[[int, int], None]
"""Is told how many bytes of all files are read, and of how many; what it raises ends the reading."""


class StoppedByHandError(Exception):
    """Somebody wants no more of an export to be taken in; raised where progress is told."""


class GivenFile(NamedTuple):
    """A file on disk, and what whoever gave it calls it; without such a name it goes by its path."""

    path: Path
    name: str = ""


class ExportFile(AbstractContextManager["ExportFile"]):
    """A file that another product has exported: its `parts` by name, of which one that is no archive has one.

    FootfallError when it cannot be read, or would unpack to far more than exports do. `done` of `total`
    bytes of the file are read.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.name = name or str(path)
        self.folder = path.parent
        self.total = 0
        self.watch: Callable[[], None] = lambda: None  # called now and then while it is read
        self.place = Place()  # of the line that was read last
        self.bounds = Bounds()  # shared by all files of an import
        self._farthest = 0
        self._pieces = 0
        self._unpacked_bytes = 0  # of all parts
        try:
            self._raw = path.open("rb")
        except OSError as error:
            raise self._unreadable(error) from error
        try:
            self.total = path.stat().st_size
            self._begins = self._raw.read(4)
            self._raw.seek(0)
            self._archive = open_archive(self._raw, self.name) if self._begins == _ZIP else None
        except _UNREADABLE as error:
            self._raw.close()
            raise self._unreadable(error) from error
        except FootfallError:
            self._raw.close()
            raise
        self._infos = named(listed(self._archive)) if self._archive else {shown(PurePosixPath(self.name).name): None}

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of what is in it, without folders where that tells them apart."""
        return tuple(self._infos)

    @property
    def entries(self) -> int:
        """How much an archive lists, read or not; 1 of what is none."""
        return len(self._archive.infolist()) if self._archive else 1

    @property
    def done(self) -> int:
        """How many bytes of the file are read; it never falls."""
        self._farthest = max(self._farthest, min(self._raw.tell(), self.total))
        return self._farthest

    def said(self, part: str) -> str:
        """Return what a part is called where it is told of it: with the archive that it lies in."""
        return self.name if self._archive is None else f"{self.name}: {part}"

    def lines(self, part: str, bad: Counter[str]) -> Iterator[str]:
        """Yield the lines of a part with their ends; those that are too long are left out, and counted in `bad`."""
        try:
            yield from self._lines(part, bad)
        except _UNREADABLE as error:
            raise self._unreadable(error) from error

    def text(self, part: str, most: int) -> bytes:
        """Return a whole part in UTF-8, of at most so many bytes when unpacked, for what cannot be read by lines.

        As bytes: a single letter beyond the usual would make four of each in a text.
        """
        body = bytearray()
        unpacked = 0
        try:
            self.place.file, self.place.line = part, 0
            with self._unpacked(part) as stream:
                decoder = codecs.getincrementaldecoder(_encoding(stream))("replace")
                while piece := stream.read(_PIECE_BYTES):
                    body += decoder.decode(piece).encode()
                    unpacked += len(piece)
                    self._look(part, unpacked, len(piece), _FREE_WHOLE_BYTES)
                    if unpacked > most:
                        raise FootfallError(
                            gettext(
                                "%(file)s: unpacked it is longer than %(most)s MiB; export fewer days at once",
                                file=self.said(part),
                                most=most // 2**20,
                            )
                        )
        except _UNREADABLE as error:
            raise self._unreadable(error) from error
        body += decoder.decode(b"", final=True).encode()
        return bytes(body)

    def begins(self, part: str) -> str:
        """Return the first letter of a part that is no space, "" when there is none in its first thousand."""
        try:
            with self._opened(part) as stream:
                return stream.read(1000).lstrip()[:1]
        except _UNREADABLE as error:
            raise self._unreadable(error) from error

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _lines(self, part: str, bad: Counter[str]) -> Iterator[str]:
        with self._opened(part) as stream:
            unpacked = number = 0
            while line := stream.readline(LONGEST_LINE):
                number += 1
                self.place.file, self.place.line = part, number
                whole = line.endswith(("\n", "\r")) or len(line) < LONGEST_LINE
                unpacked += len(line)
                self._look(part, unpacked, len(line), _FREE_BYTES)
                while not whole:
                    rest = stream.readline(LONGEST_LINE)
                    unpacked += len(rest)
                    self._look(part, unpacked, len(rest), _FREE_BYTES)
                    whole, line = rest.endswith(("\n", "\r")) or len(rest) < LONGEST_LINE, ""
                if line:
                    yield line
                else:
                    bad["too long"] += 1

    def _opened(self, part: str) -> io.TextIOWrapper:
        stream = self._unpacked(part)
        return io.TextIOWrapper(stream, _encoding(stream), errors="replace", newline="")

    def _unpacked(self, part: str) -> io.BufferedReader:
        info = self._infos[part]
        if self._archive is not None and info is not None:
            return io.BufferedReader(cast(io.RawIOBase, self._archive.open(info)))
        self._raw.seek(0)
        kept_open = _Borrowed(self._raw)
        if self._begins[:2] == _GZIP:
            return io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=kept_open)))
        return io.BufferedReader(kept_open)

    def _look(self, part: str, unpacked: int, more: int, free: int) -> None:
        """Refuse what has unpacked to far too much, a part or all of them, and let who watches know how far it is."""
        self._pieces += 1
        self._unpacked_bytes += more
        self.bounds.add_read(self.name, more)
        if self._pieces % _PIECES_A_LOOK == 1:
            self.watch()
        info = self._infos[part]
        packed = info.compress_size if info else self._raw.tell()
        if (unpacked > free and unpacked > _MOST_TIMES * packed) or (
            self._unpacked_bytes > _FREE_BYTES and self._unpacked_bytes > _MOST_TIMES * self.total
        ):
            raise FootfallError(
                gettext(
                    "%(file)s: it unpacks to more than %(times)s times its size, as no export does",
                    file=self.name,
                    times=_MOST_TIMES,
                )
            )

    def _unreadable(self, error: BaseException) -> FootfallError:
        return FootfallError(
            gettext("%(file)s: cannot be read (%(why)s)", file=self.name, why=str(error) or type(error).__name__)
        )


@contextmanager
def opened(files: Sequence[GivenFile], progress: Progress, place: Place) -> Iterator[list[ExportFile]]:
    """Open the files of an export: `progress` is told how far they are, and at the end, `place` is where one reads."""
    with ExitStack() as leaving:
        exports: list[ExportFile] = []
        bounds = Bounds()
        for file in files:
            exports.append(export := leaving.enter_context(ExportFile(*file)))
            bounds.add_file(export.name, export.total, export.entries)
        total = sum(one.total for one in exports)
        for export in exports:
            export.place, export.bounds = place, bounds
            export.watch = lambda: progress(sum(one.done for one in exports), total)
        yield exports
        progress(total, total)


def _encoding(stream: io.BufferedReader) -> str:
    return "utf-16" if stream.peek(2)[:2] in _UTF_16 else "utf-8-sig"


class _Borrowed(io.RawIOBase):
    """Reads from a file that others close."""

    def __init__(self, lender: BinaryIO) -> None:
        self._lender = lender

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # a buffer is one of bytes here
        piece = self._lender.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
