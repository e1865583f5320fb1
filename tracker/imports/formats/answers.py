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
_LONGEST_ROWS = (2**14, 2**21)  # letters that are looked at for the end of a row: nearly always the fewer are enough
_GAP = re.compile(r"[\s,]*")
_json = json.JSONDecoder()


def answer_of(export: ExportFile, part: str) -> str:
    """Return the text of an answer; FootfallError when it is too long, or of too many objects, to be held in memory."""
    text = export.text(part, _MOST_BYTES)
    if text.count("{") > _MOST_OBJECTS:
        raise FootfallError(
            gettext(
                "%(file)s: it holds more than %(most)s objects; export fewer days at once",
                file=part,
                most=_MOST_OBJECTS,
            )
        )
    return text


def rows_of(part: str, value: msgspec.Raw) -> Iterator[object]:
    """Yield the items of an array one by one, of any other value itself; FootfallError for one that is far too long."""
    text = bytes(value).decode(errors="replace").strip()
    if text.startswith("["):
        text = text[1:-1]
    at = _after_gap(text, 0)
    while at < len(text):
        row, length = _first(part, text, at)
        yield row
        at = _after_gap(text, at + length)


def _first(part: str, text: str, at: int) -> tuple[object, int]:
    """Return the value that begins there, and how many letters it takes."""
    for longest in _LONGEST_ROWS:
        try:
            return _json.raw_decode(text[at : at + longest])
        except (ValueError, RecursionError):
            continue  # its end is farther away, if it is that
    raise FootfallError(
        gettext(
            "%(file)s: a row in it cannot be read, or is longer than %(most)s MiB",
            file=part,
            most=_LONGEST_ROWS[-1] // 2**20,
        )
    )


def _after_gap(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at
