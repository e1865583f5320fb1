"""Looks into zip archives within bounds: what is in them, and under which names."""

import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from tracker.errors import FootfallError
from tracker.languages import gettext

_MOST_DIRECTORY_BYTES = 4 * 2**20  # held as objects it takes some ten times that
_LONGEST_NAME = 100
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may ask for gigabytes before the first letter
_ENCRYPTED = 1  # of an entry's flags


def open_archive(file: BinaryIO, name: str) -> zipfile.ZipFile:
    """Open an archive; FootfallError when its directory, or how something in it is packed, is beyond what is read.

    What zipfile raises for what is none is raised.
    """
    archive = zipfile.ZipFile(cast(BinaryIO, _InPieces(file, name)))
    for one in listed(archive):
        if one.flag_bits & _ENCRYPTED:
            raise FootfallError(gettext("%(file)s: it is locked by a password; unpack it first", file=name))
        if one.compress_type not in _PACKINGS:
            raise FootfallError(
                gettext("%(file)s: it is packed in a way that is not read here; pack it anew as a usual zip", file=name)
            )
    return archive


def listed(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files in an archive, without what systems lay beside them."""
    return [one for one in archive.infolist() if _is_file(PurePosixPath(one.filename), one.filename)]


def named(infos: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo | None]:
    """Return files by their names as they are shown: without folders, but with them where names repeat."""
    often = Counter(shown(PurePosixPath(one.filename).name) for one in infos)
    found: dict[str, zipfile.ZipInfo | None] = {}
    for number, one in enumerate(infos, 1):
        name = shown(PurePosixPath(one.filename).name)
        if often[name] > 1:
            name = shown(one.filename)
        while name in found:  # an archive may hold two files of one path
            name = f"{number}/{name}"
        found[name] = one
    return found


def shown(name: str) -> str:
    """Return a name as it may be shown: its end, without what cannot be printed."""
    return "".join(letter for letter in name if letter.isprintable())[-_LONGEST_NAME:]


def _is_file(path: PurePosixPath, filename: str) -> bool:
    return not (filename.endswith("/") or path.name.startswith(".") or not path.name or "__MACOSX" in path.parts)


class _InPieces(io.RawIOBase):
    """Reads a file that others close, in pieces of no more than a directory may have: zipfile reads it in one piece."""

    def __init__(self, lender: BinaryIO, name: str) -> None:
        self._lender = lender
        self._name = name

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._lender.seek(offset, whence)

    def tell(self) -> int:
        return self._lender.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_DIRECTORY_BYTES:
            raise FootfallError(
                gettext(
                    "%(file)s: the list of what is in it is longer than %(most)s MiB, as that of no export",
                    file=self._name,
                    most=_MOST_DIRECTORY_BYTES // 2**20,
                )
            )
        return self._lender.read(_MOST_DIRECTORY_BYTES if size is None or size < 0 else size)
