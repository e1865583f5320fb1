"""Reads answers in JSON row by row: decoded as a whole, they would take many times the memory of their text."""

import json
import re
from collections.abc import Iterator

import msgspec

from tracker.errors import FootfallError
from tracker.imports.files import ExportFile
from tracker.languages import gettext

_MOST_BYTES = 32 * 2**20
_MOST_OBJECTS = 1_000_000
_LONGEST_ROWS = (2**10, 2**14, 2**21)  # bytes that are looked at for the end of a row: nearly always the fewest do
_GAP = re.compile(rb"[\s,]*")
_json = json.JSONDecoder()


def answer_of(export: ExportFile, part: str) -> bytes:
    """Return an answer in UTF-8; FootfallError when it is too long, or of too many objects, to be held in memory."""
    text = export.text(part, _MOST_BYTES)
    if text.count(b"{") > _MOST_OBJECTS:
        raise FootfallError(
            gettext(
                "%(file)s: it holds more than %(most)s objects; export fewer days at once",
                file=export.said(part),
                most=_MOST_OBJECTS,
            )
        )
    return text


def rows_of(file: str, value: msgspec.Raw) -> Iterator[object]:
    """Yield the items of an array one by one, of any other value itself; FootfallError for one that is far too long.

    They are read where they lie, in UTF-8: nothing of the whole is copied.
    """
    text = memoryview(value)
    end = len(text)
    while end and text[end - 1] in b" \t\r\n":
        end -= 1
    at = _after_gap(text, 0)
    if bytes(text[at : at + 1]) == b"[":
        at, end = _after_gap(text, at + 1), end - 1
    while at < end:
        row, length = _first(file, text, at)
        yield row
        at = _after_gap(text, at + length)


def _first(file: str, text: memoryview, at: int) -> tuple[object, int]:
    """Return the value that begins there, and how many bytes it takes."""
    for longest in _LONGEST_ROWS:
        piece = str(text[at : at + longest], "utf-8", "replace")
        try:
            row, letters = _json.raw_decode(piece)
        except (ValueError, RecursionError):
            continue  # its end is farther away, if it is that
        return row, len(piece[:letters].encode())
    raise FootfallError(
        gettext(
            "%(file)s: a row in it cannot be read, or is longer than %(most)s MiB",
            file=file,
            most=_LONGEST_ROWS[-1] // 2**20,
        )
    )


def _after_gap(text: memoryview, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at
