"""Where a log was read up to, kept for the next start."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

FOLDER = "following"


class Mark(Struct, frozen=True):
    """A file, known by the keyed hash of its first bytes, and the offset of its first line that is not read."""

    head: str
    head_bytes: int
    offset: int


def read_marks(file: Path) -> list[Mark]:
    """Return the marks in a file, none when there is none or it is damaged: reading all again does no harm."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Mark])
    except (OSError, msgspec.DecodeError):
        return []


def write_marks(file: Path, marks: Sequence[Mark]) -> None:
    """Put marks in the place of those of before, whole or not at all."""
    file.parent.mkdir(exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(marks))
    fresh.replace(file)
