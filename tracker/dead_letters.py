"""Events that were acknowledged and could not be loaded, kept with the reason: one NDJSON file a day."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from tracker.clock import utc_now


class DeadLetter(msgspec.Struct, omit_defaults=True):
    """One event or footprint. `body` is what the spool held or the row made of it, both already cleaned.

    `origin` (spool file, row, place in it) is the same when a letter is written again after a crash.
    """

    origin: str
    site_id: int
    reason: str
    problem: str
    bytes: int
    body: str | None = None


class DeadLetters:
    """Adds to and reads the dead letters in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, letter: DeadLetter) -> None:
        """Keep a letter."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{utc_now():%Y-%m-%d}.ndjson").open("ab") as file:
            file.write(msgspec.json.encode(letter) + b"\n")

    def expire(self, site_id: int, before: datetime) -> int:
        """Remove a site's letters of days that were over by a time in UTC, without a zone; returns how many."""
        gone = 0
        for path in sorted(self._folder.glob("*.ndjson")):
            if datetime.fromisoformat(path.stem) + timedelta(days=1) > before:
                continue
            lines = path.read_bytes().splitlines(keepends=True)
            kept = [line for line in lines if _site_of(line) not in (site_id, None)]
            gone += sum(_site_of(line) == site_id for line in lines)
            if len(kept) < len(lines):
                _write_anew(path, kept)
        return gone

    def sift(self, keep: Callable[[DeadLetter], bool]) -> int:
        """Write the files anew without the letters that are not to be kept; returns how many went.

        A line that a crash cut short goes with them, for nobody knows whose it is.
        """
        gone = 0
        for path in sorted(self._folder.glob("*.ndjson")):
            lines = path.read_bytes().splitlines(keepends=True)
            read = [(line, _read(line)) for line in lines]
            kept = [line for line, letter in read if letter is not None and keep(letter)]
            if len(kept) == len(lines):
                continue
            gone += sum(letter is not None and not keep(letter) for _, letter in read)
            _write_anew(path, kept)
        return gone

    def __iter__(self) -> Iterator[DeadLetter]:
        """Give every letter once, oldest first; a line that a crash cut short is left out."""
        seen = set()
        for path in sorted(self._folder.glob("*.ndjson")):
            with path.open("rb") as file:
                for line in file:
                    try:
                        letter = msgspec.json.decode(line, type=DeadLetter)
                    except msgspec.DecodeError:
                        continue
                    if letter.origin not in seen:
                        seen.add(letter.origin)
                        yield letter


def _site_of(line: bytes) -> int | None:
    """Return whose a line is; None for one that a crash cut short."""
    letter = _read(line)
    return None if letter is None else letter.site_id


def _read(line: bytes) -> DeadLetter | None:
    try:
        return msgspec.json.decode(line, type=DeadLetter)
    except msgspec.DecodeError:
        return None


def _write_anew(path: Path, lines: list[bytes]) -> None:
    if not lines:
        path.unlink()
        return
    fresh = path.with_suffix(".new")
    fresh.write_bytes(b"".join(lines))
    fresh.replace(path)
