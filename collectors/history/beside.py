"""What one part of an export says of the rows of another, kept on disk while it is read: memory would not hold it."""

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

import msgspec

from tracker.event import MAX_TEXT, MAX_WORD, PropertyValue

Fields = Mapping[str, PropertyValue]
_MOST_OF_ONE = 100  # rows under one key that are read; an event has far fewer properties
_fields = msgspec.json.Decoder(dict[str, PropertyValue])


class Beside(AbstractContextManager["Beside"]):
    """Fields by a key, in a file in a folder that nobody else sees and that is gone when this ends."""

    def __init__(self, folder: Path) -> None:
        try:
            self._file = _unnamed(folder)
        except OSError:  # the folder is only there to be read: the file goes where SQLite has those without a name
            self._file = sqlite3.connect("")
        self._file.execute("PRAGMA journal_mode=OFF")  # nothing of it is to be kept
        self._file.execute("CREATE TABLE beside (key TEXT, fields BLOB)")
        # from the beginning: made of rows that are there, it would sort them in another file, wherever SQLite has those
        self._file.execute("CREATE INDEX by_key ON beside (key)")

    def keep(self, rows: Iterable[tuple[str, Fields]]) -> None:
        """Keep rows, their texts cut to what an event can hold; those without a key are nobody's."""
        encode = msgspec.json.encode
        kept = ((key, encode(_cut(one))) for key, one in rows if key)
        self._file.executemany("INSERT INTO beside VALUES (?, ?)", kept)

    def one(self, key: str) -> dict[str, str]:
        """Return the texts that were kept last under a key."""
        return {name: value for name, value in self.merged(key).items() if isinstance(value, str) and value != "\\N"}

    def merged(self, key: str) -> dict[str, PropertyValue]:
        """Return all fields that were kept under a key, later ones over earlier."""
        found = self._file.execute("SELECT fields FROM beside WHERE key = ? LIMIT ?", (key, _MOST_OF_ONE))
        merged: dict[str, PropertyValue] = {}
        for (fields,) in found:
            merged.update(_fields.decode(fields))
        return merged

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _unnamed(folder: Path) -> sqlite3.Connection:
    """Open a file that loses its name at once, and so is gone however this process ends."""
    number, name = tempfile.mkstemp(dir=folder)
    os.close(number)
    try:
        file = sqlite3.connect(name)
        file.execute("PRAGMA schema_version")  # opens it
        return file
    finally:
        Path(name).unlink()


def _cut(fields: Fields) -> Fields:
    return {name[:MAX_WORD]: value[:MAX_TEXT] if isinstance(value, str) else value for name, value in fields.items()}
